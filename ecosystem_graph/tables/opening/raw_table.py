"""Raw tables: every row as it was given, with its row number."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.messages.notes import Note
from ecosystem_graph.tables.schema.definitions import ONE_OF, REQUIRED

ROW: Final = "__row__"
"""Name of the column that holds row numbers."""


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that cannot be split into fields."""

    row: int
    text: str
    message: str
    kind: str = "not a row"


@dataclass(frozen=True, slots=True)
class UndecodableField:
    r"""A field that holds bytes that are not UTF-8; in the frame they are written as `\xE9`."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it was given: the original columns, and the row number in `ROW`.

    Attributes
    ----------
    name, file : str
        The table, and where it comes from.
    frame : DataFrame
    columns : tuple of str
        Of the frame, in order, without `ROW`.
    names : tuple of str, optional
        Of the columns, as they are in the file; a name may occur twice.
    unreadable_rows : tuple of UnreadableRow
        Rows that are not in the frame.
    undecodable : tuple of UndecodableField
        Fields of the frame with bytes that are not UTF-8.
    decimal_comma : bool
        Whether a lone comma in a number is decimal.
    digest : str or None
        SHA-256 of the file's bytes.
    truncated : bool
        Whether the file could not be read to its end, so that it may hold more rows.
    """

    name: str
    file: str
    frame: pl.DataFrame
    columns: tuple[str, ...]
    names: tuple[str, ...] = ()
    unreadable_rows: tuple[UnreadableRow, ...] = ()
    undecodable: tuple[UndecodableField, ...] = ()
    decimal_comma: bool = False
    digest: str | None = None
    truncated: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of the columns as they are in the file."""
        return self.names or self.columns


@dataclass(slots=True)
class Source:
    """The tables found in a folder or a mapping.

    Attributes
    ----------
    name : str
        The folder as the user wrote it, or a description of the mapping.
    tables : dict of str to RawTable
        Those that could be opened, in the order of `TABLES`.
    problems, notes : list
        About files, not about their content.
    as_of : date or None
    ignored_roles : tuple of str
        From `datapackage.json`.
    """

    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    as_of: date | None = None
    ignored_roles: tuple[str, ...] = ()

    def add_problem(self, table: str, file: str, message: str, kind: str, column: str = "") -> None:
        """Add a problem of a table as a whole."""
        self.problems.append(Problem(table, file, None, column or None, None, message, kind))

    def present(self) -> set[str]:
        """Tables that were given, even if they could not be opened."""
        return set(self.tables) | {problem.table for problem in self.problems}

    def require_tables(self, found: list[str], *, suffix: str) -> None:
        """Add problems for required tables that are missing; `suffix` ends the name of a file."""
        present = self.present()
        listed = f"Found: {', '.join(found) or 'no tables'}."
        template = "`ecosystem-graph template DIR` writes every table with its header."
        if REQUIRED not in present:
            message = f"is missing: the partners of the ecosystem are required. {listed} {template}"
            self.add_problem(REQUIRED, f"{REQUIRED}{suffix}", message, "table missing")
        if not any(present.issuperset(names) for names in ONE_OF):
            ways = (" + ".join(f"{name}{suffix}" for name in names) for names in ONE_OF)
            table = ONE_OF[0][0] if ONE_OF[0][0] not in present else ONE_OF[0][1]
            message = f"is missing: {' or '.join(ways)} is required. {listed} {template}"
            self.add_problem(table, f"{table}{suffix}", message, "table missing")


def numbered(name: str, file: str, frame: pl.DataFrame, digest: str | None = None) -> RawTable:
    """Raw table of a frame, with rows numbered from 1."""
    rows = pl.int_range(1, frame.height + 1, eager=True).alias(ROW)
    return RawTable(name, file, frame.with_columns(rows), tuple(frame.columns), digest=digest)
