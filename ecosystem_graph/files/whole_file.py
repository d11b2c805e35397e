"""Files written completely or not at all, with a checksum beside them to verify later."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

#: Prefix of a file that is being written.
_HALF = ".half-"

#: Suffix of the file that holds the checksum of another.
_DIGEST = ".sha256"


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file atomically: under its name is the complete file or nothing.

    Its checksum is written beside it afterwards: a file that has one was complete.
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
    _sync_folder(path.parent)


def seal(path: Path) -> None:
    """Write the checksum of a complete file beside it."""
    _digest_file(path).write_text(_digest(path))


def is_sound(path: Path) -> bool:
    """Whether a file matches its checksum."""
    with suppress(OSError, ValueError):
        return _digest(path) == _digest_file(path).read_text()
    return False


def clear_unsound(folder: Path) -> list[Path]:
    """Remove every file in a folder that is incomplete or was changed.

    Returns
    -------
    list of Path
        Those that had been complete, in order of their names.
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


def _sync_folder(folder: Path) -> None:
    """Flush the names in a folder to disk, on platforms that can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
