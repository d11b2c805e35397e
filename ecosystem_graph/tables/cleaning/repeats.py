"""Rows that say nothing new: the header once more, or the same row once more."""

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
    """Table without rows that are its header again, as files have that were put one below another.

    A header in another order is a problem: below it the columns are not what the first one says.
    """
    texts = [name for name in raw.columns if raw.frame[name].dtype == pl.String]
    typed = any(raw.frame[name].dtype not in (pl.String, pl.Null) for name in raw.columns)
    if typed or not texts:  # a column of numbers holds no header
        return raw, [], []
    headers = dict(zip(raw.columns, map(folded, raw.headers), strict=True))
    told = {name for name in headers.values() if name}
    begin = [*raw.headers, *TABLES[raw.name].column_names()]
    begin += [f"\ufeff{name}" for name in begin]  # as where files with a mark were put together
    likely = raw.frame.filter(pl.col(texts[0]).is_in(begin)).select(*texts, ROW)
    again: list[int] = []
    shuffled: list[int] = []
    for *cells, row in likely.iter_rows():
        words = {name: folded(cell or "") for name, cell in zip(texts, cells, strict=True)}
        filled = [word for word in words.values() if word]
        if len(filled) < min(2, len(texts)) or not told.issuperset(filled):
            continue
        same = all(word in ("", headers[name]) for name, word in words.items())
        (again if same else shuffled).append(row)
    problems = [
        Problem(
            raw.name,
            raw.file,
            row,
            None,
            None,
            "is a header with its columns in another order: put the rows below it in the order of "
            "the first.",
            "header in another order",
        )
        for row in shuffled
    ]
    if not again:
        return raw, problems, []
    frame = raw.frame.filter(~pl.col(ROW).is_in(again))
    message = f"rows that repeat the header are passed over (rows: {len(again)})"
    return replace(raw, frame=frame), problems, [Note(raw.name, raw.file, None, message)]


def without_duplicate_rows(
    name: str, file: str, frame: pl.DataFrame, faulty: Collection[int | None]
) -> tuple[pl.DataFrame, bool, list[Note]]:
    """Table with rows that are equal in every column once, the first of them.

    Parameters
    ----------
    name, file : str
        The table, and where it comes from.
    frame : DataFrame
        Its declared columns, and row numbers in `ROW`.
    faulty : collection of int or None
        Rows that have a problem, which are nobody's repeat.

    Returns
    -------
    frame : DataFrame
    distinct : bool
        Whether no two rows have the same key, as far as it was looked at.
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
