"""Problems of event dates: too far off to be credible, or missing where something ended."""

from collections.abc import Collection, Mapping

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.opening.raw_table import ROW
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.events import EVENTS, event_date, last_credible
from ecosystem_graph.tables.schema.vocabulary import LATEST


def implausible_dates(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Rows with a date so far beyond all others that it cannot be right."""
    last = last_credible({name: table.frame for name, table in tables.items()})
    if last is None:
        return []
    problems = []
    for name, columns in EVENTS.items():
        if name not in tables:
            continue
        table, key = tables[name], key_of(TABLES[name])[0]
        for column in columns:
            beyond = event_date(column).is_between(last, LATEST, closed="right")
            rows = table.frame.filter(beyond).select(key, column, ROW)
            for identifier, day, row in rows.iter_rows():
                message = (
                    f"{column} {day} of {key} {quoted(identifier)} lies far beyond all others: "
                    f"nothing else happened after {last}. Give the right day."
                )
                problems.append(
                    table.problem(
                        row, column, str(day), message, kind="a day far beyond all others"
                    )
                )
    return problems


def undated_deals(table: TypedTable) -> list[Problem]:
    """Problem of deals if none that was won or lost has a closing date: none could be used."""
    if table.name != "deals" or table.frame.is_empty():
        return []
    ended = table.frame.filter(_ended())
    if ended.is_empty() or ended["closed_on"].count():
        return []
    n = ended.height
    which = f"all {n:,} won or lost deals" if n > 1 else "the only won or lost deal"
    message = f"closed_on is empty in {which}: nothing would be left. Say when they were closed."
    return [table.problem(None, "closed_on", None, message, kind="no deal has a day")]


def undated_notes(table: TypedTable, unread: Collection[int | None] = ()) -> list[Note]:
    """Note on won or lost deals that are left out because they have no closing date.

    Rows with a date that could not be read have a problem of their own, and are not counted.
    """
    if table.name != "deals":
        return []
    rows = table.frame.filter(_ended() & pl.col("closed_on").is_null())[ROW]
    count = len(rows.filter(~rows.is_in(list(unread)))) if unread else len(rows)
    message = f"won or lost deals without closed_on are left out (rows: {count})"
    return [Note(table.name, table.file, "closed_on", message)] if count else []


def _ended() -> pl.Expr:
    return pl.col("outcome").cast(pl.String).is_in(["won", "lost"])
