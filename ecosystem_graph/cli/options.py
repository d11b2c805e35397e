"""Options that several commands share, and what commands do with them."""

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.files.folder_kind import FolderKind
    from ecosystem_graph.jobs.stages import Stage, Stages
    from ecosystem_graph.tables import Tables

    _DateType = click.ParamType[date]
else:
    _DateType = click.ParamType  # a plain class until click 8.4

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(_DateType):
    """A calendar day written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse the day, or fail with the expected format."""
        from ecosystem_graph.tables.values.dates import as_date

        try:
            return as_date(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Number(click.FloatRange):
    """A number within bounds; nan is refused, since no comparison with it holds."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse the number, or fail with the allowed range."""
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


#: Allowed list lengths, team sizes, numbers of days, and capacities.
LENGTH = click.IntRange(1, 10_000)
SIZE = click.IntRange(1, 1_000)
DAYS = click.IntRange(1, 36_500)
PLACES = click.IntRange(0, 1_000_000_000)

#: The option that puts an error right, by the name of the library's parameter.
REMEDIES = {
    "overwrite": "Use --overwrite to replace it.",
    "as_of": "Use --as-of to choose another date, for example --as-of 2025-06-30.",
    "include_known": "Use --include-known to rank known collaborators too.",
    "model": "Use --model to give the folder of a model.",
    "lead": "Use --partner to name the lead.",
    "resume": "Use the same command with --resume to continue.",
}

data_argument = click.argument("data")
as_of_option = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Use only what was known before this date.  "
    "[default: the date that DATA states, or the day after its last outcome]",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="INTEGER",
    default=0,
    show_default=True,
    help="Random seed.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _silenced(ctx: click.Context, param: click.Parameter, quiet: bool) -> bool:
    logging.getLogger("ecosystem_graph").setLevel(logging.ERROR if quiet else logging.INFO)
    return quiet


quiet_option = click.option(
    "--quiet", is_flag=True, callback=_silenced, help="Print no notes and no progress."
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Write all results to this folder; it must not exist.",
)
overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace the output folder if it exists."
)
quarantine_option = click.option(
    "--quarantine",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Set bad rows aside in DIR, with the reasons, and continue without them.",
)
rest_days_option = click.option(
    "--rest-days",
    type=click.IntRange(0, 36_500),
    metavar="N",
    default=365,
    show_default=True,
    help="Days before a pair is proposed again after an introduction was declined or lost.",
)
stale_days_option = click.option(
    "--stale-days",
    type=click.IntRange(0, 36_500),
    metavar="N",
    default=90,
    show_default=True,
    help="Days for which an open introduction counts towards the capacity of both partners.",
)
model_option = click.option(
    "--model",
    metavar="MODEL",
    help="Rank with the model of this folder, or with `default`, the shipped one; without this "
    "option a model is fitted on DATA.",
)
ignored_roles_option = click.option(
    "--ignore-role",
    "ignored_roles",
    multiple=True,
    metavar="ROLE",
    help="Role on deals that does not count as collaboration, such as distribution; may be "
    "repeated.",
)


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
