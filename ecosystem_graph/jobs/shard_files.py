"""What is known of a shard of partners, as files: lists in positions, and finished rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.files.whole_file import write_whole
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking.standardizer import ListScale

Format = Literal["parquet", "csv", "jsonl"]

#: Reference distributions of lists, by the task they are ranked for.
References = Mapping[str, ListScale]

#: Rows in a group of a Parquet file: enough to compress well, few enough to hold in memory.
_ROW_GROUP = 65_536

#: What a cell begins with that a spreadsheet runs; the wide forms count in some.
_FORMULA = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"

_COLUMNS = ("sources", "targets", "ranks", "scores", "known")


def write_lists(path: Path, lists: RankedLists, references: References) -> None:
    """Keep lists, and the reference distributions of the lists of the same partners."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(lists, name) for name in _COLUMNS}
    if lists.worth is not None:
        arrays["worth"] = lists.worth
    if lists.full is not None:
        arrays["full.missing"], arrays["full.best"] = lists.full
    arrays |= {f"moved.{by}": moved for by, moved in lists.moved.items()}
    for task, scale in references.items():
        for name in ("sources", "centre", "spread"):
            arrays[f"reference.{task}.{name}"] = getattr(scale, name)

    def write(half: Path) -> None:
        with half.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)

    write_whole(path, write)


def read_lists(*paths: Path) -> RankedLists:
    """Lists of one shard or several, in their order, as they were kept.

    They are read a column at a time, so that those of a whole run are never in memory twice.
    """
    with np.load(paths[0], allow_pickle=False) as kept:
        names = [name for name in kept.files if not name.startswith("reference.")]
    columns = {name: np.concatenate([_column(path, name) for path in paths]) for name in names}
    return RankedLists(
        **{name: columns[name] for name in (*_COLUMNS, "worth") if name in columns},
        moved=_under("moved", columns),
        full=(columns["full.missing"], columns["full.best"]) if "full.best" in columns else None,
    )


def _column(path: Path, name: str) -> NDArray[Any]:
    with np.load(path, allow_pickle=False) as kept:
        column: NDArray[Any] = kept[name]
    return column


def read_references(path: Path) -> References:
    """Reference distributions of the lists of the partners of a shard, as they were kept."""
    with np.load(path, allow_pickle=False) as kept:
        arrays = _under("reference", kept)
    return {
        task: ListScale(*(arrays[f"{task}.{name}"] for name in ("sources", "centre", "spread")))
        for task in ("new", "repeat")
        if f"{task}.sources" in arrays
    }


def write_part(path: Path, rows: pl.DataFrame) -> None:
    """Keep finished rows."""
    write_whole(path, lambda half: rows.write_ipc(half, compression="zstd"))


def read_parts(parts: Sequence[Path], partners: Sequence[str] | None = None) -> pl.DataFrame:
    """Finished rows, of everybody or of some partners."""
    rows = pl.scan_ipc(list(parts))
    if partners is not None:
        rows = rows.filter(pl.col("partner_id").is_in(list(partners)))
    return rows.collect()


def join_parts(parts: Sequence[Path], path: Path, format: Format) -> None:
    """Write finished rows to one file, in order, never all of them in memory.

    Parameters
    ----------
    parts : sequence of Path
        From :func:`write_part`, one at least.
    path : Path
    format : {"parquet", "csv", "jsonl"}
        In CSV the entries of a list are joined by ``;``; one within an entry, or a backslash, has
        a backslash before it. Text that a spreadsheet would run as a formula begins with an
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
    """Rows whose text cells a spreadsheet shows as they are, lists in one cell each."""
    kinds = rows.collect_schema()
    lists = [name for name, kind in kinds.items() if kind == pl.List(pl.String)]
    texts = [name for name, kind in kinds.items() if kind == pl.String]
    entry = pl.element().str.replace_all(r"([\\;])", r"\$1")
    joined = rows.with_columns(pl.col(lists).list.eval(entry).list.join(";"))
    return joined.with_columns(pl.col(*lists, *texts).str.replace(_FORMULA, "'$0"))


def _under(name: str, kept: Any) -> dict[str, NDArray[Any]]:
    prefix = f"{name}."
    return {key.removeprefix(prefix): kept[key] for key in kept if key.startswith(prefix)}
