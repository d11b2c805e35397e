"""What commands share while they run: reading tables, checking outputs, progress, remedies."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.files.folder_kind import FolderKind
    from ecosystem_graph.jobs.stages import Stage, Stages
    from ecosystem_graph.tables import Tables

#: The option that puts an error right, by the name of the library's parameter.
REMEDIES = {
    "overwrite": "Use --overwrite to replace it.",
    "as_of": "Use --as-of to choose another date, for example --as-of 2025-06-30.",
    "include_known": "Use --include-known to rank known collaborators too.",
    "model": "Use --model to give the folder of a model.",
    "lead": "Use --partner to name the lead.",
    "resume": "Use the same command with --resume to continue.",
}


def check_outputs(
    output: Path | None,
    kind: "FolderKind | None",
    inputs: Sequence[str | Path | None],
    quarantine: Path | None,
    *,
    overwrite: bool = False,
) -> None:
    """Refuse output folders that exist, or that overlap with the inputs."""
    from ecosystem_graph.files.whole_folder import check_apart, check_free
    from ecosystem_graph.tables import resolve

    data, *others = inputs
    read = [resolve(data)] if data is not None else []
    read += [Path(other) for other in others if other is not None and Path(other).exists()]
    if output is not None and kind is not None:
        check_free(output, kind, overwrite=overwrite, inputs=read)
    if quarantine is not None:
        check_apart(quarantine, [*read, *([] if output is None else [output])])


def tables_of(
    data: str,
    quarantine: Path | None,
    *,
    quiet: bool,
    ignored_roles: Sequence[str] = (),
    at: "Stages | None" = None,
) -> "Tables":
    """Tables of a folder or a shipped dataset; prints the notes about them to stderr.

    Reading is timed as a stage of `at`, if that is given.
    """
    from ecosystem_graph.tables import read_tables, resolve
    from ecosystem_graph.tables.messages.wording import counted

    if at is not None:
        at("reading the tables")
    tables = read_tables(resolve(data), quarantine=quarantine, ignored_roles=ignored_roles)
    if at is not None:
        at.rows = sum(frame.height for frame in tables.values())
        at.end()
    if not quiet:
        for note in tables.notes:
            say(f"note: {note}", err=True)
        for table, instead in tables.missing().items():
            say(f"note: no table {table}: {instead}", err=True)
    for table, n in tables.set_aside.items():
        say(f"set aside {counted(n, 'row')} of {table} in {quarantine}", err=True)
    return tables


def stages(*, quiet: bool = False) -> "Stages":
    """Timings of a command's stages, printed to stderr: a line for each, bars for long ones."""
    from ecosystem_graph.jobs.stages import Stages

    return Stages() if quiet else Stages(_Bars(), _print_stage)


def _print_stage(stage: "Stage") -> None:
    from ecosystem_graph.tables.messages.wording import counted

    rows = "" if stage.rows is None else f", {counted(stage.rows, 'row')}"
    megabytes = stage.peak_memory_bytes / 1e6
    say(f"{stage.name}: {stage.seconds:.1f} s, {megabytes:,.0f} MB at peak{rows}", err=True)


class _Bars:
    """On a terminal, the current stage: its name, or a bar where its steps can be counted."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Show that a stage begins, or that `done` of its `total` steps are done."""
        if not sys.stderr.isatty():
            return
        if not total:
            click.echo(f"{stage} ...\r", err=True, nl=False)
            return
        if stage != self._stage:
            self._stage = stage
            self._bar = click.progressbar(length=total, file=sys.stderr, label=stage)
        self._bar.update(done - self._bar.pos)
        if self._bar.finished:
            self._bar.render_finish()
