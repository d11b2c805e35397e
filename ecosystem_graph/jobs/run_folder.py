"""The folder of a finished run: rows, record and timings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ecosystem_graph.jobs.output import Format, write_json

#: Rows in a group of a Parquet file: enough to compress well, few enough to hold in memory.
_ROW_GROUP = 65_536

#: Start of a cell that a spreadsheet runs as a formula; some accept the full-width forms.
_FORMULA = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"


def write_run(folder: Path, parts: Sequence[Path], format: Format, record: dict[str, Any]) -> None:
    """Write the rows of finished parts, in order, and the record of the run.

    Parameters
    ----------
    folder : Path
        Created by the call.
    parts : sequence of Path
        From :func:`~ecosystem_graph.jobs.shard_files.write_part`, one at least.
    format : {"parquet", "csv", "jsonl"}
    record : dict
        Plain values.
    """
    folder.mkdir()
    join_parts(parts, folder / f"recommendations.{format}", format)
    write_json(folder / "run.json", record)


def join_parts(parts: Sequence[Path], path: Path, format: Format) -> None:
    """Write finished rows to one file, in order, without holding all of them in memory.

    Parameters
    ----------
    parts : sequence of Path
        From :func:`write_part`, one at least.
    path : Path
    format : {"parquet", "csv", "jsonl"}
        In CSV the entries of a list are joined by ``;``; a semicolon or backslash within an entry
        is escaped by a backslash. Text that a spreadsheet would run as a formula begins with an
        apostrophe.
    """
    rows = pl.scan_ipc(list(parts))
    if format == "parquet":
        rows.sink_parquet(path, row_group_size=_ROW_GROUP, maintain_order=True)
    elif format == "csv":
        _as_cells(rows).sink_csv(path, maintain_order=True)
    else:
        rows.sink_ndjson(path, maintain_order=True)


def _as_cells(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows for CSV: lists joined to one cell, and formulas escaped."""
    kinds = rows.collect_schema()
    lists = [name for name, kind in kinds.items() if kind == pl.List(pl.String)]
    texts = [name for name, kind in kinds.items() if kind == pl.String]
    entry = pl.element().str.replace_all(r"([\\;])", r"\$1")
    joined = rows.with_columns(pl.col(lists).list.eval(entry).list.join(";"))
    return joined.with_columns(pl.col(*lists, *texts).str.replace(_FORMULA, "'$0"))
