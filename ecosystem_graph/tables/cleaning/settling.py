"""Duplicate rows and impossible dates within a table, resolved where only one way makes sense."""

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
    """Typed table without duplicate rows, and with dates in a possible order.

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
        What was changed, with the counts.
    left_out : dict of str to int
        Facts that were dropped, by reason.
    """
    faulty = {problem.row for problem in problems}
    notes: list[Note] = []
    distinct = False
    if None not in faulty:  # without a whole column, different rows may look equal
        frame, distinct, notes = without_duplicate_rows(raw.name, raw.file, frame, faulty)
    if raw.name != "deals":
        return _typed(raw, frame, distinct), notes, {}
    frame, emptied = _without_placeholder_dates(frame)
    notes += [
        Note(raw.name, raw.file, column, f"{column}: {change} (rows: {count})")
        for column, (change, count) in emptied.items()
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


def _without_placeholder_dates(
    deals: pl.DataFrame,
) -> tuple[pl.DataFrame, dict[str, tuple[str, int]]]:
    """Deals without placeholder dates such as 1900-01-01 and 9999-12-31, and how many there were.

    They are dropped as opening dates, and as expected closing dates of open deals. The closing date
    of a won or lost deal is required.
    """
    still_open = (deals["outcome"] == "open").fill_null(False)
    none = {
        "opened_on": is_placeholder(deals["opened_on"]),
        "closed_on": still_open & open_ended(deals["closed_on"], "last", EARLIEST, LATEST),
    }
    changes = {
        "opened_on": "a placeholder date is dropped, the deal stays",
        "closed_on": "a placeholder date is dropped, these deals being open",
    }
    counts = {column: int(where.fill_null(False).sum()) for column, where in none.items()}
    emptied = [
        deals[column].set(none[column].fill_null(False), None)
        for column, count in counts.items()
        if count
    ]
    return deals.with_columns(emptied), {
        column: (changes[column], counts[column]) for column in none
    }


def _without_late_openings(deals: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Deals without opening dates after the closing date, as of deals entered afterwards.

    The closing date of an open deal is only expected, so it does not contradict the opening date.
    """
    late = (deals["opened_on"] > deals["closed_on"]) & (deals["outcome"] != "open")
    late = late.fill_null(False)
    if not late.any():
        return deals, 0
    return deals.with_columns(opened_on=deals["opened_on"].set(late, None)), int(late.sum())
