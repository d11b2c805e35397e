"""Options that several commands share, and how what they read reaches the library."""

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
        """Read the day, or say how one is written."""
        from ecosystem_graph.tables.time import as_date

        try:
            return as_date(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Number(click.FloatRange):
    """A number within bounds; nan, which is in no order with them, is none."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the number, or say what it may be."""
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


#: Length of a list, partners in a team, days, and places a partner may have.
LENGTH = click.IntRange(1, 10_000)
SIZE = click.IntRange(1, 1_000)
DAYS = click.IntRange(1, 36_500)
PLACES = click.IntRange(0, 1_000_000_000)

#: What to say on the command line of the parameter that would put an error right.
REMEDIES = {
    "overwrite": "Or have it replaced with --overwrite.",
    "as_of": "A day is chosen with --as-of, such as --as-of 2025-06-30.",
    "include_known": "Known collaborators are ranked with --include-known.",
    "model": "A model is given with --model, by its folder.",
    "lead": "The one who looks for others is named with --partner.",
    "resume": "The same command with --resume goes on from there.",
}

data_argument = click.argument("data")
as_of_option = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Morning of the day to see the ecosystem from; later events do not exist yet.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="INTEGER",
    default=0,
    show_default=True,
    help="Of all draws.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
quiet_option = click.option("--quiet", is_flag=True, help="No notes and no progress.")
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Folder to write the run to; it must not exist.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what is there.")
quarantine_option = click.option(
    "--quarantine",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Set bad rows aside in DIR, with reasons, instead of stopping.",
)
rest_days_option = click.option(
    "--rest-days",
    type=click.IntRange(0, 36_500),
    metavar="N",
    default=365,
    show_default=True,
    help="Days for which two that declined an introduction, or lost, are left alone.",
)
stale_days_option = click.option(
    "--stale-days",
    type=click.IntRange(0, 36_500),
    metavar="N",
    default=90,
    show_default=True,
    help="Days for which an introduction under way takes a place of both sides.",
)
#: What a list may be asked with, in the order of the help.
_LIST_OPTIONS = (
    click.option("--territory", multiple=True, help="Propose only collaborators there; repeat."),
    click.option("--type", "kind", multiple=True, help="Propose only this type; repeat."),
    click.option("--include-known", is_flag=True, help="Propose past collaborators as well."),
    click.option(
        "--max-competition",
        type=Number(0, 1),
        metavar="X",
        help="Propose nobody whose competition with the partner is more than this, 0 to 1.",
    ),
    click.option("--reciprocal", is_flag=True, help="Rank by what both sides gain as well."),
    click.option(
        "--diverse", is_flag=True, help="Thin out those just like a better one in the list."
    ),
    click.option(
        "--capacity",
        type=PLACES,
        metavar="N",
        help="Lists a partner may stand in whose intro_capacity is not in the tables.  "
        "[default: the median of those in the tables]",
    ),
    click.option(
        "--exposure-price",
        type=Number(0, 10),
        metavar="X",
        default=0.0,
        help="Log-odds off for each e-fold of the lists a partner is expected in, 0 to 10.",
    ),
    rest_days_option,
    stale_days_option,
)


def list_options(command: Command) -> Command:
    """Give a command all that a list may be asked with."""
    for option in reversed(_LIST_OPTIONS):
        command = option(command)
    return command


model_option = click.option(
    "--model", metavar="MODEL", help="A model's folder, or `default`; without it one is fitted."
)
ignored_roles_option = click.option(
    "--ignore-role",
    "ignored_roles",
    multiple=True,
    metavar="ROLE",
    help="A role on deals that is no collaboration, such as distribution; repeat for more.",
)


def check_outputs(
    output: Path | None,
    kind: "FolderKind | None",
    inputs: Sequence[str | Path | None],
    quarantine: Path | None,
    *,
    overwrite: bool = False,
) -> None:
    """Refuse folders to write to that are taken, or are, hold or lie in what is read."""
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
    """Tables of a folder or a shipped dataset, with what is worth knowing said on stderr.

    Reading them is a stage of what they are read for, if that is given.
    """
    from ecosystem_graph.tables import read_tables, resolve

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
        say(f"set aside {n:,} rows of {table} in {quarantine}", err=True)
    return tables


def stages(*, quiet: bool = False) -> "Stages":
    """Account of a command's stages, said on stderr: a line for each, and bars for long ones."""
    from ecosystem_graph.jobs.stages import Stages

    return Stages() if quiet else Stages(_Bars(), _said)


def _said(stage: "Stage") -> None:
    rows = "" if stage.rows is None else f", {stage.rows:,} rows"
    megabytes = stage.peak_memory_bytes / 1e6
    say(f"{stage.name}: {stage.seconds:.1f} s, {megabytes:,.0f} MB at peak{rows}", err=True)


class _Bars:
    """On a terminal, what goes on now: its name, or a bar where its steps can be counted."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say that a stage begins, or that `done` of its `total` steps are done."""
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
