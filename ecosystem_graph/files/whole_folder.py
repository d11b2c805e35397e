"""Folders that appear whole or not at all, and take nobody else's place."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from polars.exceptions import PolarsError

from ecosystem_graph.errors import OutputError
from ecosystem_graph.files.folder_kind import FolderKind

#: Bytes of a name that file systems take, less those that a workplace adds to it.
_LONGEST = 255 - len("..unfinished")


@contextmanager
def published(
    target: Path, kind: FolderKind, *, overwrite: bool = False, inputs: Iterable[Path] = ()
) -> Iterator[Path]:
    """Folder to write into, moved to its final name when all is written.

    Parameters
    ----------
    target : Path
        The final name.
    kind : FolderKind
        What is written; nothing but a folder of this kind is ever replaced.
    overwrite : bool, default False
        Whether a folder of that name may be replaced.
    inputs : iterable of Path
        What it is made from, which stays as it is.

    Yields
    ------
    Path
        A folder beside `target`; it is gone again if writing fails.

    Raises
    ------
    OutputError
        If `target` exists and may not be replaced, or cannot be written.
    """
    check_free(target, kind, overwrite=overwrite, inputs=inputs)
    final = where(target)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=final.parent))
    except OSError as error:
        raise OutputError(f"cannot write to {target.parent}: {error.strerror}.") from error
    folder, old = workplace / "new", workplace / "old"
    try:
        folder.mkdir()
        yield folder
        put_in_place(folder, final, old)
    except (OSError, PolarsError) as error:
        raise OutputError(f"cannot write {target}: {disk_says(error)}.") from error
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def disk_says(error: OSError | PolarsError) -> str:
    """What the disk says; an error of polars that is about something else is raised again."""
    if isinstance(error, PolarsError) and "(os error" not in str(error):
        raise error
    said = getattr(error, "strerror", None) or str(error)
    return str(said).removesuffix(".")


def put_in_place(folder: Path, target: Path, old: Path) -> None:
    """Give a folder its final name; what had that name goes to `old`, and comes back on failure."""
    if target.exists():
        target.rename(old)
    try:
        folder.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def where(target: Path) -> Path:
    """Where something is written: what a symbolic link points to, if the target is one.

    Raises
    ------
    OutputError
        If nothing can have that name.
    """
    try:
        str(target).encode()
        if len(os.fsencode(target.name)) > _LONGEST:
            raise OutputError(
                f"{target.name[:20]}... is too long a name: {_LONGEST} bytes are allowed."
            )
        return target.resolve() if target.is_symlink() else target
    except UnicodeEncodeError as error:
        raise OutputError(f"{str(target)!r} is not a name in UTF-8. Choose another.") from error
    except (OSError, ValueError, RuntimeError) as error:  # too long a way, a null byte, a circle
        raise OutputError(f"{str(target)!r} cannot be the name of a folder: {error}.") from error


def check_free(
    target: Path, kind: FolderKind, *, overwrite: bool, inputs: Iterable[Path] = ()
) -> None:
    """Refuse a target that is taken or out of reach, before any work is done for it.

    Parameters
    ----------
    target : Path
    kind : FolderKind
        What is to be written there.
    overwrite : bool
        Whether a folder of that kind may be replaced.
    inputs : iterable of Path
        What it is made from; those that do not exist do not matter.

    Raises
    ------
    OutputError
        If it exists and may not be replaced, is, holds or lies in something it is made from, or
        no folder can be made there.
    """
    final = where(target)
    check_apart(target, [path for path in inputs if os.path.lexists(path)])
    if final.exists() and not final.is_dir():
        raise OutputError(f"{target} is a file; results are written to a folder.")
    if final.exists():
        if final.resolve() in (Path.cwd(), *Path.cwd().parents):
            raise OutputError(
                f"{target} is the folder this runs in, or holds it, and is not replaced. Choose "
                "another name."
            )
        if not overwrite:
            raise OutputError(f"{target} exists already. Choose another name.", remedy="overwrite")
        reason = kind.why_not(final) if any(final.iterdir()) else None
        if reason is not None:
            raise OutputError(f"{target} {reason}. It is not replaced: choose another name.")
    above = next(folder for folder in final.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise OutputError(f"cannot write {target}: {above} is no folder that can be written to.")


def check_apart(target: Path, others: Iterable[Path]) -> None:
    """Refuse a target that is, holds or lies in something else, however the two are written.

    Raises
    ------
    OutputError
        If it does.
    """
    ours = _way_up(target)
    for other in others:
        theirs = _way_up(other)
        if ours[0] in theirs:
            how = "is" if ours[0] == theirs[0] else "holds"
        elif theirs[0] in ours:
            how = "lies in"
        else:
            continue
        what = "" if str(target) == str(other) else f" {how} {other}"
        kept = "" if how == "lies in" else f"{' and' if what else ''} is not replaced"
        raise OutputError(
            f"{target}{what}{kept}: what is written goes to a place of its own. Choose another "
            "name."
        )


def _way_up(path: Path) -> list[object]:
    """What tells a place, and each folder above it, from every other, however they are named."""
    try:
        whole = path.resolve()
        return [_identity(step) for step in (whole, *whole.parents)]
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(f"{str(path)!r} cannot be the name of a folder: {error}.") from error


def _identity(path: Path) -> object:
    try:
        there = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path
    return there.st_dev, there.st_ino


def folder_name(path: str) -> str:
    """Name of a folder wherever it lies; anything else as it is.

    Examples
    --------
    >>> folder_name("/"), folder_name("the mapping of tables")
    ('/', 'the mapping of tables')
    """
    return (Path(path).resolve().name or path) if Path(path).is_dir() else path
