"""Folders that appear whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecosystem_graph.errors import OutputError

#: One of these lies in every folder this package writes; no other folder is ever replaced.
_MARKS = ("run.json", "manifest.json")


@contextmanager
def published(target: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Folder to write into, moved to its final name when all is written.

    Parameters
    ----------
    target : Path
        The final name.
    overwrite : bool, default False
        Whether a folder of that name may be replaced.

    Yields
    ------
    Path
        A folder beside `target`; it is gone again if writing fails.

    Raises
    ------
    OutputError
        If `target` exists and may not be replaced, or cannot be written.
    """
    check_free(target, overwrite=overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"cannot write to {target.parent}: {error.strerror}.") from error
    folder = workplace / "new"
    try:
        folder.mkdir()
        yield folder
        if target.exists():
            target.rename(workplace / "old")
        folder.rename(target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def check_free(target: Path, *, overwrite: bool) -> None:
    """Refuse a target that is taken or out of reach, before any work is done for it.

    Raises
    ------
    OutputError
        If it exists and may not be replaced, or no folder can be made there.
    """
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; results are written to a folder.")
    if target.exists() and not overwrite:
        raise OutputError(f"{target} exists already. Choose another name, or pass --overwrite.")
    if target.exists() and not _may_be_replaced(target):
        raise OutputError(
            f"{target} holds something else than a run or a model (neither {' nor '.join(_MARKS)} "
            "is in it) and is not replaced. Choose another name."
        )
    above = next(folder for folder in target.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise OutputError(f"cannot write {target}: {above} is no folder that can be written to.")


def _may_be_replaced(folder: Path) -> bool:
    return not any(folder.iterdir()) or any((folder / mark).is_file() for mark in _MARKS)
