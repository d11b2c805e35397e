"""Typed values of workbooks, databases and dataframes -> text, one way for all."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import polars as pl

_LEAST_PLAIN: Final = 1e-4
"""Below, a floating-point number is written with an exponent."""
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
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pl.Series(name, values, dtype=pl.String).replace({"": None})
    together: list[pl.Series] = []
    for kind, texts_of in _VECTORISED.items():
        if kind in kinds:
            own = [value if type(value) is kind else None for value in values]
            together.append(texts_of(own).alias(f"{len(together)}"))
    if others := kinds - set(_VECTORISED):
        texts = [text_of(value) if type(value) in others else None for value in values]
        together.append(pl.Series(f"{len(together)}", texts, dtype=pl.String))
    return pl.DataFrame(together).select(pl.coalesce(pl.all()).alias(name)).to_series()


def _of_texts(values: Sequence[str | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.String).replace({"": None})


def _of_days(values: Sequence[dt.date | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Date).dt.to_string("iso")


def _of_floats(values: Sequence[float | None]) -> pl.Series:
    """Numbers as `text_of` writes them, those without exponents together."""
    numbers = pl.Series("number", values, dtype=pl.Float64)
    size = numbers.abs()
    whole = (size < MOST_EXACT) & (numbers == numbers.floor())
    plain = (size < MOST_EXACT) & (size >= _LEAST_PLAIN)
    texts = pl.select(
        pl.when(whole)
        .then(numbers.cast(pl.Int64, strict=False).cast(pl.String))
        .when(plain)
        .then(numbers.cast(pl.String))
    ).to_series()
    odd = (numbers.is_not_null() & ~(whole | plain)).arg_true()
    if not len(odd):
        return texts
    return texts.scatter(odd, pl.Series([text_of(values[at]) for at in odd], dtype=pl.String))


_VECTORISED: Final[dict[type, Callable[[list[Any]], pl.Series]]] = {
    str: _of_texts,
    float: _of_floats,
    dt.date: _of_days,
}
"""Types that fill most columns of workbooks."""
