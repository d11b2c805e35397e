"""Compiled code of the package's loops, cached on disk for later processes."""

from pathlib import Path
from typing import Any

from ecosystem_graph.arrays import list_kernels
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.synthetic import synthetic
from ecosystem_graph.tables import read_tables

#: A loop that every list needs; the code of all loops is cached beside its code.
_LOOP: Any = list_kernels._fuse


def code_folder() -> Path | None:
    """Folder of the cached code; None if no folder can be written."""
    path: str | None = _LOOP.stats.cache_path
    return None if path is None else Path(path)


def is_compiled() -> bool:
    """Whether the loops that lists need are compiled, in this process or in the cache."""
    if _LOOP.signatures:
        return True
    folder, code = code_folder(), _LOOP.py_func.__code__
    index = f"*.{code.co_name}-{code.co_firstlineno}.*.nbi"
    return folder is not None and any(folder.glob(index))


def compile_loops() -> None:
    """Compile the loops by making the lists of a tiny synthetic ecosystem."""
    tables = read_tables(synthetic(60, seed=0).tables)
    Recommender.load("default").recommend(EcosystemGraph.from_tables(tables), k=3)
