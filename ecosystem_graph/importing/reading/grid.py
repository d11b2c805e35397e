"""Cells of a sheet or text file as they stand, before it is known which row is the header."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


EMPTY: Final = "empty input"
"""Kind of the problem of an input without any content."""
UNDECIDED: Final = "undecided header"
"""Kind of the problem of an input of which no row, or more than one, may be the header."""


ERROR_KIND: Final = "error of a formula"
ERRORS: Final = (
    "#N/A",
    "#DIV/0!",
    "#REF!",
    "#NAME?",
    "#VALUE!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
)
"""How spreadsheets show the error of a formula, in text that they export as well."""


def error_message(error: str) -> str:
    """Message of the problem of a cell with an error.

    Examples
    --------
    >>> error_message("#N/A")
    'holds the error #N/A of a formula: mend it in the spreadsheet, or clear the cell.'
    """
    return f"holds the error {error} of a formula: mend it in the spreadsheet, or clear the cell."


class UnreadableInputError(ValueError):
    """An input that cannot be read as a whole; its text completes `FILE ...`.

    Attributes
    ----------
    answer : str
        What to add to the input in the mapping, such as `header = [4]`; empty if nothing helps.
    kind : str
        As in a `Problem`.
    """

    def __init__(self, message: str, answer: str = "", kind: str = "unreadable input") -> None:
        super().__init__(message)
        self.answer = answer
        self.kind = kind


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell whose value is spoilt, such as an error of a formula.

    Attributes
    ----------
    row : int
        As a spreadsheet numbers it.
    column : int
        Position in the grid, from 0.
    value, message, kind : str
        As in a `Problem`.
    """

    row: int
    column: int
    value: str
    message: str
    kind: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be split into cells, and is not in the grid."""

    row: int
    text: str
    message: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by row and column.

    Attributes
    ----------
    cells : DataFrame
        Text columns named `0`, `1`, ...; an empty cell is null.
    rows : ndarray of int64, shape (n_rows,)
        Number of each row, ascending, as a spreadsheet shows it.
    n_fields : ndarray of int64, shape (n_rows,), or None
        Fields of each record of a text; None for a sheet, whose rows all have the same.
    merged : tuple of Range
        Cells under merges: rows as a spreadsheet numbers them, columns as positions.
    cell_faults : tuple of CellFault
    row_faults : tuple of RowFault
    notes : tuple of str
    delimiter : str
        Between the fields of a text; empty for a sheet.
    """

    cells: pl.DataFrame
    rows: NDArray[np.int64]
    n_fields: NDArray[np.int64] | None = None
    merged: tuple[Range, ...] = ()
    cell_faults: tuple[CellFault, ...] = ()
    row_faults: tuple[RowFault, ...] = ()
    notes: tuple[str, ...] = field(default=())
    delimiter: str = ""

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.cells.width
