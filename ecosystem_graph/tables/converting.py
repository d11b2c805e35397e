"""Columns as they stand -> columns of the declared types, and every value that would not go."""

from collections.abc import Callable, Mapping
from typing import Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.columns import allowed, kind_of
from ecosystem_graph.tables.csv_text import ROW
from ecosystem_graph.tables.problems import Note, Problem, did_you_mean, quoted
from ecosystem_graph.tables.schema import TABLES
from ecosystem_graph.tables.sources import RawTable

HINTS: Final = 10
"""Values per column that get a hint; a search for each would take minutes on a bad file."""


def converted(raw: RawTable) -> tuple[pl.DataFrame, list[Problem], list[Note]]:
    """Typed frame of the declared columns and `ROW`, with what was wrong and what was ignored.

    A value that cannot be converted is null in the frame and a problem in the list.
    """
    schema = TABLES[raw.name].columns()
    unknown = [name for name in raw.columns if name not in schema]
    missing = [name for name in schema if name not in raw.columns]
    problems = [
        _missing_column(raw, name, unknown) for name in missing if not schema[name].nullable
    ]
    if raw.name == "partners" and raw.frame.is_empty() and not raw.spoiled:
        problems.append(_problem(raw, None, None, None, "has no rows: there is nobody to pair."))

    values: dict[str, pl.Series] = {}
    for name, column in schema.items():
        if name in raw.columns:
            values[name], found = _converted_column(raw, name, column)
            problems += found
        else:
            values[name] = _nothing(name, column, raw.frame.height)
    frame = pl.DataFrame([*values.values(), raw.frame[ROW]])
    return frame, problems, _ignored_columns(raw, unknown, missing)


def _missing_column(raw: RawTable, name: str, unknown: list[str]) -> Problem:
    hint = did_you_mean(name, unknown).replace("Did you mean", "Is it")
    found = ", ".join(raw.columns) or "none"
    return _problem(raw, None, name, None, f"column '{name}' is missing.{hint} Found: {found}.")


def _ignored_columns(raw: RawTable, unknown: list[str], missing: list[str]) -> list[Note]:
    notes = []
    for name in unknown:
        hint = did_you_mean(name, missing) or did_you_mean(name.rpartition("_")[2], missing)
        message = f"unknown column '{name}': ignored.{hint}"
        notes.append(Note(raw.name, raw.file, name, message))
    return notes


def _converted_column(
    raw: RawTable, name: str, column: dy.Column
) -> tuple[pl.Series, list[Problem]]:
    given = _trimmed(raw.frame[name])
    convert = _CONVERSIONS[type(column)]
    values = given.cast(column.dtype) if given.dtype == pl.Null else convert(given, column)
    if values is None:
        message = f"column '{name}' is of type {given.dtype}: {kind_of(column)} is wanted."
        return _nothing(name, column, len(given)), [_problem(raw, None, name, None, message)]
    problems = []
    if not column.nullable and given.null_count():
        problems += [
            _problem(raw, row, name, None, f"{name} is empty.")
            for row in raw.frame[ROW].filter(given.is_null())
        ]
    failed = given.is_not_null() & values.is_null()
    if failed.any():
        problems += _failures(raw, column, name, failed)
    return values.alias(name), problems


def _failures(raw: RawTable, column: dy.Column, name: str, failed: pl.Series) -> list[Problem]:
    rows = raw.frame[ROW].filter(failed)
    values = _trimmed(raw.frame[name]).filter(failed).cast(pl.String)
    options = getattr(column, "categories", [])
    hints = {value: did_you_mean(value, options) for value in values.unique().head(HINTS)}
    reason = _reason(column)
    return [
        _problem(raw, row, name, value, f"{name} {quoted(value)} {reason}{hints.get(value, '')}")
        for row, value in zip(rows, values, strict=True)
    ]


def _reason(column: dy.Column) -> str:
    """Why a value would not go, and what would."""
    reasons = {
        "true or false": "is not true or false: yes, no, 1 and 0 are understood too.",
        "date": "is not a date: write YYYY-MM-DD, such as 2024-03-31, without a time of day.",
        "choice": f"is not allowed: {allowed(column)}.",
        "number": "is not a number: write it like 1234.5, without separators or units.",
        "whole number": "is not a whole number: write it like 12.",
        "text": "is not text.",
    }
    return reasons[kind_of(column)]


def _problem(
    raw: RawTable, row: int | None, column: str | None, value: str | None, message: str
) -> Problem:
    return Problem(raw.name, raw.file, row, column, value, message)


def _nothing(name: str, column: dy.Column, height: int) -> pl.Series:
    return pl.Series(name, [None], column.dtype).new_from_index(0, height)


def _trimmed(given: pl.Series) -> pl.Series:
    """Text without blanks around it; what is then empty, or not a number at all, is missing."""
    if given.dtype.is_float():
        return given.fill_nan(None)
    if isinstance(given.dtype, pl.Enum | pl.Categorical):
        given = given.cast(pl.String)
    if given.dtype != pl.String:
        return given
    text = given.str.strip_chars()
    if (text == given).all():
        text = given  # nothing was cut off: one copy of a long column is enough
    return text.set(text == "", None) if (text == "").any() else text


def _texts(given: pl.Series, column: dy.Column) -> pl.Series | None:
    if given.dtype.is_integer():
        return given.cast(pl.String)
    return given if given.dtype == pl.String else None


def _choices(given: pl.Series, column: dy.Column) -> pl.Series | None:
    return given.cast(column.dtype, strict=False) if given.dtype == pl.String else None


_DATE: Final = r"^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?$"


def _dates(given: pl.Series, column: dy.Column) -> pl.Series | None:
    if given.dtype == pl.Date:
        return given
    if isinstance(given.dtype, pl.Datetime):
        local = given.dt.replace_time_zone(None)
        return local.dt.date().set(local != local.dt.truncate("1d"), None)
    if given.dtype != pl.String:
        return None
    return given.str.extract(_DATE).str.to_date("%Y-%m-%d", strict=False)


def _numbers(given: pl.Series, column: dy.Column) -> pl.Series | None:
    if not (given.dtype.is_numeric() or given.dtype == pl.String):
        return None
    numbers = given.cast(pl.Float64, strict=False)
    return numbers.set(~numbers.is_finite(), None)


def _whole_numbers(given: pl.Series, column: dy.Column) -> pl.Series | None:
    if given.dtype.is_integer():
        return given.cast(pl.Int64, strict=False)
    numbers = _numbers(given, column)
    if numbers is None:
        return None
    return numbers.set(numbers != numbers.floor(), None).cast(pl.Int64, strict=False)


def _truths(given: pl.Series, column: dy.Column) -> pl.Series | None:
    if given.dtype == pl.Boolean:
        return given
    if not (given.dtype.is_integer() or given.dtype == pl.String):
        return None
    words = given.cast(pl.String).str.to_lowercase()
    meaning = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return words.replace_strict(meaning, default=None, return_dtype=pl.Boolean)


_CONVERSIONS: Final[
    Mapping[type[dy.Column], Callable[[pl.Series, dy.Column], pl.Series | None]]
] = {
    dy.Bool: _truths,
    dy.Date: _dates,
    dy.Enum: _choices,
    dy.Float64: _numbers,
    dy.Int64: _whole_numbers,
    dy.String: _texts,
}
