"""Options that several commands share, and how what they read reaches the library."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
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
model_option = click.option(
    "--model", metavar="MODEL", help="A model's folder, or `default`; without it one is fitted."
)


def tables_of(data: str, quarantine: Path | None, *, quiet: bool) -> "Tables":
    """Tables of a folder or a shipped dataset, with what is worth knowing said on stderr."""
    from ecosystem_graph.tables import read_tables, resolve

    tables = read_tables(resolve(data), quarantine=quarantine)
    if not quiet:
        for note in tables.notes:
            click.echo(f"note: {note}", err=True)
        for table, instead in tables.missing().items():
            click.echo(f"note: no table {table}: {instead}", err=True)
    for table, n in tables.set_aside.items():
        click.echo(f"set aside {n:,} rows of {table} in {quarantine}", err=True)
    return tables


class Progress:
    """A line per stage on stderr, and a bar for the one that takes long; silent if asked to be."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self._bar: Any = None

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say that a stage begins, or that `done` more of its `total` steps are done."""
        if self.quiet:
            return
        if not total:
            click.echo(f"{stage} ...", err=True)
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, file=sys.stderr, label=stage)
        self._bar.update(done)
        if self._bar.finished:
            self._bar.render_finish()
