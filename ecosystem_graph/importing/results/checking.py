"""Tables as the rules make them -> checked tables, each row still knowing where it is from."""

import hashlib
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ecosystem_graph.errors import DataError, Problem
from ecosystem_graph.importing.assembling.one_row_per_key import RULE, TableRows
from ecosystem_graph.importing.inputs.loaded import ROW as INPUT_ROW
from ecosystem_graph.importing.results.provenance_key import key_text
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.opening.raw_table import ROW, RawTable, Source
from ecosystem_graph.tables.reading import checked_tables
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """Checked tables in the order of their keys, and where their rows are from.

    Attributes
    ----------
    tables : Tables
    sources : dict of str to DataFrame
        For each table `key`, `rule` (position among the rules of the table) and `row` (position in
        the input), a row for each row of the table, in the same order.
    """

    tables: Tables
    sources: dict[str, pl.DataFrame]


def checked(
    made: Mapping[str, TableRows],
    name: str,
    asked: Collection[tuple[str, str]],
    quarantine: Path | None = None,
) -> CheckedRows:
    """Check tables as every folder of tables is checked.

    Raises
    ------
    DataError
        With every problem; file and row are those of the source. Problems of columns about which
        something is asked already are left out.
    """
    source = Source(name, {table: _raw(rows) for table, rows in made.items()})
    source.require_tables(sorted(made), suffix="")
    try:
        tables, rows = checked_tables(source, quarantine=quarantine)
    except DataError as error:
        problems = [
            located(problem, made)
            for problem in error.problems
            if (problem.table, problem.column) not in asked
        ]
        raise data_error(name, problems) from error
    sources: dict[str, pl.DataFrame] = {}
    frames: dict[str, pl.DataFrame] = {}
    for table, frame in made.items():
        key = key_of(TABLES[table])
        whole = tables[table].with_columns(rows[table].alias(ROW)).sort(key, nulls_last=False)
        frames[table] = whole.drop(ROW)
        sources[table] = _sources(whole, frame)
    digests = {table: _digest(frame) for table, frame in frames.items()}
    return CheckedRows(tables.replaced(frames, digests=digests), sources)


def _digest(frame: pl.DataFrame) -> str:
    text = io.BytesIO()
    frame.write_csv(text)
    return hashlib.sha256(text.getbuffer()).hexdigest()


def _raw(rows: TableRows) -> RawTable:
    """Raw table whose file is the name of the table, with rows numbered from 1."""
    columns = [column for column in rows.frame.columns if column not in (RULE, INPUT_ROW)]
    ordered = [column for column in TABLES[rows.name].column_names() if column in columns]
    frame = rows.frame.select(ordered)
    numbers = pl.int_range(1, frame.height + 1, eager=True).alias(ROW)
    return RawTable(
        rows.name, rows.name, frame.with_columns(numbers), tuple(ordered), digest="of the import"
    )


def _sources(whole: pl.DataFrame, rows: TableRows) -> pl.DataFrame:
    positions = whole[ROW].cast(pl.Int64) - 1
    return pl.DataFrame(
        [
            key_text(whole, rows.name),
            rows.frame[RULE].gather(positions).alias("rule"),
            rows.frame[INPUT_ROW].gather(positions).alias("row"),
        ]
    )


def located(problem: Problem, made: Mapping[str, TableRows]) -> Problem:
    """Problem with the file and row of the source instead of those of the table."""
    rows = made.get(problem.table)
    if rows is None or problem.row is None:
        return problem
    file, row = rows.place(problem.row - 1)
    follows = problem.follows_from
    if follows is not None and follows[0] in made:
        follows = made[follows[0]].place(follows[1] - 1)
    return replace(problem, file=file, row=row, follows_from=follows)
