"""Quarantine: bad rows, and the rows that depend on them, are set aside with reasons."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from ecosystem_graph.errors import DataError, OutputError, Problem
from ecosystem_graph.tables.checking.event_dates import undated_deals
from ecosystem_graph.tables.checking.examination import Examination, sorted_problems
from ecosystem_graph.tables.checking.relations import related_problems
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.opening.raw_table import ROW, RawTable
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import match_columns
from ecosystem_graph.tables.values.reasons import shown

Reasons = dict[str, dict[int, list[str]]]
"""Why each row was set aside, per table and row."""

_ROW_OUT: Final = "quarantine_row"
_REASON_OUT: Final = "quarantine_reason"
_TEXT_OUT: Final = "quarantine_text"


def require_free(directory: Path) -> None:
    """Refuse a quarantine folder that is not empty, before any work is done.

    Raises
    ------
    OutputError
        If it is not empty, or is a file.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise OutputError(f"{directory} is not empty: name a new folder for the quarantine.")


def sound_part(examination: Examination) -> tuple[dict[str, TypedTable], Reasons, list[Note]]:
    """Rows without problems, and the reasons why the others are set aside.

    Of rows with the same key, the first one without a problem is kept. If a row is set aside, so
    are the rows that refer to it, repeatedly until nothing changes. A deal is set aside if a row of
    its team cannot be read; the responses of its customer are kept.

    Returns
    -------
    dict of str to TypedTable, Reasons, list of Note
        The notes describe changes in the rows that are kept.

    Raises
    ------
    DataError
        If a table as a whole has a problem, or no partner or dated deal is left.
    """
    whole = [problem for problem in examination.problems if problem.row is None]
    if whole:
        raise data_error(examination.source.name, sorted_problems(whole))
    reasons: Reasons = defaultdict(lambda: defaultdict(list))
    tables = _without(examination.tables, examination.problems, reasons)
    while True:
        tables = _without_lost_deals(tables, examination.tables)
        found = related_problems(tables, before=examination.tables)
        found += unknown_teams(tables)
        if not found:
            break
        tables = _without(tables, found, reasons)
    if tables["partners"].frame.is_empty():
        raise DataError(
            f"{examination.source.name}: no partner is left once bad rows are set aside; "
            "`ecosystem-graph check` lists the problems.",
            sorted_problems(examination.problems),
        )
    if "deals" in tables and (lost := undated_deals(tables["deals"])):
        raise data_error(f"what is left of {examination.source.name}", lost)
    return tables, reasons, _answers_kept(tables, examination.tables)


def unknown_teams(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Deals whose team is not known, because a row of it cannot be read."""
    if not {"deals", "deal_partners"} <= set(tables):
        return []
    deals, seats = tables["deals"], tables["deal_partners"]
    broken = deals.frame.filter(pl.col("deal_id").is_in(list(seats.unreadable)))
    return [
        deals.problem(
            row,
            "deal_id",
            deal_id,
            f"deal_id {quoted(deal_id)}: row {seats.unreadable[deal_id]} of {seats.file} cannot be "
            "read, so who was on the deal is not known.",
            kind="team not known",
        )
        for deal_id, row in broken.select("deal_id", ROW).iter_rows()
    ]


def _without_lost_deals(
    tables: dict[str, TypedTable], before: Mapping[str, TypedTable]
) -> dict[str, TypedTable]:
    """Tables whose responses do not refer to deals that were set aside."""
    if not {"csat", "deals"} <= set(tables):
        return tables
    known = tables["deals"].frame["deal_id"]
    once = [*before["deals"].frame["deal_id"].drop_nulls(), *before["deals"].unreadable]
    deal = pl.col("deal_id")
    kept = pl.when(~deal.is_in(once) | deal.is_in(known.implode())).then(deal).alias("deal_id")
    answers = tables["csat"]
    return tables | {"csat": replace(answers, frame=answers.frame.with_columns(kept))}


def _answers_kept(tables: Mapping[str, TypedTable], before: Mapping[str, TypedTable]) -> list[Note]:
    """Note on responses whose deal was set aside."""
    if "csat" not in tables:
        return []
    answers = tables["csat"]
    asked = before["csat"].frame.filter(pl.col(ROW).is_in(answers.frame[ROW].implode()))
    lost = asked["deal_id"].count() - answers.frame["deal_id"].count()
    message = f"answers about deals that were set aside count without the deal (rows: {lost})"
    return [Note("csat", answers.file, "deal_id", message)] if lost else []


def _without(
    tables: dict[str, TypedTable], problems: Iterable[Problem], reasons: Reasons
) -> dict[str, TypedTable]:
    """Tables without the rows of the problems, whose messages become the reasons."""
    for problem in problems:
        if problem.row is not None:
            reasons[problem.table][problem.row].append(problem.message)
    return {
        name: replace(
            table,
            frame=table.frame.filter(~pl.col(ROW).is_in(list(reasons[name])))
            if name in reasons
            else table.frame,
        )
        for name, table in tables.items()
    }


def write_quarantine(
    directory: Path, raws: dict[str, RawTable], reasons: Reasons
) -> dict[str, int]:
    """Write the rows set aside, all files or none, and count them per table.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    if not reasons:
        return {}
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".quarantine-") as staging:
            finished = Path(staging) / directory.name
            finished.mkdir()
            for name, rows in reasons.items():
                _rows_aside(raws[name], rows).write_csv(finished / f"{name}.csv")
            finished.replace(directory)
    except OSError as error:
        raise OutputError(f"{directory} cannot be written: {error}.") from error
    return {name: len(reasons[name]) for name in raws if name in reasons}


def _rows_aside(raw: RawTable, reasons: dict[int, list[str]]) -> pl.DataFrame:
    """Rows as text, with the row number, the reasons and the text of unreadable rows.

    Undeclared columns are left out, since they may hold private data.
    """
    places = match_columns(raw.headers, TABLES[raw.name].columns(), raw.name).place.values()
    declared = [raw.columns[place] for place in sorted(places)]
    whole = len(declared) == len(raw.columns)
    texts = {bad.row: bad.text for bad in raw.unreadable_rows if whole}
    rows = sorted(reasons)
    why = pl.DataFrame(
        {
            ROW: rows,
            _REASON_OUT: [" ".join(reasons[row]) for row in rows],
            _TEXT_OUT: [texts.get(row) for row in rows],
        },
        schema={ROW: pl.Int64, _REASON_OUT: pl.String, _TEXT_OUT: pl.String},
    )
    original = raw.frame.select(*(_as_text(raw.frame[name]) for name in declared), ROW)
    return why.join(original, on=ROW, how="left", maintain_order="left").rename({ROW: _ROW_OUT})


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
        return pl.Series(
            column.name, [None if v is None else str(v) for v in column.to_list()], pl.String
        )
    return shown(column)
