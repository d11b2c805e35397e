"""Dataframes of any library -> raw tables."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ecosystem_graph.tables.messages.notes import Note, did_you_mean
from ecosystem_graph.tables.opening.raw_table import Source, numbered
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import match_columns

_FOREIGN: Final = (
    ValueError,  # base of the errors of pyarrow, which is not imported here
    TypeError,
    NotImplementedError,
    OverflowError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)


def of_frames(frames: Mapping[str, Any]) -> Source:
    """Tables of a mapping from their names to dataframes.

    Raises
    ------
    TypeError
        If a dataframe does not support the Arrow PyCapsule interface.
    """
    source = Source("the mapping of tables")
    for name in frames:
        if name not in TABLES:
            hint = did_you_mean(str(name), TABLES)
            source.notes.append(Note(str(name), str(name), None, f"unknown table: ignored.{hint}"))
    for name in TABLES:
        if name in frames and (frame := _arrow(source, name, frames[name])) is not None:
            source.tables[name] = numbered(name, name, frame)
    source.require_tables(sorted(map(str, frames)), suffix="")
    return source


def _arrow(source: Source, name: str, frame: Any) -> pl.DataFrame | None:
    """Dataframe of any library as one of polars; None, and a problem, if it cannot be converted."""
    if not hasattr(frame, "__arrow_c_stream__"):
        raise TypeError(
            f"table {name!r} must be a dataframe with the Arrow PyCapsule interface "
            f"(polars, pandas, pyarrow, duckdb). Got {type(frame).__name__}."
        )
    listed = list(getattr(frame, "column_names", None) or getattr(frame, "columns", []))
    names = [str(column) for column in listed]
    if repeated := sorted({column for column in names if names.count(column) > 1}):
        for column in repeated:
            message = f"has {names.count(column)} columns named '{column}': keep one."
            source.add_problem(name, name, message, "column twice", column)
        return None
    try:
        return pl.DataFrame(frame)
    except _FOREIGN as error:
        return _column_by_column(source, name, frame, listed, error)


def _column_by_column(
    source: Source, name: str, frame: Any, listed: list[Any], error: BaseException
) -> pl.DataFrame | None:
    """The readable columns of a dataframe; None, and problems, if a declared one is unreadable."""
    read: list[pl.DataFrame] = []
    failed: dict[str, BaseException] = {}
    for column in listed:
        try:
            read.append(pl.DataFrame(_only(frame, column)))
        except _FOREIGN as reason:
            failed[str(column)] = reason
    needed = match_columns(list(failed), TABLES[name].column_names(), name).place.values()
    for place in sorted(needed) if failed else ():
        column = list(failed)[place]
        message = (
            f"column '{column}' cannot be read ({_first_line(failed[column])}): give it one type, "
            f"such as by frame['{column}'].astype('string') in pandas."
        )
        source.add_problem(name, name, message, "mixed types", column)
    if not failed:
        source.add_problem(name, name, f"cannot be read: {_first_line(error)}", "unreadable table")
    if needed or not failed:
        return None
    for column in failed:
        message = f"unknown column '{column}', which cannot be read: ignored."
        source.notes.append(Note(name, name, column, message))
    return pl.concat(read, how="horizontal")


def _only(frame: Any, column: Any) -> Any:
    """Dataframe of one column, of the same library."""
    return frame.select([column]) if hasattr(frame, "column_names") else frame[[column]]


def _first_line(error: BaseException) -> str:
    line = " ".join(map(str, error.args)).partition("\n")[0]
    return line.partition(". Hint:")[0] or type(error).__name__
