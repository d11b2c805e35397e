"""A table in its declared types, with the rows that could not be read."""

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.opening.raw_table import UnreadableRow


@dataclass(frozen=True)
class TypedTable:
    """A table in its declared types.

    Attributes
    ----------
    name, file : str
        The table, and where it comes from.
    frame : DataFrame
        The declared columns, and row numbers in `ROW`.
    unreadable_rows : tuple of UnreadableRow
        Rows that are not in the frame.
    distinct : bool
        Whether no two rows are known to have the same key.
    found : frozenset of str
        Columns whose references are known to exist in every row.
    truncated : bool
        Whether the file could not be read to its end, so that it may hold more rows.
    """

    name: str
    file: str
    frame: pl.DataFrame
    unreadable_rows: tuple[UnreadableRow, ...] = ()
    distinct: bool = False
    found: frozenset[str] = frozenset()
    truncated: bool = False

    def problem(
        self, row: int | None, column: str, value: str | None, message: str, *, kind: str
    ) -> Problem:
        """Problem of this table."""
        return Problem(self.name, self.file, row, column, value, message, kind)

    @cached_property
    def unreadable(self) -> dict[str, int]:
        """Row number of each word in the rows that could not be read."""
        return {
            word.strip(' "'): bad.row
            for bad in reversed(self.unreadable_rows)
            for word in re.split(r"[,;|\t\r\n]", bad.text)
        }
