"""Values of a column -> values of its declared type, where the meaning is clear."""

from collections.abc import Callable, Mapping
from typing import Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.schema.columns import column_fact
from ecosystem_graph.tables.values.dates import dates_of_timestamps, parsed_dates
from ecosystem_graph.tables.values.names import folded
from ecosystem_graph.tables.values.numbers import parsed_numbers

_BOOLEANS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0"), False),
}
"""Words for true and false, in lower case."""
_EXACT: Final = 2**53
"""Whole numbers below this are exact in floating point."""
_Taken = tuple[pl.Series, list[str]]


def cast_values(given: pl.Series, column: dy.Column, *, decimal_comma: bool) -> _Taken | None:
    """Values in the type of a declared column, null where one cannot be converted.

    Parameters
    ----------
    given : Series
        Of one of the plain types, null where empty.
    column : dataframely.Column
    decimal_comma : bool
        Whether a lone comma in a number is decimal.

    Returns
    -------
    values : Series
    notes : list of str
        What was read as something else, one text per note.

        None instead of both, if no value of that type can belong in the column.

    Examples
    --------
    >>> cast_values(pl.Series(["yes", "N", "?"]), dy.Bool(), decimal_comma=False)[0].to_list()
    [True, False, None]
    """
    return _CASTS[type(column)](given, column, decimal_comma)


def are_whole(numbers: pl.Series) -> pl.Series:
    """Where a number is a whole number, exactly."""
    return (numbers == numbers.floor()) & (numbers.abs() < _EXACT)


def _texts(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype.is_float():
        if not are_whole(given).all():
            return None
        given = given.cast(pl.Int64)
    if given.dtype.is_integer():
        return given.cast(pl.String), []
    if given.dtype != pl.String:
        return None
    if words := column_fact(column, "words"):
        likely = given.filter(given.is_in(list(words)).not_()).unique().drop_nulls()
        by_folded = {folded(word): word for word in words}
        other = {text: by_folded[folded(text)] for text in likely if folded(text) in by_folded}
        given = given.replace(other) if other else given
    return given, []


def _choices(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype != pl.String:
        return None
    assert isinstance(column, dy.Enum)
    values = given.cast(column.dtype, strict=False)
    others = given.filter(values.is_null()).unique().drop_nulls()
    if others.is_empty():
        return values, []
    options = {folded(option): option for option in column.categories}
    synonyms = {
        folded(word): option for word, option in (column_fact(column, "also") or {}).items()
    }
    known = options | synonyms
    read = {text: known[folded(text)] for text in others.sort() if folded(text) in known}
    values = given.replace(read).cast(column.dtype, strict=False)
    renamed = {text: option for text, option in read.items() if folded(text) not in options}
    return values, _synonym_notes(given, renamed)


def _synonym_notes(given: pl.Series, renamed: Mapping[str, str]) -> list[str]:
    if not renamed:
        return []
    listed = ", ".join(f"'{text}' is read as '{option}'" for text, option in renamed.items())
    return [f"{listed} (rows: {given.is_in(list(renamed)).sum()})"]


def _dates(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype == pl.Date:
        return given, []
    if isinstance(given.dtype, pl.Datetime):
        days, cut = dates_of_timestamps(given)
    elif given.dtype == pl.String or given.dtype.is_numeric():
        text = given if given.dtype == pl.String else _as_text(given)
        if column_fact(column, "end"):
            text = text.str.replace(r"^0000-?00-?00\b", "0001-01-01")
        days, cut = parsed_dates(text)
    else:
        return None
    note = f"the time of day is cut off, the date kept in its own time zone (rows: {cut})"
    return days, [note] if cut else []


def _numbers(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype == pl.String:
        numbers = parsed_numbers(given, decimal_comma=decimal_comma)
    elif given.dtype.is_numeric():
        numbers = given.cast(pl.Float64, strict=False)
    else:
        return None
    return numbers.set(~numbers.is_finite(), None), []


def _whole_numbers(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype.is_integer():
        return given.cast(pl.Int64, strict=False), []
    taken = _numbers(given, column, decimal_comma)
    if taken is None:
        return None
    return taken[0].set(~are_whole(taken[0]), None).cast(pl.Int64, strict=False), []


def _booleans(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype == pl.Boolean:
        return given, []
    if given.dtype != pl.String and not given.dtype.is_numeric():
        return None
    words = _as_text(given).str.to_lowercase()
    return words.replace_strict(_BOOLEANS, default=None, return_dtype=pl.Boolean), []


def _as_text(given: pl.Series) -> pl.Series:
    """Numbers as text, whole ones without a decimal point."""
    if given.dtype.is_float() and are_whole(given).all():
        given = given.cast(pl.Int64)
    return given.cast(pl.String)


_CASTS: Final[Mapping[type[dy.Column], Callable[[pl.Series, dy.Column, bool], _Taken | None]]] = {
    dy.Bool: _booleans,
    dy.Date: _dates,
    dy.Enum: _choices,
    dy.Float64: _numbers,
    dy.Int64: _whole_numbers,
    dy.String: _texts,
}
