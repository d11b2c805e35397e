"""The staging folder of a run, beside its target, from which an interrupted run is resumed."""

import json
import logging
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from polars.exceptions import PolarsError

from ecosystem_graph.errors import FinishedError, OutputError
from ecosystem_graph.files.small_files import json_from, read_text
from ecosystem_graph.files.whole_file import clear_unsound, write_whole
from ecosystem_graph.files.whole_folder import (
    check_free,
    disk_error,
    move_into_place,
    resolved_target,
)
from ecosystem_graph.jobs.output import RUN, Output

_LOG = logging.getLogger(__name__)

#: Names of the files in a staging folder: the plan, the new run, and finished files by the plan's
#: digest.
_OURS = re.compile(r"lock|(plan|finished)\.json(\.sha256)?|new|old|\.half-.*|[0-9a-f]{16}")

#: Bytes of a plan, at most; the ids of a million partners take less.
_LONGEST_PLAN = 1_000_000_000


@dataclass(frozen=True, slots=True)
class StagingFolder:
    """The folder a run is made in; its files are complete whenever the run is interrupted.

    Attributes
    ----------
    target : Path
        Final folder of the run.
    root : Path
        A hidden folder beside `target`, with a name derived from it.
    files : Path
        Folder of the finished files; named by the plan, so that a process of an earlier plan that
        still writes does so in another folder.
    """

    target: Path
    root: Path
    files: Path

    @property
    def new(self) -> Path:
        """Folder that becomes the target."""
        return self.root / "new"

    def anything_finished(self) -> bool:
        """Whether there are finished files that a resumed run could use."""
        return any(path.is_file() for path in self.files.rglob("*"))

    def commit(self) -> None:
        """Move the new folder to the target, replacing the folder there."""
        old = self.root / "old"
        shutil.rmtree(old, ignore_errors=True)
        write_whole(self.root / "finished.json", lambda half: half.write_text(_run_id(self.new)))
        move_into_place(self.new, self.target, old)


def root_of(target: Path) -> Path:
    """The staging folder of a run that will be at `target`."""
    return target.parent / f".{target.name}.unfinished"


def check_unfinished(
    target: Path,
    plan: Mapping[str, Any],
    planned: Callable[[Mapping[str, Any], Path], Mapping[str, Any]],
    *,
    overwrite: bool = False,
) -> None:
    """Check that a run to be resumed is not finished; remove the staging folder if it is.

    Parameters
    ----------
    target : Path
        The run's final name.
    plan : mapping
        Plan of the run to be resumed.
    planned : callable
        Returns the plan of a finished run, from its `run.json` and its folder.
    overwrite : bool, default False
        Whether a run by another plan may be replaced.

    Raises
    ------
    FinishedError
        If a run of the same plan is finished under this name.
    OutputError
        If a run of another plan has this name.
    """
    final = resolved_target(target)
    record = RUN.read_mark(final) if final.is_dir() else None
    if record is None:
        return
    try:
        lines = _differences(planned(record, final), plan)
    except (KeyError, TypeError, AttributeError) as error:
        raise OutputError(
            f"{target / RUN.mark} does not hold the plan of the run. Choose another name."
        ) from error
    if lines and overwrite:
        return
    if lines:
        raise OutputError(
            f"{target} is finished, and was made otherwise:\n{lines}\nChoose another name.",
            remedy="overwrite",
        )
    root = root_of(final)
    with suppress(OSError, ValueError, KeyError):
        if (root / "finished.json").read_text() == _run_id(final):
            _check_ours(root)
            shutil.rmtree(root)
    raise FinishedError(f"{target} is finished: nothing to resume.")


@contextmanager
def staging(
    output: Output,
    plan: Mapping[str, Any],
    *,
    shared: Path | None = None,
    inputs: Iterable[Path] = (),
) -> Iterator[StagingFolder]:
    """Staging folder for a run by a plan; removed once the run is committed.

    If the run fails or is stopped, the finished files remain for a run that resumes it. Whether an
    earlier run was found, and whether it is resumed, is logged.

    Parameters
    ----------
    output : Output
        The run's final name, and whether a run there may be replaced or resumed.
    plan : mapping
        Plain values: everything that the bytes of the run depend on.
    shared : Path, optional
        A folder for the finished files, instead of one beside the run.
    inputs : iterable of Path
        Inputs of the run, which must not be overwritten.

    Yields
    ------
    StagingFolder

    Raises
    ------
    OutputError
        If the folder cannot be written, is in use by another run, or holds a run of another plan.
    """
    target, overwrite = output.target, output.overwrite
    check_free(target, RUN, overwrite=overwrite, inputs=inputs)
    final = resolved_target(target)
    root = root_of(final)
    with _as_output_error(target, root), _locked(root):
        check_free(target, RUN, overwrite=overwrite)  # another run may have ended meanwhile
        folder = StagingFolder(final, root, _files(root, shared, plan))
        _settle(folder, plan, output.resume, shared)
        try:
            yield folder
        except BaseException:
            if not folder.anything_finished():
                _clear(folder)
            raise
        _clear(folder)


def _files(root: Path, shared: Path | None, plan: Mapping[str, Any]) -> Path:
    """Folder of the finished files, another one for each plan and target."""
    named = {"plan": plan} if shared is None else {"plan": plan, "root": str(root.absolute())}
    digest = sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:16]
    return root / digest if shared is None else shared.absolute() / f"{root.name}.{digest}"


def _clear(staging_folder: StagingFolder) -> None:
    for folder in (staging_folder.files, staging_folder.root):
        shutil.rmtree(folder, ignore_errors=True)


def _settle(
    folder: StagingFolder, plan: Mapping[str, Any], resume: bool, shared: Path | None
) -> None:
    """Keep the files of an earlier run, or remove them."""
    root, target = folder.root, folder.target
    if (root / "old").exists() and not target.exists():
        (root / "old").rename(target)  # interrupted between the two moves of a commit
    before = _plan_left(root)
    goes_on = before is not None and resume
    if goes_on:
        _check_same(before, plan, target)
    elif before is not None:
        shutil.rmtree(_files(root, shared, before), ignore_errors=True)
    _log_start(root, before, resume)
    _clear_all_but(
        {folder.files.name, "plan.json", "lock"} if goes_on else {"lock"},
        root,
    )
    if not goes_on:
        shutil.rmtree(folder.files, ignore_errors=True)
    folder.files.mkdir(parents=True, exist_ok=True)
    if changed := clear_unsound(folder.files):
        names = ", ".join(str(path.relative_to(folder.files)) for path in changed[:3])
        _LOG.info("made again, because they were damaged: %s (%d in all)", names, len(changed))
    text = json.dumps(plan, indent=2, sort_keys=True) + "\n"
    write_whole(root / "plan.json", lambda half: half.write_text(text))


def _log_start(root: Path, before: Mapping[str, Any] | None, resume: bool) -> None:
    """Log what becomes of an earlier run, if one was left or was to be resumed."""
    if before is not None and resume:
        _LOG.info("going on with the unfinished run in %s", root)
    elif before is not None:
        _LOG.info("starting over: an unfinished run was in %s, which could have been resumed", root)
    elif (root / "plan.json").exists():
        _LOG.info("starting over: the plan of the unfinished run in %s cannot be read", root)
    elif resume:
        _LOG.info("nothing to resume in %s: starting from the beginning", root)


def _clear_all_but(kept: set[str], root: Path) -> None:
    for path in root.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _plan_left(root: Path) -> dict[str, Any] | None:
    """The plan of an unfinished run; None if there is none that can be read."""
    try:
        plan = json_from(read_text(root / "plan.json", limit=_LONGEST_PLAN))
    except (OSError, ValueError):
        return None
    return plan if isinstance(plan, dict) else None


def _check_same(was: Any, plan: Mapping[str, Any], target: Path) -> None:
    """Refuse to resume by another plan, with all differences."""
    lines = _differences(was, plan)
    if lines:
        raise OutputError(
            f"the unfinished run for {target} was begun by another plan and cannot be resumed:\n"
            f"{lines}\nRun it as it was begun, or start over."
        )


def _differences(was: Any, plan: Mapping[str, Any]) -> str:
    """Differences of two plans, one per line."""
    then, now = _flat(was), _flat(json.loads(json.dumps(plan)))
    return "\n".join(
        f"  {name}: was {_short(then.get(name))}, is {_short(now.get(name))}"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    )


def _flat(plan: Any, name: str = "") -> dict[str, str]:
    """Entries of nested mappings as text, by their dotted path."""
    if not isinstance(plan, dict):
        return {name: json.dumps(plan)}
    entries = ((f"{name}.{key}" if name else key, value) for key, value in plan.items())
    return {path: text for key, value in entries for path, text in _flat(value, key).items()}


def _short(text: str | None) -> str:
    if text is None:
        return "absent"
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text):,} characters)"


def _run_id(folder: Path) -> str:
    return str(json.loads((folder / "run.json").read_text())["run_id"])


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Lock the staging folder; the lock ends with the process."""
    _check_ours(root)
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise OutputError(f"another run is at work in {root}. Wait until it ends.") from error
    try:
        if not (root / "lock").exists():
            raise OutputError(f"another run has just ended in {root}. Try again.")
        yield
    finally:
        lock.release()


def _check_ours(root: Path) -> None:
    """Refuse a staging folder with foreign files, which would be removed."""
    if not root.exists():
        return
    names = sorted(path.name for path in root.iterdir()) if root.is_dir() else [root.name]
    foreign = [name for name in names if not _OURS.fullmatch(name)]
    if foreign or (names and not {"lock", "plan.json"} & set(names)):
        raise OutputError(
            f"{root} is the staging folder of the run, and holds files that are not of a run: "
            f"{', '.join((foreign or names)[:3])}. Move it away, or choose another name."
        )


@contextmanager
def _as_output_error(target: Path, root: Path) -> Iterator[None]:
    """Raise errors of writing as OutputError, with how to resume the run."""
    try:
        yield
    except (OSError, PolarsError) as error:
        reason = disk_error(error)
        kept = f" Finished files are kept in {root}: the run can be resumed from there."
        raise OutputError(
            f"cannot write {target}: {reason}.{kept if root.exists() else ''}",
            remedy="resume" if root.exists() else None,
        ) from error
