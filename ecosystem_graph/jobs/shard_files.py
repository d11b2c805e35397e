"""Files of a shard of partners: lists in positions, and finished rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.files.whole_file import write_whole
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking.standardizer import ListScale

#: Reference distributions of lists, by the task they are ranked for.
References = Mapping[str, ListScale]

_COLUMNS = ("sources", "targets", "ranks", "scores", "known")


def write_lists(path: Path, lists: RankedLists, references: References) -> None:
    """Write lists, with the reference distributions of the lists of the same partners."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(lists, name) for name in _COLUMNS}
    if lists.utility is not None:
        arrays["utility"] = lists.utility
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
    """Read the lists of one shard or several, in their order.

    They are read one column at a time, so that the lists of a whole run are never in memory twice.
    """
    with np.load(paths[0], allow_pickle=False) as kept:
        names = [name for name in kept.files if not name.startswith("reference.")]
    columns = {name: np.concatenate([_column(path, name) for path in paths]) for name in names}
    return RankedLists(
        **{name: columns[name] for name in (*_COLUMNS, "utility") if name in columns},
        moved=_under("moved", columns),
        full=(columns["full.missing"], columns["full.best"]) if "full.best" in columns else None,
    )


def _column(path: Path, name: str) -> NDArray[Any]:
    with np.load(path, allow_pickle=False) as kept:
        column: NDArray[Any] = kept[name]
    return column


def read_references(path: Path) -> References:
    """Read the reference distributions of the lists of a shard."""
    with np.load(path, allow_pickle=False) as kept:
        arrays = _under("reference", kept)
    return {
        task: ListScale(*(arrays[f"{task}.{name}"] for name in ("sources", "centre", "spread")))
        for task in ("new", "repeat")
        if f"{task}.sources" in arrays
    }


def write_part(path: Path, rows: pl.DataFrame) -> None:
    """Write finished rows."""
    write_whole(path, lambda half: rows.write_ipc(half, compression="zstd"))


def read_parts(parts: Sequence[Path], partners: Sequence[str] | None = None) -> pl.DataFrame:
    """Read finished rows, of all or of some partners."""
    rows = pl.scan_ipc(list(parts))
    if partners is not None:
        rows = rows.filter(pl.col("partner_id").is_in(list(partners)))
    return rows.collect()


def _under(name: str, kept: Any) -> dict[str, NDArray[Any]]:
    prefix = f"{name}."
    return {key.removeprefix(prefix): kept[key] for key in kept if key.startswith(prefix)}
