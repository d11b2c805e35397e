"""Folders that appear whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecosystem_graph.errors import OutputError


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
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"cannot write to {target.parent}: {error.strerror}.") from error
    try:
        yield folder
        folder.chmod(0o777 & ~_umask())
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_free(target: Path, *, overwrite: bool) -> None:
    """Refuse a target that is taken, before any work is done for it.

    Raises
    ------
    OutputError
        If it exists and may not be replaced.
    """
    if target.exists() and not overwrite:
        raise OutputError(f"{target} exists already. Choose another name, or pass --overwrite.")
    if target.is_file():
        raise OutputError(f"{target} is a file; results are written to a folder.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
