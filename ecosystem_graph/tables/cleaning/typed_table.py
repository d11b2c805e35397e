"""A table in its declared types, beside what could not be read of it."""

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.opening.raw_table import UnreadableRow


@dataclass(frozen=True)
class TypedTable:
    """A table of the declared types, with its row numbers in `ROW`, and rows that have none.

    `distinct` tells that no two rows have the same key, and `found` which references lead
    somewhere in every row, where that was looked at already. Of one `truncated` nobody knows what
    else it holds.
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
        """Tell a problem of this table."""
        return Problem(self.name, self.file, row, column, value, message, kind)

    @cached_property
    def unreadable(self) -> dict[str, int]:
        """Row in which each word of the rows stands whose fields cannot be told."""
        return {
            word.strip(' "'): bad.row
            for bad in reversed(self.unreadable_rows)
            for word in re.split(r"[,;|\t\r\n]", bad.text)
        }
