"""The folder a run is written to: the files it may hold, and the options of writing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ecosystem_graph.files.folder_kind import FolderKind

Format = Literal["parquet", "csv", "jsonl"]

_ROWS = {f"recommendations.{format}" for format in ("parquet", "csv", "jsonl")}

RUN = FolderKind(
    "a run",
    "run.json",
    {"run_id": None, "schema": None},
    frozenset({"run.json", "timings.json", "teams.jsonl", *_ROWS}),
)


@dataclass(frozen=True, slots=True)
class Output:
    """The folder to write a run to, and the options of writing.

    Attributes
    ----------
    target : Path
        It appears only once the run is complete.
    format : {"parquet", "csv", "jsonl"}
        Format of the recommendations; in CSV the entries of a list are joined by ``;``.
    overwrite : bool
        Whether a run of that name may be replaced.
    resume : bool
        Whether to continue an unfinished run of the same plan.
    keep_rows : bool
        Whether all rows are returned as well, rather than those of a few typical partners.
    shard_size : int
        Partners in a shard: some hundred files for a million partners, and little to repeat after
        a crash.
    """

    target: Path
    format: Format = "parquet"
    overwrite: bool = False
    resume: bool = False
    keep_rows: bool = True
    shard_size: int = 4_096


def write_json(path: Path, facts: Mapping[str, Any]) -> None:
    """Write plain values as indented JSON."""
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
