"""Typed values of workbooks, databases and dataframes -> text, one way for all."""

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import polars as pl

MOST_EXACT: Final = 1e15
"""From here on a floating-point number has 16 digits or more, the last of which are not exact."""


def text_of(value: Any) -> str | None:
    """A value as text; None if it is empty.

    Whole floating-point numbers have no `.0`, days and times are ISO 8601, midnight is not written,
    and an instant with a time zone is in UTC.

    Examples
    --------
    >>> [text_of(value) for value in (12.0, 0.1, True, "", None, dt.date(2026, 3, 31))]
    ['12', '0.1', 'true', None, None, '2026-03-31']
    >>> text_of(dt.datetime(2026, 3, 31)), text_of(dt.datetime(2026, 3, 31, 9, tzinfo=dt.UTC))
    ('2026-03-31', '2026-03-31T09:00:00Z')
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _of_float(value)
    if isinstance(value, Decimal):
        return _of_float(float(value)) if not value.is_nan() else None
    if isinstance(value, dt.datetime):
        return _of_datetime(value)
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return _of_other(value)


def _of_float(value: float) -> str | None:
    if math.isnan(value):
        return None
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= MOST_EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else repr(value)


def _of_datetime(value: dt.datetime) -> str:
    # Workbooks store a time as a fraction of a day, which is off by a few microseconds.
    whole = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    close = abs((whole - value).total_seconds()) < 0.001
    value = whole if close else value
    if value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
    midnight = value.time() == dt.time(0)
    return value.date().isoformat() if midnight else value.isoformat()


def _of_other(value: Any) -> str | None:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence | set | frozenset):
        return ";".join(text for item in value if (text := text_of(item)) is not None) or None
    return str(value)


def text_column(name: str, values: Sequence[Any]) -> pl.Series:
    """Text of a column of values of any type.

    Examples
    --------
    >>> text_column("n", [1.0, "", "x"]).to_list()
    ['1', None, 'x']
    """
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return pl.Series(name, values, dtype=pl.String).replace({"": None})
    return pl.Series(name, list(map(text_of, values)), dtype=pl.String)
