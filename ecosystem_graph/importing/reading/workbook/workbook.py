"""A sheet, or a named table, of a workbook -> grid of cells."""

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ecosystem_graph.importing.reading.grid import (
    ERROR_KIND,
    CellFault,
    Grid,
    Range,
    UnreadableInputError,
    error_message,
)
from ecosystem_graph.importing.reading.structured.cell_text import MOST_EXACT, text_column
from ecosystem_graph.importing.reading.workbook.sheet_xml import SheetXml, sheet_xml
from ecosystem_graph.tables.messages.notes import did_you_mean
from ecosystem_graph.tables.messages.wording import counted

_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream that holds an encrypted workbook."""
_PROTECTED: Final = "is protected by a password: save it without."


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a workbook that may hold a table."""

    name: str
    hidden: bool


def sheet_names(data: bytes) -> list[SheetName]:
    """Sheets of a workbook in its order, without charts and macros.

    Raises
    ------
    UnreadableInputError
        If it is not a workbook, or is protected by a password.
    """
    return [
        SheetName(sheet.name, sheet.visible is not SheetVisibleEnum.Visible)
        for sheet in _opened(data).sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet
    ]


def _opened(data: bytes, *, tables: bool = False) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data), load_tables=tables)
    except PasswordError as error:
        raise UnreadableInputError(_PROTECTED) from error
    except (CalamineError, OSError, ValueError) as error:
        if data.startswith(_COMPOUND_FILE) and _ENCRYPTED in data:
            raise UnreadableInputError(_PROTECTED) from error
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> UnreadableInputError:
    reason = str(error).partition("\n")[0]
    if "password" in reason.lower():
        return UnreadableInputError(_PROTECTED)
    return UnreadableInputError(f"cannot be read as a workbook: {reason}")


def grid_of_sheet(
    data: bytes, sheet: str, table: str | None = None, *, most: int | None = None
) -> Grid:
    """Cells of a sheet, or of a named table on it.

    Parameters
    ----------
    data : bytes
        The workbook.
    sheet : str
    table : str, optional
        Name of a table of Excel, on whichever sheet.
    most : int, optional
        Most rows to read from the top of the sheet.

    Raises
    ------
    UnreadableInputError
        If the workbook, the sheet or the table cannot be read.
    """
    try:
        workbook = _opened(data, tables=table is not None)
        window = None
        if table is not None:
            sheet, window = _window(workbook, table)
        return _grid(workbook, data, sheet, window, most)
    except (CalamineError, OSError) as error:
        raise _unreadable(error) from error


def _window(workbook: CalamineWorkbook, name: str) -> tuple[str, Range]:
    """Sheet of a named table, and the rows and columns it has there, header included."""
    known = workbook.table_names or []
    found = next((own for own in known if own.casefold() == name.casefold()), None)
    if found is None:
        listed = f"Found: {', '.join(known) or 'none'}."
        raise UnreadableInputError(
            f"has no table named {name!r}.{did_you_mean(name, known)} {listed}"
        )
    table = workbook.get_table_by_name(found)
    if table.start is None or table.end is None:
        raise UnreadableInputError(f"has nothing in its table {name!r}.")
    (top, left), (bottom, right) = table.start, table.end
    return table.sheet, (top, left, bottom + 1, right)


def _grid(
    workbook: CalamineWorkbook, data: bytes, sheet: str, window: Range | None, most: int | None
) -> Grid:
    read = workbook.get_sheet_by_name(sheet)
    values: list[list[Any]] = read.to_python(skip_empty_area=False, nrows=most)
    merged = tuple(
        (top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in read.merged_cell_ranges or ()
    )
    first, left = 1, 0
    if window is not None:
        first, left, last, right = window
        values = [row[left : right + 1] for row in values[first - 1 : last]]
        merged = _moved(merged, window)
    columns: list[tuple[Any, ...]] = list(zip(*values, strict=True))
    del values
    facts = sheet_xml(io.BytesIO(data), sheet) if most is None else SheetXml()
    errors = _errors(facts, first, left, columns)
    spoilt = _spoilt_numbers(columns, first)
    cells = pl.DataFrame([text_column(str(place), column) for place, column in enumerate(columns)])
    rows = np.arange(first, first + cells.height, dtype=np.int64)
    return Grid(
        cells,
        rows,
        merged=merged,
        cell_faults=tuple(errors + spoilt),
        notes=_notes(facts),
    )


def _moved(merged: tuple[Range, ...], window: Range) -> tuple[Range, ...]:
    """Merges that lie inside a window, their columns counted from its first."""
    first, left, last, right = window
    return tuple(
        (top, start - left, bottom, end - left)
        for top, start, bottom, end in merged
        if first <= top and bottom <= last and left <= start and end <= right
    )


def _errors(
    facts: SheetXml, first: int, left: int, columns: list[tuple[Any, ...]]
) -> list[CellFault]:
    height = len(columns[0]) if columns else 0
    return [
        CellFault(
            row,
            column - left,
            text,
            error_message(text),
            ERROR_KIND,
        )
        for row, column, text in facts.errors
        if first <= row < first + height and left <= column < left + len(columns)
    ]


def _spoilt_numbers(columns: list[tuple[Any, ...]], first: int) -> list[CellFault]:
    """Numbers with 16 digits or more, of which a workbook keeps 15."""
    faults = []
    for place, column in enumerate(columns):
        if not {float, int} & set(map(type, column)):
            continue
        for position, value in enumerate(column):
            if isinstance(value, float | int) and not -MOST_EXACT < value < MOST_EXACT:
                shown = f"{float(value):.5E}"
                message = f"'{shown}' has lost its digits in a spreadsheet: export it as text."
                fault = CellFault(first + position, place, shown, message, "digits lost")
                faults.append(fault)
    return faults


def _notes(facts: SheetXml) -> tuple[str, ...]:
    notes = []
    if facts.n_hidden_rows:
        notes.append(f"{counted(facts.n_hidden_rows, 'hidden row')} read as the others.")
    if facts.n_hidden_columns:
        notes.append(f"{counted(facts.n_hidden_columns, 'hidden column')} read as the others.")
    return tuple(notes)
