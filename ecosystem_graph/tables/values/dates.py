"""Dates in every unambiguous form, and why others would be a guess."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from ecosystem_graph.tables.schema.vocabulary import EARLIEST, LATEST
from ecosystem_graph.tables.values.text import MISSING_WORD

FIRST: Final = date.min
LAST: Final = date.max
"""First and last date of Python."""

_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_CLOCK: Final = r"(?:[01]?\d|2[0-4])(?::?[0-5]\d(?::?[0-6]\d(?:[.,]\d+)?)?)?"
_ZONE: Final = r"(?: ?[ap]\.?m\.?)? ?(?:[a-z]{1,5}|[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?(?:\[.+\])?"
_STAMP: Final = (
    r"(?i)^(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}"
    r"|(?:00|18|19|20|21|99)\d{6}|\d{1,2}[ -][a-z]{3,9}[ -]\d{4}|[a-z]{3,9} \d{1,2}, ?\d{4})"
    rf"(?:(?:t| +)({_CLOCK}){_ZONE})?$"
)
CENTURIES: Final = 10_000_000
"""Days from 1970 beyond which all dates are treated alike."""

_PLACEHOLDERS: Final = tuple(
    date.fromisoformat(day)
    for day in (
        "0001-01-01",
        "1753-01-01",
        "1899-12-30",
        "1899-12-31",
        "1900-01-01",
        "1900-01-02",
        "1901-01-01",
        "1904-01-01",
        "1970-01-01",
    )
)
"""Dates that systems write for a missing date."""


def as_date(value: str | date) -> date:
    """Calendar day from ISO text or a date.

    Raises
    ------
    ValueError
        If it is not a date written YYYY-MM-DD, or before 1970 or after 2200.

    Examples
    --------
    >>> as_date("2025-01-31")
    datetime.date(2025, 1, 31)
    """
    day = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str) and len(value) == 10:
        with suppress(ValueError):
            day = date.fromisoformat(value)
    if day is None:
        raise ValueError(
            f"a date must be written YYYY-MM-DD, such as 2025-01-31. Got {value!r:.80}."
        )
    # A date that was computed may lie before all events: then there is no history.
    if day > LATEST or (isinstance(value, str) and day < EARLIEST):
        raise ValueError(f"a date must be between {EARLIEST} and {LATEST}. Got {day}.")
    return day


def parsed_dates(text: pl.Series) -> tuple[pl.Series, int]:
    """Dates of text, null where one would be a guess, and how many had a time of day cut off.

    A time of day is dropped and the date kept as written, in the time zone of the text.

    Examples
    --------
    >>> stamps = pl.Series(["2024-01-31", "2024-01-31T23:30:00-05:00", "20240131", "31/01/2024"])
    >>> days, cut = parsed_dates(stamps)
    >>> days.to_list(), cut
    ([datetime.date(2024, 1, 31), datetime.date(2024, 1, 31), datetime.date(2024, 1, 31), None], 1)
    """
    plain = text.str.contains(_DAY).fill_null(True)
    days = text.set(~plain, None).str.to_date("%Y-%m-%d", strict=False)
    if plain.all():
        return days, 0
    others = (~plain).arg_true()
    parts = text.gather(others).str.extract_groups(_STAMP).struct.unnest()
    day, clock = parts.get_columns()
    iso = day.str.replace_all(r"[/.]", "-").str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3")
    read = iso.str.to_date("%Y-%m-%d", strict=False)
    if day.str.contains("[A-Za-z]").any():  # English names of months
        ordered = day.str.replace(r"^([A-Za-z]+) (\d+), ?(\d+)$", "$2 $1 $3")
        named = ordered.str.replace_all("-", " ").str.to_date("%d %B %Y", strict=False)
        read = read.zip_with(read.is_not_null(), named)
    timed = clock.str.contains("[1-9]") & read.is_not_null()
    return days.clone().scatter(others, read), int(timed.sum())


def dates_of_timestamps(moments: pl.Series) -> tuple[pl.Series, int]:
    """Dates of timestamps in their own time zone, and how many had a time of day cut off.

    A timestamp outside the calendar becomes a date just as far away.
    """
    dtype = moments.dtype
    assert isinstance(dtype, pl.Datetime)
    per_day = 86_400 * {"ms": 10**3, "us": 10**6, "ns": 10**9}[dtype.time_unit]
    ticks = moments.to_physical()
    far = (ticks // per_day).is_between(-CENTURIES, CENTURIES).not_()
    if far.any():
        ticks_far = (ticks // per_day).clip(-CENTURIES, CENTURIES)
        moments = moments.set(far, None)
    local = moments.dt.replace_time_zone(None)
    days = local.dt.date()
    timed = int((local != local.dt.truncate("1d")).sum())
    if far.any():
        days = days.zip_with(~far.fill_null(False), ticks_far.cast(pl.Int32).cast(pl.Date))
    return days, timed


def unrepresentable(days: pl.Series) -> pl.Series:
    """Where a date is outside the range of Python's dates."""
    return ~days.is_between(FIRST, LAST)


def is_placeholder(days: pl.Series) -> pl.Series:
    """Where a date is one that systems write for a missing date, such as 1900-01-01."""
    return days.is_in(list(_PLACEHOLDERS))


def open_ended(days: pl.Series, end: str, earliest: date, latest: date) -> pl.Series:
    """Where an end of a validity range is a placeholder, such as 1900-01-01 or 9999-12-31.

    Parameters
    ----------
    days : Series of Date
    end : str
        `first` or `last` day of the range.
    earliest, latest : date
        Range of the dates that can be meant.

    Examples
    --------
    >>> days = pl.Series([date(1900, 1, 1), date(9999, 12, 31), date(2024, 1, 1)])
    >>> open_ended(days, "first", date(1970, 1, 1), date(2200, 12, 31)).to_list()
    [True, False, False]
    >>> open_ended(days, "last", date(1970, 1, 1), date(2200, 12, 31)).to_list()
    [True, True, False]
    """
    if end == "first":
        return days < earliest
    return (days > latest) | is_placeholder(days) | (days < FIRST)


def why_not_a_date(value: str) -> tuple[str, str]:
    """Kind of the problem of text that is not a date, and its message.

    Examples
    --------
    >>> why_not_a_date("44571")[1]
    'is not a date but the day number of a spreadsheet (2022-01-10): write YYYY-MM-DD.'
    """
    if re.fullmatch(r"[2-7]\d{4}(?:\.\d+)?", value):
        day = date(1899, 12, 30) + timedelta(days=int(float(value)))
        return "spreadsheet day number", (
            f"is not a date but the day number of a spreadsheet ({day}): write YYYY-MM-DD."
        )
    if unix_day := _unix_day(value):
        return "Unix time", f"is not a date but a Unix time ({unix_day}): write YYYY-MM-DD."
    if re.match(r"\d{1,2}([/.-])\d{1,2}\1\d{4}\b", value):
        return "day or month first", (
            "is an ambiguous date: whether the day or the month comes first would be a guess. "
            "Write YYYY-MM-DD."
        )
    if re.match(r"\d{1,2}([/.-])\w{1,9}\1\d{2}\b", value):
        return "two-digit year", (
            "is an ambiguous date: the century of a two-digit year would be a guess. Write "
            "YYYY-MM-DD."
        )
    if re.match(r"0000-?00-?00\b", value):
        return MISSING_WORD, "is not a date. Write nothing for a missing value."
    return "not a date", "is not a date: write YYYY-MM-DD, such as 2024-03-31."


def _unix_day(value: str) -> str:
    """Unit and date of a Unix time, as text; empty for other text."""
    if not re.fullmatch(r"\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19}", value):
        return ""
    seconds = int(value) / 10 ** (3 * ((len(value) - 9) // 3))
    day = datetime.fromtimestamp(seconds, UTC).date()
    unit = {0: "seconds", 1: "milliseconds", 2: "microseconds", 3: "nanoseconds"}
    return f"{unit[(len(value) - 9) // 3]}, {day}"
