"""The folder a run leaves behind: rows, record and timings."""

import json
from pathlib import Path
from typing import Any, Literal

import polars as pl

from ecosystem_graph.recommending.batch import Run
from ecosystem_graph.recommending.publishing import published

Format = Literal["parquet", "csv", "jsonl"]


def write_run(
    run: Run, target: Path, *, format: Format = "parquet", overwrite: bool = False
) -> None:
    """Write `recommendations`, `run.json` and `timings.json` to a folder, all or nothing.

    Parameters
    ----------
    run : Run
    target : Path
        The folder.
    format : {"parquet", "csv", "jsonl"}, default "parquet"
        Of the recommendations; in CSV the entries of a list are joined by ``;``.
    overwrite : bool, default False
        Whether a folder of that name may be replaced.

    Raises
    ------
    OutputError
        If the folder exists and may not be replaced, or cannot be written.
    """
    with published(target, overwrite=overwrite) as folder:
        write_rows(run.recommendations, folder / f"recommendations.{format}", format)
        write_account(folder, run.record, run.timings)


def write_rows(rows: pl.DataFrame, path: Path, format: Format) -> None:
    """Write a frame in one of the formats."""
    if format == "parquet":
        rows.write_parquet(path)
    elif format == "csv":
        lists = [name for name, kind in rows.schema.items() if kind == pl.List(pl.String)]
        rows.with_columns(pl.col(lists).list.join(";")).write_csv(path)
    else:
        rows.write_ndjson(path)


def write_account(folder: Path, record: dict[str, Any], timings: dict[str, float]) -> None:
    """Write how a run came about, `run.json`, and how long its stages took, `timings.json`."""
    rounded = {stage: round(seconds, 3) for stage, seconds in timings.items()}
    for name, facts in (("run", record), ("timings", rounded)):
        text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
