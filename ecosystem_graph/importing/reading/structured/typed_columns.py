"""Dataframes, Parquet files and records of any types -> text columns."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.structured.cell_text import text_column

_FOREIGN: Final = (
    ValueError,
    TypeError,
    NotImplementedError,
    OverflowError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)


def text_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of any type as text; the fields of a struct become columns, named by dots.

    Examples
    --------
    >>> from datetime import date
    >>> frame = pl.DataFrame({"id": [1.0, 2.5], "day": [date(2026, 3, 31), None]})
    >>> text_frame(frame).rows()
    [('1', '2026-03-31'), ('2.5', None)]
    """
    columns: list[pl.Series] = []
    for series in frame.get_columns():
        columns += _flat(series)
    return pl.DataFrame(columns) if columns else pl.DataFrame()


def _flat(series: pl.Series) -> list[pl.Series]:
    if isinstance(series.dtype, pl.Struct):
        fields = series.struct.unnest().get_columns()
        return [
            part for field in fields for part in _flat(field.alias(f"{series.name}.{field.name}"))
        ]
    return [_text(series)]


def _text(series: pl.Series) -> pl.Series:
    if series.dtype == pl.String:
        return series.replace({"": None})
    if isinstance(series.dtype, pl.Categorical | pl.Enum):
        return series.cast(pl.String).replace({"": None})
    if series.dtype.is_integer():
        return series.cast(pl.String)
    if series.dtype == pl.Date:
        return series.dt.to_string("iso")
    return text_column(series.name, series.to_list())


def frame_of_any(frame: Any) -> pl.DataFrame:
    """Dataframe of any library with the Arrow PyCapsule interface, as one of polars.

    Raises
    ------
    TypeError
        If it does not have this interface.
    UnreadableInputError
        If a column cannot be converted.
    """
    if not hasattr(frame, "__arrow_c_stream__"):
        raise TypeError(
            "an input must be a dataframe with the Arrow PyCapsule interface "
            f"(polars, pandas, pyarrow, duckdb). Got {type(frame).__name__}."
        )
    try:
        return pl.DataFrame(frame)
    except _FOREIGN as error:
        raise UnreadableInputError(_reason("dataframe", error)) from error


def frame_of_parquet(data: bytes, *, names_only: bool = False) -> pl.DataFrame:
    """Dataframe of a Parquet file, or only its columns without rows.

    Raises
    ------
    UnreadableInputError
        If it is not one.
    """
    try:
        return pl.read_parquet(io.BytesIO(data), n_rows=0 if names_only else None)
    except _FOREIGN as error:
        raise UnreadableInputError(_reason("Parquet", error)) from error


def _reason(what: str, error: BaseException) -> str:
    line = str(error).partition("\n")[0]
    return f"cannot be read as {what} ({line}): give each column one type, such as text."


def frame_of_records(records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Text columns of records, one for each name that occurs in any, in the order of occurrence.

    Examples
    --------
    >>> frame_of_records([{"a": 1}, {"b": "x", "a": None}]).rows()
    [('1', None), (None, 'x')]
    """
    names = dict.fromkeys(name for record in records for name in record)
    return pl.DataFrame(
        [text_column(name, [record.get(name) for record in records]) for name in names]
    )
