"""Where a run is made, beside the folder it will be, so that one that dies can go on."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from polars.exceptions import PolarsError

from ecosystem_graph.errors import OutputError
from ecosystem_graph.recommending.publishing import check_free

#: Begins the name of a file that is not whole yet.
_HALF = ".half-"


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folder a run is made in: what is in it is whole, whenever the run dies.

    Attributes
    ----------
    target : Path
        Where the run will be.
    root : Path
        The workplace, a hidden folder beside `target` whose name follows from it.
    files : Path
        What is finished so far; named by the plan, so that what an earlier plan's process still
        writes ends up elsewhere.
    """

    target: Path
    root: Path
    files: Path

    @property
    def new(self) -> Path:
        """What will be the run's folder."""
        return self.root / "new"

    def anything_finished(self) -> bool:
        """Whether there is anything a resumed run would be spared."""
        return any(path.is_file() for path in self.files.rglob("*"))

    def publish(self) -> None:
        """Give the folder made its final name, in place of what was there."""
        old = self.root / "old"
        shutil.rmtree(old, ignore_errors=True)
        write_whole(self.root / "finished.json", lambda half: half.write_text(_run_id(self.new)))
        if self.target.exists():
            self.target.rename(old)
        self.new.rename(self.target)


def root_of(target: Path) -> Path:
    """The workplace of a run that will be at `target`."""
    return target.parent / f".{target.name}.unfinished"


def finished_already(target: Path) -> bool:
    """Whether a run got its final name and died before its workplace was gone, which it is now."""
    with suppress(OSError, ValueError, KeyError):
        if (root_of(target) / "finished.json").read_text() == _run_id(target):
            shutil.rmtree(root_of(target))
            return True
    return False


@contextmanager
def workplace(
    target: Path,
    plan: Mapping[str, Any],
    *,
    overwrite: bool = False,
    resume: bool = False,
    shared: Path | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> Iterator[Workplace]:
    """Place to make a run in, by a plan; gone once it is published.

    If the run fails or is stopped, what is finished stays for a run that resumes it.

    Parameters
    ----------
    target : Path
        The run's final name.
    plan : mapping
        Plain values: all that the run's bytes depend on.
    overwrite : bool, default False
        Whether a run of that name may be replaced.
    resume : bool, default False
        Whether to go on with what an earlier run by the same plan left.
    shared : Path, optional
        A folder to keep what is finished in, instead of beside the run.
    tell : callable, optional
        Told in words whether there was anything, and what became of it.

    Yields
    ------
    Workplace

    Raises
    ------
    OutputError
        If it cannot be written, another run is at it, or what is there is by another plan.
    """
    check_free(target, overwrite=overwrite)
    root = root_of(target)
    with _said_as_ours(target, root), _locked(root):
        check_free(target, overwrite=overwrite)  # another run may have ended meanwhile
        place = Workplace(target, root, _files(root, shared, plan))
        _settle(place, plan, resume, shared, tell)
        try:
            yield place
        except BaseException:
            if not place.anything_finished():
                _clear(place)
            raise
        _clear(place)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that under its name there is all of it or nothing, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=_HALF, dir=path.parent)
    half = Path(name)
    try:
        write(half)
        os.fsync(number)
        half.replace(path)
    finally:
        os.close(number)
        half.unlink(missing_ok=True)
    with _opened(path.parent) as folder:
        os.fsync(folder)


def _files(root: Path, shared: Path | None, plan: Mapping[str, Any]) -> Path:
    """Where what is finished by a plan is kept: elsewhere for each plan, and for each target."""
    named = {"plan": plan} if shared is None else {"plan": plan, "root": str(root.absolute())}
    digest = sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:16]
    return root / digest if shared is None else shared.absolute() / f"{root.name}.{digest}"


def _clear(place: Workplace) -> None:
    for folder in (place.files, place.root):
        shutil.rmtree(folder, ignore_errors=True)


def _settle(
    place: Workplace,
    plan: Mapping[str, Any],
    resume: bool,
    shared: Path | None,
    tell: Callable[[str], object],
) -> None:
    """Keep what an earlier run left, or clear it away."""
    root, target = place.root, place.target
    if (root / "old").exists() and not target.exists():
        (root / "old").rename(target)  # it died between taking the old away and putting the new
    there = (root / "plan.json").exists()
    if there and resume:
        _check_same(json.loads((root / "plan.json").read_text()), plan, target)
        tell(f"going on with the unfinished run in {root}")
    elif there:
        before = json.loads((root / "plan.json").read_text())
        shutil.rmtree(_files(root, shared, before), ignore_errors=True)
        tell(f"starting over: an unfinished run was in {root}; --resume would have gone on with it")
    elif resume:
        tell(f"nothing to resume in {root}: starting from the beginning")
    kept = {place.files.name, "plan.json", "lock"} if there and resume else {"lock"}
    for path in root.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for half in place.files.rglob(f"{_HALF}*"):
        half.unlink()
    text = json.dumps(plan, indent=2, sort_keys=True) + "\n"
    write_whole(root / "plan.json", lambda half: half.write_text(text))
    place.files.mkdir(parents=True, exist_ok=True)


def _check_same(was: Any, plan: Mapping[str, Any], target: Path) -> None:
    """Refuse to go on by another plan, naming everything that differs."""
    then, now = _flat(was), _flat(json.loads(json.dumps(plan)))
    lines = [
        f"  {name}: was {_short(then.get(name))}, is {_short(now.get(name))}"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    ]
    if lines:
        raise OutputError(
            f"the unfinished run for {target} was begun otherwise and cannot be resumed:\n"
            + "\n".join(lines)
            + "\nRun it as it was begun, or start over without --resume."
        )


def _flat(plan: Any, name: str = "") -> dict[str, str]:
    """The entries of nested mappings as text, by the way to each."""
    if not isinstance(plan, dict):
        return {name: json.dumps(plan)}
    entries = ((f"{name}.{key}" if name else key, value) for key, value in plan.items())
    return {way: text for key, value in entries for way, text in _flat(value, key).items()}


def _short(text: str | None) -> str:
    if text is None:
        return "not there"
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text):,} characters)"


def _run_id(folder: Path) -> str:
    return str(json.loads((folder / "run.json").read_text())["run_id"])


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the workplace; the lock goes with the process, however it ends."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(f"another run is at work in {root}. Wait until it ends.") from error
        if not os.path.samestat(os.fstat(lock.fileno()), (root / "lock").stat()):
            raise OutputError(f"another run has just ended in {root}. Try again.")
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    number = os.open(folder, os.O_RDONLY)
    try:
        yield number
    finally:
        os.close(number)


@contextmanager
def _said_as_ours(target: Path, root: Path) -> Iterator[None]:
    """Say what keeps a run from being written, and how it can go on."""
    try:
        yield
    except (OSError, PolarsError) as error:
        if isinstance(error, PolarsError) and "(os error" not in str(error):
            raise
        said = getattr(error, "strerror", None) or str(error)
        kept = f" What is finished is kept in {root}: --resume goes on from there."
        raise OutputError(
            f"cannot write {target}: {said.removesuffix('.')}.{kept if root.exists() else ''}"
        ) from error
