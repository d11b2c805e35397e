"""Rows without new content: repeated headers and duplicate rows."""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.messages.notes import Note
from ecosystem_graph.tables.opening.raw_table import ROW, RawTable
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import folded


def without_repeated_headers(raw: RawTable) -> tuple[RawTable, list[Problem], list[Note]]:
    """Table without rows that repeat its header, as in files that were concatenated.

    A header in another order is a problem: the columns below it are not those of the first header.
    """
    again, reordered = _header_rows(raw)
    message = (
        "is a header with its columns in another order: put the rows below it in the order of "
        "the first."
    )
    kind = "header in another order"
    problems = [Problem(raw.name, raw.file, row, None, None, message, kind) for row in reordered]
    if not again:
        return raw, problems, []
    frame = raw.frame.filter(~pl.col(ROW).is_in(again))
    note = f"rows that repeat the header are passed over (rows: {len(again)})"
    return replace(raw, frame=frame), problems, [Note(raw.name, raw.file, None, note)]


def _header_rows(raw: RawTable) -> tuple[list[int], list[int]]:
    """Rows that are the header in its own order, and in another one."""
    types = raw.frame.select(raw.columns).schema
    texts = [name for name, dtype in types.items() if dtype == pl.String]
    if not texts or set(types.values()) - {pl.String, pl.Null}:  # numbers contain no header
        return [], []
    headers = dict(zip(raw.columns, map(folded, raw.headers), strict=True))
    expected = [headers[name] for name in texts]
    names = {name for name in headers.values() if name}
    rows: dict[bool | None, list[int]] = {True: [], False: [], None: []}
    for *cells, row in _likely_headers(raw, texts).iter_rows():
        rows[_in_order(expected, [folded(cell or "") for cell in cells], names)].append(row)
    return rows[True], rows[False]


def _in_order(expected: list[str], words: list[str], names: set[str]) -> bool | None:
    """Whether the words of a row are the header in its own order; None if they are no header."""
    filled = [pair for pair in zip(expected, words, strict=True) if pair[1]]
    if len(filled) < min(2, len(expected)) or not names.issuperset(word for _, word in filled):
        return None
    return all(name == word for name, word in filled)


def _likely_headers(raw: RawTable, texts: list[str]) -> pl.DataFrame:
    """Rows whose first text is the name of a column."""
    names = [*raw.headers, *TABLES[raw.name].column_names()]
    names += [f"\ufeff{name}" for name in names]  # files with byte order marks, concatenated
    return raw.frame.filter(pl.col(texts[0]).is_in(names)).select(*texts, ROW)


def without_duplicate_rows(
    name: str, file: str, frame: pl.DataFrame, faulty: Collection[int | None]
) -> tuple[pl.DataFrame, bool, list[Note]]:
    """Table without rows that equal an earlier one in every column.

    Parameters
    ----------
    name, file : str
        The table, and where it comes from.
    frame : DataFrame
        Its declared columns, and row numbers in `ROW`.
    faulty : collection of int or None
        Rows that have a problem, which are not compared.

    Returns
    -------
    frame : DataFrame
    distinct : bool
        Whether no two rows are known to have the same key.
    notes : list of Note
    """
    key = key_of(TABLES[name])
    if frame.select(key).hash_rows().n_unique() == frame.height:
        return frame, True, []
    columns = TABLES[name].column_names()
    sound = pl.col(ROW).is_in(list(faulty)).not_()
    first = pl.col(ROW).filter(sound).min().over(columns)
    kept = frame.filter((~sound | (first == pl.col(ROW))).fill_null(True))
    if kept.height == frame.height:
        return frame, False, []
    count = frame.height - kept.height
    message = f"rows equal to an earlier one in every column count once (rows: {count})"
    return kept, False, [Note(name, file, None, message)]
