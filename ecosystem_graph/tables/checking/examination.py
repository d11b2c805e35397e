"""Every problem in the tables of a source, found in one pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.checking.company_names import duplicate_partners
from ecosystem_graph.tables.checking.event_dates import undated_deals, undated_notes
from ecosystem_graph.tables.checking.oddities import odd_rows
from ecosystem_graph.tables.checking.relations import related_problems
from ecosystem_graph.tables.checking.totals import total_rows
from ecosystem_graph.tables.cleaning.converting import converted
from ecosystem_graph.tables.cleaning.identities import with_canonical_ids
from ecosystem_graph.tables.cleaning.settling import settled
from ecosystem_graph.tables.cleaning.spelling import with_canonical_spelling
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.causes import Report
from ecosystem_graph.tables.messages.notes import Note
from ecosystem_graph.tables.opening.opened import opened
from ecosystem_graph.tables.opening.raw_table import ROW, RawTable, Source
from ecosystem_graph.tables.schema.columns import key_of, references, row_rules
from ecosystem_graph.tables.schema.definitions import CATALOGUES, TABLES


def check_tables(source: str | Path | Mapping[str, Any]) -> Report:
    """Every problem of every table, and notes on what was read in another way.

    Parameters
    ----------
    source : str, Path or mapping
        As for `read_tables`.

    Returns
    -------
    Report
        Problems and notes in the order of tables and rows; without problems `read_tables` works.

    Raises
    ------
    DataError
        If there is no such folder.

    Examples
    --------
    >>> partners = pl.DataFrame({"partner_id": ["p-1", "p-1"], "name": ["Acme", None]})
    >>> facts = pl.DataFrame({"partner_id": ["p-2"], "capability_id": ["crm"]})
    >>> report = check_tables({"partners": partners, "partner_capabilities": facts})
    >>> print(*report.problems, sep=chr(10))
    partners:2  name is empty.
    partners:2  duplicate key: partner_id 'p-1' is already in row 1.
    partner_capabilities:1  partner_id 'p-2' is not in partners.
    """
    examination = examined(opened(source))
    problems = examination.problems + related_problems(examination.tables)
    return Report(
        examination.source.name,
        sorted_problems(problems),
        tuple(examination.notes),
        examination.rows,
    )


@dataclass(frozen=True, slots=True)
class Examination:
    """Tables in their declared types, and the problems within each of them."""

    source: Source
    tables: dict[str, TypedTable]
    problems: list[Problem]
    notes: list[Note]
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each table that was given, the unusable ones included."""
        return {
            name: raw.frame.height + len({bad.row for bad in raw.unreadable_rows})
            for name, raw in self.source.tables.items()
        }


def examined(source: Source) -> Examination:
    """Convert and check every table by itself; checks between tables come later."""
    tables: dict[str, TypedTable] = {}
    frames: dict[str, pl.DataFrame] = {}
    found: dict[str, list[Problem]] = {}
    left_out: dict[str, int] = {}
    problems, notes = list(source.problems), list(source.notes)
    for name, raw in source.tables.items():
        problems += [
            Problem(name, raw.file, bad.row, None, bad.text, bad.message, bad.kind)
            for bad in raw.unreadable_rows
        ]
        frames[name], found[name], ignored = converted(raw)
        problems += found[name] + _unusable_without(raw, source)
        notes += ignored
    files = {name: raw.file for name, raw in source.tables.items()}
    frames, respelt = with_canonical_spelling(frames, files)
    notes += respelt
    for name, raw in source.tables.items():
        tables[name], agreed, gone = settled(raw, frames[name], found[name])
        left_out |= gone
        unread = [problem.row for problem in found[name] if problem.column == "closed_on"]
        if not unread:
            problems += undated_deals(tables[name])
        notes += agreed + undated_notes(tables[name], unread)
    tables, renamed = with_canonical_ids(tables)
    notes += renamed + duplicate_partners(tables) + total_rows(tables) + odd_rows(tables)
    position = {name: index for index, name in enumerate(TABLES)}
    notes.sort(key=lambda note: position.get(note.table, -1))
    problems += [problem for table in tables.values() for problem in broken_rules(table)]
    return Examination(source, tables, problems, notes, left_out)


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order of tables; within one, those of the whole table, then by row."""
    position = {name: index for index, name in enumerate(TABLES)}
    return tuple(
        sorted(problems, key=lambda problem: (position.get(problem.table, -1), problem.row or 0))
    )


def broken_rules(table: TypedTable) -> list[Problem]:
    """Rows with a value out of range, or that break a rule across columns."""
    problems = []
    for rule in row_rules(TABLES[table.name]):
        holds = table.frame.select(rule.holds.alias("holds"))["holds"]
        if holds.all():
            continue
        for row in table.frame.filter(~holds).select(*rule.columns, ROW).iter_rows(named=True):
            value = str(row[rule.columns[0]])
            problems.append(
                table.problem(
                    row[ROW],
                    rule.columns[0],
                    value,
                    rule.message.format_map(row),
                    kind=rule.kind,
                )
            )
    return problems


def _unusable_without(raw: RawTable, source: Source) -> list[Problem]:
    """Problems of a table whose key refers to a table that is not given."""
    given = {*source.tables, *(problem.table for problem in source.problems), *CATALOGUES}
    key = key_of(TABLES[raw.name])
    return [
        Problem(
            raw.name,
            raw.file,
            None,
            reference.column,
            None,
            f"{reference.column} refers to {reference.table}, which is not there: add that table "
            f"or leave {raw.file} out.",
            "refers to a table that is not there",
        )
        for reference in references(TABLES[raw.name])
        if reference.column in key and reference.table not in given
    ]
