"""What an update changed: rows of each table, and the mapping."""

from dataclasses import dataclass
from difflib import unified_diff

import polars as pl

from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables


@dataclass(frozen=True, slots=True)
class TableChanges:
    """Rows of a table before and after an update.

    Attributes
    ----------
    table : str
    added, changed, removed, unchanged : int
    """

    table: str
    added: int
    changed: int
    removed: int
    unchanged: int

    def __str__(self) -> str:
        counts = (("added", self.added), ("changed", self.changed), ("removed", self.removed))
        told = [f"{n:,} {what}" for what, n in counts if n] or ["no change"]
        return f"{self.table}: {', '.join(told)}, {self.unchanged:,} as before"


def table_changes(before: Tables, after: Tables) -> tuple[TableChanges, ...]:
    """Changes of every table that was or is given.

    Examples
    --------
    >>> names = {"partner_id": ["p-1"], "name": ["Acme"]}
    >>> one = Tables({"partners": pl.DataFrame(names)}, provided=("partners",))
    >>> print(table_changes(one, one)[0])
    partners: no change, 1 as before
    """
    given = [name for name in TABLES if name in (*before.provided, *after.provided)]
    return tuple(_changes(name, before[name], after[name]) for name in given)


def _changes(name: str, before: pl.DataFrame, after: pl.DataFrame) -> TableChanges:
    key = [column for column in key_of(TABLES[name]) if column in before.columns]
    same = after.join(before, on=before.columns, how="semi", nulls_equal=True).height
    known = after.join(before, on=key, how="semi", nulls_equal=True).height
    return TableChanges(name, after.height - known, known - same, before.height - known, same)


def mapping_difference(before: str, after: str) -> tuple[str, ...]:
    r"""Lines of a mapping that changed, as `diff` shows them; none if it is the same.

    Examples
    --------
    >>> mapping_difference("schema = 1\ncolumns.a = 1\n", "schema = 1\ncolumns.a = 2\n")
    ('-columns.a = 1', '+columns.a = 2')
    """
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return tuple(
        line for line in lines if not line.startswith(("---", "+++", "@@")) and line[1:].strip()
    )
