"""Rows of totals below a table, which look like partners."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.opening.raw_table import ROW
from ecosystem_graph.tables.schema.columns import references
from ecosystem_graph.tables.schema.definitions import TABLES

_TOTAL: Final = r"(?i)^\W*(?:(?:grand |sub)?totals?|total g[eé]n[eé]ral|totale|summe|gesamt)\W*$"


def total_rows(tables: Mapping[str, TypedTable]) -> list[Note]:
    """Notes on partners named `Total` or the like, to which no other row refers."""
    if "partners" not in tables:
        return []
    partners = tables["partners"]
    called = pl.any_horizontal(pl.col("partner_id", "name").str.contains(_TOTAL))
    likely = partners.frame.filter(called.fill_null(False))
    if likely.is_empty():
        return []
    known = pl.concat(
        [
            table.frame[reference.column]
            for name, table in tables.items()
            for reference in references(TABLES[name])
            if reference.table == "partners"
        ]
        or [pl.Series([], dtype=pl.String)]
    )
    alone = likely.filter(~pl.col("partner_id").is_in(known.implode()))
    return [
        Note(
            "partners",
            partners.file,
            "partner_id",
            f"row {row} ({quoted(partner)}) looks like a line of totals and is read as a partner: "
            "take it out if it is none",
        )
        for partner, row in alone.select("partner_id", ROW).iter_rows()
    ]
