"""One file, written so that under its name is the old content or the new."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

_HALF = ".half-"


def write_plain(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file atomically, keeping the permissions of the file that it replaces.

    Parameters
    ----------
    path : Path
        Its folder is made if it does not exist.
    write : callable
        Writes the file to the path it is given, of the same ending.

    Raises
    ------
    OSError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.txt"
    >>> write_plain(path, lambda half: half.write_text("whole"))
    >>> path.read_text()
    'whole'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{_HALF}{path.name}")
    try:
        write(half)
        with half.open("r+b") as stream:
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
