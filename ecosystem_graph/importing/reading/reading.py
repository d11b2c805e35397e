"""One input of a source -> a raw table with the columns that are wanted."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from ecosystem_graph.errors import DataError, Problem
from ecosystem_graph.importing.reading.grid import EMPTY, Grid, UnreadableInputError
from ecosystem_graph.importing.reading.layout.assembling import table_of_frame, table_of_grid
from ecosystem_graph.importing.reading.location import InputLocation
from ecosystem_graph.importing.reading.raw_table import InputOptions, Layout, RawTable
from ecosystem_graph.importing.reading.structured.database import frame_of_query, frame_of_table
from ecosystem_graph.importing.reading.structured.json_records import json_records
from ecosystem_graph.importing.reading.structured.typed_columns import (
    frame_of_any,
    frame_of_parquet,
    frame_of_records,
    text_frame,
)
from ecosystem_graph.importing.reading.text.dialect import dialect_of
from ecosystem_graph.importing.reading.text.encoding import decoded_text
from ecosystem_graph.importing.reading.text.records import grid_of_text
from ecosystem_graph.importing.reading.workbook.workbook import grid_of_sheet
from ecosystem_graph.tables.messages.causes import data_error

_HEAD_BYTES: Final = 1_000_000
_HEAD_ROWS: Final = 300
_PLAIN: Final = InputOptions()


def read_input(
    location: InputLocation,
    options: InputOptions = _PLAIN,
    columns: Collection[str] | None = None,
) -> RawTable:
    r"""Raw table of one input.

    Parameters
    ----------
    location : InputLocation
    options : InputOptions
    columns : collection of str, optional
        Names of the fields to keep, compared after folding; None: all. The values of others are
        in nothing that is returned. If it is empty, only the beginning is read, for the header.

    Returns
    -------
    RawTable
        With the problems of single rows and cells in `problems`.

    Raises
    ------
    DataError
        If the input cannot be read as a whole.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from ecosystem_graph.importing.reading.sources import find_inputs
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "deals.csv").write_text("Deal;E-Mail;Amount\nd-1;a@b.example;1,5")
    ...     table = read_input(find_inputs(folder)[0], columns=["deal", "amount"])
    >>> table.frame.rows(), table.rows.tolist(), table.layout.delimiter
    ([('d-1', '1,5')], [2], ';')
    """
    try:
        return _read(location, options, columns)
    except UnreadableInputError as error:
        message = str(error)
        if error.answer:
            message += (
                f" Add to the mapping: [inputs.{_toml_name(location, options)}] {error.answer}"
            )
        raise _refused(location, message, error.kind) from error
    except OSError as error:
        raise _refused(location, f"cannot be read: {error.strerror}.", "unreadable file") from error


def _refused(location: InputLocation, message: str, kind: str) -> DataError:
    problem = Problem(location.name, location.shown, None, None, None, message, kind)
    return data_error(location.shown, [problem])


def _toml_name(location: InputLocation, options: InputOptions) -> str:
    """Name of the input as a key of TOML."""
    letters = (letter if letter.isalnum() else "_" for letter in location.name.lower())
    return options.name or "".join(letters).strip("_")


def _read(
    location: InputLocation, options: InputOptions, columns: Collection[str] | None
) -> RawTable:
    if options.query is not None and options.database is None and location.kind != "database":
        raise UnreadableInputError(
            "is a file, and a query needs a database: name it, database = 'env:NAME'."
        )
    no_rows = columns is not None and not columns
    if location.kind == "database":
        return _of_database(location, options, columns)
    if location.path is None:
        frame = frame_of_any(location.frame)
        return table_of_frame(text_frame(frame.head(0) if no_rows else frame), location, columns)
    if no_rows and location.kind in ("csv", "workbook"):
        return _head(location.path, location, options)
    data = location.path.read_bytes()
    layout = Layout(digest=hashlib.sha256(data).hexdigest())
    if location.kind == "parquet":
        frame = text_frame(frame_of_parquet(data, names_only=no_rows))
        return table_of_frame(frame, location, columns, layout=layout)
    if location.kind == "json":
        return _of_json(data, location, options, columns, layout)
    if location.kind == "workbook":
        grid = grid_of_sheet(data, location.sheet or "", options.table)
    else:
        grid, layout = _grid_of_text(data, options, layout)
    return table_of_grid(grid, location, _with_header(options, grid), columns, layout)


def _with_header(options: InputOptions, grid: Grid) -> InputOptions:
    """Options in which the first row of a named table is its header."""
    if options.table is None or options.header or not len(grid.rows):
        return options
    return replace(options, header=(int(grid.rows[0]),))


def _head(path: Path, location: InputLocation, options: InputOptions) -> RawTable:
    """Header of a text file or sheet, without values."""
    with path.open("rb") as stream:
        layout = Layout(digest=hashlib.file_digest(stream, "sha256").hexdigest())
    if location.kind == "workbook":
        most = _HEAD_ROWS + max(options.header, default=0) if options.table is None else None
        grid = grid_of_sheet(path.read_bytes(), location.sheet or "", options.table, most=most)
    else:
        with path.open("rb") as stream:
            data = stream.read(_HEAD_BYTES)
            whole = (
                len(data) < _HEAD_BYTES or b"\x00" in data or max(options.header, default=0) > 1_000
            )
            data = data + stream.read() if whole else data[: data.rfind(b"\n") + 1]
        try:
            grid, layout = _grid_of_text(data, options, layout)
        except UnreadableInputError:  # a quote may close beyond the head
            grid, layout = _grid_of_text(path.read_bytes(), options, layout)
    head = table_of_grid(grid, location, _with_header(options, grid), (), layout)
    return replace(head, rows=head.rows[:0], problems=())


def _of_database(
    location: InputLocation, options: InputOptions, columns: Collection[str] | None
) -> RawTable:
    database = options.database or location.file
    table = options.table or location.sheet
    no_rows = columns is not None and not columns
    if options.query is not None:
        frame = frame_of_query(database, options.query, names_only=no_rows)
    elif table is not None:
        frame = frame_of_table(database, table, names_only=no_rows)
    else:
        raise UnreadableInputError(
            "is a database: what to read from it is not named.", 'query = "select ..."'
        )
    return table_of_frame(frame, location, columns)


def _of_json(
    data: bytes,
    location: InputLocation,
    options: InputOptions,
    columns: Collection[str] | None,
    layout: Layout,
) -> RawTable:
    text = decoded_text(data, options.encoding, any_format=True)
    records, numbers = json_records(text.data.decode(), options.rows, options.each)
    if not records:
        raise UnreadableInputError("is empty: it holds no records.", kind=EMPTY)
    layout = replace(layout, encoding=text.encoding, encoding_from=text.decided_by)
    rows = np.array(numbers, dtype=np.int64)
    return table_of_frame(frame_of_records(records), location, columns, rows, layout)


def _grid_of_text(data: bytes, options: InputOptions, layout: Layout) -> tuple[Grid, Layout]:
    text = decoded_text(data, options.encoding)
    dialect = dialect_of(text.data, options.delimiter)
    grid = grid_of_text(text.data[dialect.n_declared :], dialect.delimiter)
    return grid, replace(
        layout,
        encoding=text.encoding,
        encoding_from=text.decided_by,
        questions=text.questions,
    )
