"""Which columns date an event, and the last date of an event that is credible."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

EVENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "partners": ("joined_on",),
        "deals": ("opened_on", "closed_on"),
        "csat": ("responded_on",),
        "introductions": ("introduced_on", "decided_on"),
    }
)
"""Columns with the date of an event, by table."""

_GAP_DAYS: Final = 731
"""Days after all others from which on a lone date is not credible."""
_FEW: Final = 2
"""Most lone dates; of very many dates, one in `_SHARE`."""
_SHARE: Final = 100
_NEVER_DAYS: Final = 20 * 365
"""Days after all others from which on a single date is not credible, however frequent it is."""
_ENOUGH: Final = 10
"""Fewest dates before others can be judged by them."""


def event_date(column: str) -> pl.Expr:
    """Date of an event; the expected closing date of an open deal is not one."""
    if column == "closed_on":
        return pl.when((pl.col("outcome") != "open").fill_null(True)).then(column)
    return pl.col(column)


def last_credible(frames: Mapping[str, pl.DataFrame]) -> date | None:
    """Last credible date of an event: a gap of over two years follows, and then next to nothing.

    At most two events, or fewer than one in a hundred, may lie beyond such a gap, and at least ten
    before it; a date so far off is a typing error or a placeholder for `unknown`. So is one single
    date twenty years after all others, such as 2099-12-31, unless most events have it.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables by name.

    Returns
    -------
    datetime.date or None
        None if no date lies apart.
    """
    return last_before_gap(
        frames[table].select(event_date(column).alias("day"))["day"]
        for table, columns in EVENTS.items()
        if table in frames
        for column in columns
    )


def last_before_gap(columns: Iterable[pl.Series]) -> date | None:
    """The same for columns of dates.

    Examples
    --------
    >>> days = pl.Series([date(2024, 1, day) for day in range(1, 13)])
    >>> last_before_gap([days, pl.Series([date(2204, 1, 1)])])
    datetime.date(2024, 1, 12)
    >>> last_before_gap([days, pl.Series([date(2025, 12, 1)])])
    """
    days = pl.concat([pl.Series(dtype=pl.Date), *(one.drop_nulls() for one in columns)]).sort()
    beyond = max(_FEW, (len(days) - 1) // _SHARE)
    first = max(_ENOUGH, len(days) - beyond) - 1
    apart = days.diff(null_behavior="ignore").dt.total_days() > _GAP_DAYS
    gaps = apart.arg_true()
    gaps = gaps.filter(gaps > first)
    if len(gaps):
        return _day(days, int(gaps[0]) - 1)
    n_sooner = int((days != days[-1]).sum()) if len(days) else 0
    if n_sooner < max(_ENOUGH, len(days) / 2):
        return None
    last, before = _day(days, -1), _day(days, n_sooner - 1)
    return before if (last - before).days > _NEVER_DAYS else None


def _day(days: pl.Series, place: int) -> date:
    day: date = days[place]
    return day
