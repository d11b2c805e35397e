"""Grid, header and wanted columns -> raw table, with the problems of rows and cells."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.reading.grid import (
    ERROR_KIND,
    ERRORS,
    CellFault,
    Grid,
    error_message,
)
from ecosystem_graph.importing.reading.layout.bounds import Bounds, bounds_of
from ecosystem_graph.importing.reading.layout.header import column_names, header_texts
from ecosystem_graph.importing.reading.layout.merges import filled_under_merges
from ecosystem_graph.importing.reading.location import InputLocation
from ecosystem_graph.importing.reading.raw_table import (
    InputOptions,
    Layout,
    RawTable,
    folded_field,
    numbered_names,
)
from ecosystem_graph.tables.messages.wording import counted

_MOST: Final = 0.9
"""Share of rows from which on their number of fields is a habit of the program that wrote them."""


def table_of_grid(
    grid: Grid,
    location: InputLocation,
    options: InputOptions,
    columns: Collection[str] | None,
    layout: Layout,
) -> RawTable:
    """Raw table of a grid.

    Parameters
    ----------
    grid : Grid
    location : InputLocation
    options : InputOptions
    columns : collection of str or None
        Fields to keep; None: all.
    layout : Layout
        What is known of the input so far.

    Raises
    ------
    UnreadableInputError
        If it is not clear which row is the header.
    """
    bounds = bounds_of(grid, options.header)
    texts = header_texts(grid, bounds.header)
    first = int(grid.rows[bounds.header[-1]]) + 1
    cells, n_merges = filled_under_merges(grid, first) if grid.merged else (grid.cells, 0)
    data, faults, notes = _sound_rows(grid, bounds, location, texts)
    if n_merges:
        notes += (f"{counted(n_merges, 'merge')} of cells: each cell takes the merge's value.",)
    body = cells[data] if len(data) < cells.height else cells
    names = column_names(texts)
    named = _named_columns(texts, body)
    wanted = None if columns is None else {folded_field(name) for name in columns}
    places = {
        place: names[place]
        for place in named
        if wanted is None or folded_field(names[place]) in wanted
    }
    frame = body.select(pl.col(str(place)).alias(name) for place, name in places.items())
    rows = grid.rows[data]
    frame, errors = _without_errors(frame, rows, places)
    spoilt = tuple(
        _of_cell(location, places[fault.column], fault)
        for fault in (*grid.cell_faults, *errors)
        if fault.column in places and _holds(rows, fault.row)
    )
    return RawTable(
        location.name,
        location.file,
        location.sheet,
        frame,
        rows,
        replace(
            layout,
            delimiter=grid.delimiter,
            header=tuple(int(grid.rows[place]) for place in bounds.header),
            left_out=bounds.left_out,
            headers=tuple(names[place] for place in named),
            header_texts=tuple(tuple(row[place] for place in named) for row in texts),
            notes=(*layout.notes, *grid.notes, *notes),
        ),
        tuple(sorted(faults + spoilt, key=lambda problem: problem.row or 0)),
    )


def _without_errors(
    frame: pl.DataFrame, rows: NDArray[np.int64], places: dict[int, str]
) -> tuple[pl.DataFrame, list[CellFault]]:
    """Columns with the errors of formulas taken out, which are faults of their cells."""
    faults: list[CellFault] = []
    for place, name in places.items():
        wrong = frame[name].is_in(ERRORS).fill_null(False).arg_true()
        for position in wrong:
            error = frame[name][position]
            row = int(rows[position])
            faults.append(CellFault(row, place, error, error_message(error), ERROR_KIND))
        if len(wrong):
            frame = frame.with_columns(frame[name].clone().scatter(wrong, None))
    return frame, faults


def _of_cell(location: InputLocation, name: str, fault: CellFault) -> Problem:
    message = f"{name} {fault.message}"
    return Problem(location.name, location.shown, fault.row, name, fault.value, message, fault.kind)


def table_of_frame(
    frame: pl.DataFrame,
    location: InputLocation,
    columns: Collection[str] | None,
    rows: NDArray[np.int64] | None = None,
    layout: Layout | None = None,
) -> RawTable:
    """Raw table of text columns whose names are known, as of a database or JSON.

    Parameters
    ----------
    frame : DataFrame
    location : InputLocation
    columns : collection of str or None
        Fields to keep; None: all.
    rows : ndarray of int64, shape (n_rows,), optional
        Default: counted from 1.
    layout : Layout, optional
    """
    named = frame.rename(dict(zip(frame.columns, numbered_names(frame.columns), strict=True)))
    wanted = None if columns is None else {folded_field(name) for name in columns}
    kept = [name for name in named.columns if wanted is None or folded_field(name) in wanted]
    return RawTable(
        location.name,
        location.file,
        location.sheet,
        named.select(kept),
        np.arange(1, frame.height + 1, dtype=np.int64) if rows is None else rows,
        replace(layout or Layout(), headers=tuple(named.columns)),
    )


def _holds(rows: NDArray[np.int64], row: int) -> bool:
    place = int(np.searchsorted(rows, row))
    return place < len(rows) and int(rows[place]) == row


def _named_columns(texts: list[list[str]], body: pl.DataFrame) -> list[int]:
    """Positions of the columns that have a name or any value."""
    empty = body.select(pl.all().is_null().all()).row(0) if body.width else ()
    return [
        place
        for place, nothing in enumerate(empty)
        if not nothing or any(row[place] for row in texts)
    ]


def _sound_rows(
    grid: Grid, bounds: Bounds, location: InputLocation, texts: list[list[str]]
) -> tuple[NDArray[np.int64], tuple[Problem, ...], tuple[str, ...]]:
    """Positions of rows with as many fields as the header, problems of others, and notes."""
    problems = [
        Problem(location.name, location.shown, bad.row, None, None, bad.message, bad.kind)
        for bad in grid.row_faults
    ]
    if grid.n_fields is None:
        return bounds.data, tuple(problems), ()
    found = grid.n_fields[bounds.data]
    expected = int(grid.n_fields[list(bounds.header)].max())
    n_named = max((n for row in texts for n, text in enumerate(row, 1) if text), default=0)
    sound = (found <= expected) & (found >= n_named)
    notes: tuple[str, ...] = ()
    habit = _habit(found)
    if habit is not None and habit < n_named:
        sound |= found == habit
        notes = (f"rows end after {counted(habit, 'field')}: the others are read as empty.",)
    elif habit is not None and habit > expected and _is_empty_beyond(grid, bounds, expected, habit):
        sound |= found == habit
    apart = "commas" if grid.delimiter == "," else f"the {grid.delimiter!r} between columns,"
    for row, n_fields in zip(grid.rows[bounds.data[~sound]], found[~sound], strict=True):
        count = f"{counted(int(n_fields), 'field')} found, {expected} expected"
        message = f"{count}: check {apart} and quotes."
        problems.append(
            Problem(location.name, location.shown, int(row), None, None, message, "ragged row")
        )
    return bounds.data[sound], tuple(problems), notes


def _habit(found: NDArray[np.int64]) -> int | None:
    """Number of fields of nearly all rows; None if there is none."""
    if not len(found):
        return None
    counts = np.bincount(found)
    return int(counts.argmax()) if counts.max() >= _MOST * len(found) else None


def _is_empty_beyond(grid: Grid, bounds: Bounds, expected: int, habit: int) -> bool:
    """Whether rows that are wider than the header are so only by empty fields."""
    if habit > grid.width:
        return False
    wide = bounds.data[grid.n_fields[bounds.data] == habit] if grid.n_fields is not None else []
    beyond = grid.cells[wide].select(pl.nth(range(expected, habit)))
    return bool(beyond.select(pl.all_horizontal(pl.all().is_null().all())).item())
