"""Files that are whole or not there, and that say themselves whether they are as they were."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

#: Begins the name of a file that is not whole yet.
_HALF = ".half-"

#: Ends the name of the file that holds another's digest.
_DIGEST = ".sha256"


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that under its name there is all of it or nothing, whatever happens.

    Its digest lies beside it, written later: a file with one was whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _digest_file(path).unlink(missing_ok=True)
    number, name = tempfile.mkstemp(prefix=_HALF, dir=path.parent)
    os.close(number)
    half = Path(name)
    try:
        write(half)
        with half.open("r+b") as stream:
            os.fsync(stream.fileno())
        digest = _digest(half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    _digest_file(path).write_text(digest)
    _see_on_disk(path.parent)


def seal(path: Path) -> None:
    """Write the digest of a file that is whole beside it."""
    _digest_file(path).write_text(_digest(path))


def is_sound(path: Path) -> bool:
    """Whether a file is just as it was written."""
    with suppress(OSError, ValueError):
        return _digest(path) == _digest_file(path).read_text()
    return False


def clear_unsound(folder: Path) -> list[Path]:
    """Remove every file in a folder that was not written whole, or was changed since.

    Returns
    -------
    list of Path
        Those that had been whole, in order of their names.
    """
    changed = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.endswith(_DIGEST) or is_sound(path):
            continue
        if _digest_file(path).exists():
            changed.append(path)
        path.unlink()
        _digest_file(path).unlink(missing_ok=True)
    return changed


def _digest_file(path: Path) -> Path:
    return path.with_name(f"{path.name}{_DIGEST}")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _see_on_disk(folder: Path) -> None:
    """See the names in a folder on the disk, where the platform can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
