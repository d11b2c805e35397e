"""Folders written completely or not at all, which never replace anything else."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from polars.exceptions import PolarsError

from ecosystem_graph.errors import OutputError
from ecosystem_graph.files.folder_kind import FolderKind

#: Longest name in bytes that file systems allow, less the suffix of its staging folder.
_LONGEST = 255 - len("..unfinished")


@contextmanager
def staged_folder(
    target: Path, kind: FolderKind, *, overwrite: bool = False, inputs: Iterable[Path] = ()
) -> Iterator[Path]:
    """Staging folder to write into, which gets its final name once all is written.

    Parameters
    ----------
    target : Path
        The final name.
    kind : FolderKind
        Kind of the folder; only a folder of this kind is ever replaced.
    overwrite : bool, default False
        Whether an existing folder may be replaced.
    inputs : iterable of Path
        Files and folders it is made from, which are never replaced.

    Yields
    ------
    Path
        A folder beside `target`, deleted again if writing fails.

    Raises
    ------
    OutputError
        If `target` exists and may not be replaced, or cannot be written.
    """
    check_free(target, kind, overwrite=overwrite, inputs=inputs)
    final = resolved_target(target)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=final.parent))
    except OSError as error:
        raise OutputError(f"cannot write to {target.parent}: {error.strerror}.") from error
    folder, old = staging / "new", staging / "old"
    try:
        folder.mkdir()
        yield folder
        move_into_place(folder, final, old)
    except (OSError, PolarsError) as error:
        raise OutputError(f"cannot write {target}: {disk_error(error)}.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def disk_error(error: OSError | PolarsError) -> str:
    """Message of the operating system; other errors of polars are raised again."""
    if isinstance(error, PolarsError) and "(os error" not in str(error):
        raise error
    message = getattr(error, "strerror", None) or str(error)
    return str(message).removesuffix(".")


def move_into_place(folder: Path, target: Path, old: Path) -> None:
    """Give a folder its final name; a folder of that name moves to `old`, and back on failure."""
    if target.exists():
        target.rename(old)
    try:
        folder.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def resolved_target(target: Path) -> Path:
    """Path that is written to: the one a symbolic link points to, if the target is a link.

    Raises
    ------
    OutputError
        If the name is not possible.
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
    """Refuse a target that exists or cannot be written, before any work is done.

    Parameters
    ----------
    target : Path
    kind : FolderKind
        Kind of the folder to be written.
    overwrite : bool
        Whether a folder of that kind may be replaced.
    inputs : iterable of Path
        Files and folders it is made from; missing ones are ignored.

    Raises
    ------
    OutputError
        If it exists and may not be replaced, if it is, contains or lies in one of the inputs, or
        if no folder can be made there.
    """
    final = resolved_target(target)
    check_apart(target, [path for path in inputs if os.path.lexists(path)])
    if final.exists():
        _check_replaceable(target, final, kind, overwrite=overwrite)
    above = next(folder for folder in final.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise OutputError(f"cannot write {target}: {above} is no folder that can be written to.")


def _check_replaceable(target: Path, final: Path, kind: FolderKind, *, overwrite: bool) -> None:
    if not final.is_dir():
        raise OutputError(f"{target} is a file; results are written to a folder.")
    if final.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise OutputError(
            f"{target} is the folder this runs in, or holds it, and is not replaced. Choose "
            "another name."
        )
    if not overwrite:
        raise OutputError(f"{target} exists already. Choose another name.", remedy="overwrite")
    reason = kind.mismatch(final) if any(final.iterdir()) else None
    if reason is not None:
        raise OutputError(f"{target} {reason}. It is not replaced: choose another name.")


def check_apart(target: Path, others: Iterable[Path]) -> None:
    """Refuse a target that is, contains or lies in one of some other paths.

    Raises
    ------
    OutputError
        If it does.
    """
    ours = _identities(target)
    for other in others:
        theirs = _identities(other)
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


def _identities(path: Path) -> list[object]:
    """Identities of a path and of each folder above it, however they are written."""
    try:
        whole = path.resolve()
        return [_identity(step) for step in (whole, *whole.parents)]
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(f"{str(path)!r} cannot be the name of a folder: {error}.") from error


def _identity(path: Path) -> object:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path
    return status.st_dev, status.st_ino


def folder_name(path: str) -> str:
    """Name of a folder without the path to it; any other text unchanged.

    Examples
    --------
    >>> folder_name("/"), folder_name("the mapping of tables")
    ('/', 'the mapping of tables')
    """
    return (Path(path).resolve().name or path) if Path(path).is_dir() else path
