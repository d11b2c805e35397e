"""The folder a run leaves behind: rows, record and timings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecosystem_graph.files.folder_kind import FolderKind
from ecosystem_graph.jobs.shard_files import Format, join_parts

_ROWS = {f"recommendations.{format}" for format in ("parquet", "csv", "jsonl")}

RUN = FolderKind(
    "a run",
    "run.json",
    {"run_id": None, "schema": None},
    frozenset({"run.json", "timings.json", "teams.jsonl", *_ROWS}),
)


@dataclass(frozen=True, slots=True)
class Output:
    """The folder to write a run to, and how.

    Attributes
    ----------
    target : Path
        It appears when all of it is written.
    format : {"parquet", "csv", "jsonl"}
        Of the recommendations; in CSV the entries of a list are joined by ``;``.
    overwrite : bool
        Whether a run of that name may be replaced.
    resume : bool
        Whether to go on with what an earlier run by the same plan left unfinished.
    keep_rows : bool
        Whether all rows are given back as well; those of a few typical partners are otherwise.
    shard_size : int
        Partners in a shard: some hundred files for a million, and little to do again after a crash.
    """

    target: Path
    format: Format = "parquet"
    overwrite: bool = False
    resume: bool = False
    keep_rows: bool = True
    shard_size: int = 4_096


def write_run(folder: Path, parts: Sequence[Path], format: Format, record: dict[str, Any]) -> None:
    """Write the rows of finished parts, in order, and the record of how they came about.

    Parameters
    ----------
    folder : Path
        Made for it.
    parts : sequence of Path
        From :func:`~ecosystem_graph.jobs.shard_files.write_part`, one at least.
    format : {"parquet", "csv", "jsonl"}
    record : dict
        Plain values.
    """
    folder.mkdir()
    join_parts(parts, folder / f"recommendations.{format}", format)
    write_json(folder / "run.json", record)


def write_json(path: Path, facts: Mapping[str, Any]) -> None:
    """Write plain values so that a person can read them."""
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
