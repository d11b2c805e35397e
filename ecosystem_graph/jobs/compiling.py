"""Machine code for the package's loops: made once, and kept where the next process finds it."""

from pathlib import Path
from typing import Any

from ecosystem_graph.arrays import list_kernels
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.synthetic import synthetic
from ecosystem_graph.tables import read_tables

#: A loop that every list needs: where its machine code is kept, that of the others is.
_LOOP: Any = list_kernels._fuse


def place() -> Path | None:
    """Folder that machine code is kept in; None where no folder can be written."""
    kept: str | None = _LOOP.stats.cache_path
    return None if kept is None else Path(kept)


def is_compiled() -> bool:
    """Whether the loops that lists need were compiled, by this process or one before it."""
    if _LOOP.signatures:
        return True
    folder, code = place(), _LOOP.py_func.__code__
    index = f"*.{code.co_name}-{code.co_firstlineno}.*.nbi"
    return folder is not None and any(folder.glob(index))


def compile_loops() -> None:
    """Compile them by making the lists of a tiny invented ecosystem."""
    tables = read_tables(synthetic(60, seed=0).tables)
    Recommender.load("default").recommend(EcosystemGraph.from_tables(tables), k=3)
