"""What a table says against itself, or twice, settled where no other reading makes sense."""

from collections.abc import Iterable

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.cleaning.repeats import without_duplicate_rows
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import Note
from ecosystem_graph.tables.opening.raw_table import RawTable
from ecosystem_graph.tables.schema.vocabulary import EARLIEST, LATEST
from ecosystem_graph.tables.values.dates import is_placeholder, open_ended


def settled(
    raw: RawTable, frame: pl.DataFrame, problems: Iterable[Problem]
) -> tuple[TypedTable, list[Note], dict[str, int]]:
    """Typed table with each row once and dates in an order that can be.

    Parameters
    ----------
    raw : RawTable
    frame : DataFrame
        Its declared columns and row numbers in `ROW`.
    problems : iterable of Problem
        Of the table so far.

    Returns
    -------
    table : TypedTable
    notes : list of Note
        What was settled, with the counts.
    left_out : dict of str to int
        Facts that were dropped, by reason.
    """
    faulty = {problem.row for problem in problems}
    notes: list[Note] = []
    distinct = False
    if None not in faulty:  # without a whole column rows may be equal that are not
        frame, distinct, notes = without_duplicate_rows(raw.name, raw.file, frame, faulty)
    if raw.name != "deals":
        return _typed(raw, frame, distinct), notes, {}
    frame, emptied = _without_days_that_are_none(frame)
    notes += [
        Note(raw.name, raw.file, column, f"{column}: {said} (rows: {count})")
        for column, (said, count) in emptied.items()
        if count
    ]
    frame, backdated = _without_late_openings(frame)
    if backdated:
        reason = "opened_on after closed_on: the deal stays, its opening is dropped"
        notes.append(Note(raw.name, raw.file, "opened_on", f"{reason} (rows: {backdated})"))
    if below := int((frame["amount"] < 0).sum()):
        message = f"amount below 0, as of a credit: nothing is worked out from it (rows: {below})"
        notes.append(Note(raw.name, raw.file, "amount", message))
    left_out = {"openings of deals that closed before they opened": backdated} if backdated else {}
    return _typed(raw, frame, distinct), notes, left_out


def _typed(raw: RawTable, frame: pl.DataFrame, distinct: bool) -> TypedTable:
    return TypedTable(
        raw.name, raw.file, frame, raw.unreadable_rows, distinct, truncated=raw.truncated
    )


def _without_days_that_are_none(
    deals: pl.DataFrame,
) -> tuple[pl.DataFrame, dict[str, tuple[str, int]]]:
    """Deals without the days that systems write for none, such as 1900-01-01 and 9999-12-31.

    Of an opening that is so, and of the expected closing of a deal still open; when a deal was won
    or lost must be told.
    """
    still_open = (deals["outcome"] == "open").fill_null(False)
    none = {
        "opened_on": is_placeholder(deals["opened_on"]),
        "closed_on": still_open & open_ended(deals["closed_on"], "last", EARLIEST, LATEST),
    }
    said = {
        "opened_on": "a day that stands for none is dropped, the deal stays",
        "closed_on": "a day that stands for none is dropped, these deals being open",
    }
    counts = {column: int(where.fill_null(False).sum()) for column, where in none.items()}
    emptied = [
        deals[column].set(none[column].fill_null(False), None)
        for column, count in counts.items()
        if count
    ]
    return deals.with_columns(emptied), {column: (said[column], counts[column]) for column in none}


def _without_late_openings(deals: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Deals less the opening days after the closing, as of deals entered once they were over.

    The closing day of a deal that is still open is only expected: it says nothing against the
    opening.
    """
    late = (deals["opened_on"] > deals["closed_on"]) & (deals["outcome"] != "open")
    late = late.fill_null(False)
    if not late.any():
        return deals, 0
    return deals.with_columns(opened_on=deals["opened_on"].set(late, None)), int(late.sum())
