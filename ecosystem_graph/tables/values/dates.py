"""Days in every form that leaves no doubt -> dates, and why others would be a guess."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from ecosystem_graph.tables.schema.vocabulary import EARLIEST, LATEST
from ecosystem_graph.tables.values.text import MISSING_WORD

FIRST: Final = date.min
LAST: Final = date.max
"""What Python can hold."""

_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_CLOCK: Final = r"(?:[01]?\d|2[0-4])(?::?[0-5]\d(?::?[0-6]\d(?:[.,]\d+)?)?)?"
_ZONE: Final = r"(?: ?[ap]\.?m\.?)? ?(?:[a-z]{1,5}|[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?(?:\[.+\])?"
_STAMP: Final = (
    r"(?i)^(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}"
    r"|(?:00|18|19|20|21|99)\d{6}|\d{1,2}[ -][a-z]{3,9}[ -]\d{4}|[a-z]{3,9} \d{1,2}, ?\d{4})"
    rf"(?:(?:t| +)({_CLOCK}){_ZONE})?$"
)
CENTURIES: Final = 10_000_000
"""Days either way beyond which it does not matter how far."""

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
"""Days that systems write for no day at all."""


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
    # A date that was worked out may lie before all events: then there is no history.
    if day > LATEST or (isinstance(value, str) and day < EARLIEST):
        raise ValueError(f"a date must be between {EARLIEST} and {LATEST}. Got {day}.")
    return day


def parsed_dates(text: pl.Series) -> tuple[pl.Series, int]:
    """Days of text, null where it would be a guess, and how many had a time of day cut off.

    A time of day goes, and the day stays as it is written, in whatever zone the text states.

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
    if day.str.contains("[A-Za-z]").any():  # the month by its English name
        said = day.str.replace(r"^([A-Za-z]+) (\d+), ?(\d+)$", "$2 $1 $3")
        named = said.str.replace_all("-", " ").str.to_date("%d %B %Y", strict=False)
        read = read.zip_with(read.is_not_null(), named)
    timed = clock.str.contains("[1-9]") & read.is_not_null()
    return days.clone().scatter(others, read), int(timed.sum())


def dates_of_timestamps(moments: pl.Series) -> tuple[pl.Series, int]:
    """Days of moments in the zone they state, and how many had a time of day cut off.

    A moment too far for the calendar becomes a day as far.
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
    """Where a day is one that Python cannot hold."""
    return ~days.is_between(FIRST, LAST)


def is_placeholder(days: pl.Series) -> pl.Series:
    """Where a day is one of the early ones that systems write for none."""
    return days.is_in(list(_PLACEHOLDERS))


def open_ended(days: pl.Series, end: str, earliest: date, latest: date) -> pl.Series:
    """Where the day of a validity range stands for no day: 1900-01-01, 9999-12-31 and their kin.

    Parameters
    ----------
    days : Series of Date
    end : str
        `first` or `last` day of the range.
    earliest, latest : date
        Of the days that can be meant.

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
    """Kind of fault of text that is no day, and what to say of it.

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
    if told := _unix_day(value):
        return "Unix time", f"is not a date but a Unix time ({told}): write YYYY-MM-DD."
    if re.match(r"\d{1,2}([/.-])\d{1,2}\1\d{4}\b", value):
        return "day or month first", (
            "is not a date that can be told: whether the day or the month comes first would be a "
            "guess. Write YYYY-MM-DD."
        )
    if re.match(r"\d{1,2}([/.-])\w{1,9}\1\d{2}\b", value):
        return "two-digit year", (
            "is not a date that can be told: a year of two digits would be a guess. Write "
            "YYYY-MM-DD."
        )
    if re.match(r"0000-?00-?00\b", value):
        return MISSING_WORD, "is not a date. Write nothing for a missing value."
    return "not a date", "is not a date: write YYYY-MM-DD, such as 2024-03-31."


def _unix_day(value: str) -> str:
    """Day of a Unix time in seconds, milli-, micro- or nanoseconds; nothing for other text."""
    if not re.fullmatch(r"\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19}", value):
        return ""
    seconds = int(value) / 10 ** (3 * ((len(value) - 9) // 3))
    day = datetime.fromtimestamp(seconds, UTC).date()
    unit = {0: "seconds", 1: "milliseconds", 2: "microseconds", 3: "nanoseconds"}
    return f"{unit[(len(value) - 9) // 3]}, {day}"
