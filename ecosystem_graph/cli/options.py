"""Options that several commands share, and what commands do with them."""

import logging
from collections.abc import Callable
from datetime import date
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
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
