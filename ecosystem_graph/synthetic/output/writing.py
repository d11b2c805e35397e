"""A synthetic ecosystem, in memory or as files."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from ecosystem_graph.files.folder_kind import FolderKind
from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.ecosystem import Progress, drawn
from ecosystem_graph.synthetic.output.frames import FRAMES
from ecosystem_graph.synthetic.output.truth import TRUTH, models
from ecosystem_graph.tables import TABLES
from ecosystem_graph.tables.packaging.descriptor import descriptor

_ROW_GROUP: Final = 250_000

PACKAGE: Final = {
    "title": "A synthetic partner ecosystem",
    "description": (
        "Invented from beginning to end: no partner, customer or deal in it exists. The planted "
        "truth is in the folder truth."
    ),
    "licenses": (
        {
            "name": "CC0-1.0",
            "title": "CC0 1.0 Universal",
            "path": "https://creativecommons.org/publicdomain/zero/1.0/",
        },
    ),
}


INVENTED = FolderKind(
    "an invented ecosystem",
    "manifest.json",
    {"made_by": "ecosystem-graph synth"},
    frozenset(
        {"manifest.json", "datapackage.json", "truth/models.json"}
        | {f"{name}.parquet" for name in TABLES}
        | {f"truth/{name}.parquet" for name in TRUTH}
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class Synthetic:
    """A synthetic ecosystem and its ground truth.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Every table of the schema, as `read_tables` takes them.
    truth : dict of str to DataFrame
        `partners` (quality, community, activity), `held` (who truly can do what), `gaps` (up to
        five most wanted capabilities a partner lacks), `rivals` (pairs), `teams` (what decided
        each deal), `untagged` (members of winning teams missing from the record), `customers`
        (mood).
    models : dict
        Coefficients of who teams with whom, which team wins, who accepts an introduction.
    """

    tables: dict[str, pl.DataFrame]
    truth: dict[str, pl.DataFrame]
    models: dict[str, Any]


def _silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Report no progress."""


def synthetic(n_partners: int, seed: int = 0) -> Synthetic:
    """Draw an ecosystem in memory, with a planted truth.

    Parameters
    ----------
    n_partners : int
        2 or more.
    seed : int, default 0
        Same number and seed, same ecosystem; 0 or more.

    Examples
    --------
    >>> small = synthetic(50, seed=1)
    >>> len(small.tables), small.tables["partners"].height
    (12, 50)
    """
    numbers = drawn(n_partners, seed, _silent)
    return Synthetic(
        {name: frame(numbers).collect() for name, frame in FRAMES.items()},
        {name: frame(numbers).collect() for name, frame in TRUTH.items()},
        models(n_partners, seed),
    )


def write_synthetic(
    out: str | Path, n_partners: int, *, seed: int = 0, progress: Progress | None = None
) -> None:
    """Draw an ecosystem into a folder: one Parquet file per table, and the truth beside them.

    Time and memory grow in step with the number of partners. The files are the same for the same
    number and seed.

    Parameters
    ----------
    out : str or Path
        Made if it is not there. Gets the tables, `datapackage.json` with the day to see them from,
        `manifest.json`, and in `truth` the planted truth and `models.json`.
    n_partners : int
        2 or more.
    seed : int, default 0
        0 or more.
    progress : callable, optional
        Called with a stage, and with steps done and in all while deals are made.
    """
    report = progress or _silent
    folder, truth = Path(out), Path(out) / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    numbers = drawn(n_partners, seed, report)
    report("writing tables")
    rows = {name: _written(frame(numbers), folder, name) for name, frame in FRAMES.items()}
    report("writing the truth")
    for name, frame in TRUTH.items():
        _written(frame(numbers), truth, name)
    facts = models(n_partners, seed)
    _write_json(truth / "models.json", facts)
    _write_json(folder / "manifest.json", {"made_by": "ecosystem-graph synth", **facts})
    package = {**PACKAGE, "name": f"synthetic-{n_partners}-{seed}"}
    _write_json(folder / "datapackage.json", package_of(folder, rows, **package))


def _written(frame: pl.LazyFrame, folder: Path, name: str) -> int:
    """Stream a table to its file; return its number of rows."""
    path = folder / f"{name}.parquet"
    frame.sink_parquet(path, compression="zstd", row_group_size=_ROW_GROUP, maintain_order=True)
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def package_of(folder: Path, rows: dict[str, int], **facts: Any) -> dict[str, Any]:
    """Descriptor of the tables in a folder, made without reading them.

    The schema comes from their columns; sizes and checksums from the files as they are.
    """
    with TemporaryDirectory() as temporary:
        for name in rows:
            _header(folder / f"{name}.parquet", Path(temporary))
        package = descriptor(temporary, as_of=given.AS_OF, **facts)
    for resource in package["resources"]:
        path = folder / resource["path"]
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        resource |= {
            "bytes": path.stat().st_size,
            "hash": f"sha256:{digest}",
            "rows": rows[resource["name"]],
        }
    return package


def _header(path: Path, folder: Path) -> None:
    """Copy the columns of a table, and one partner, without whom there are no sound tables."""
    frame = pl.read_parquet(path, n_rows=1 if path.stem == "partners" else 0)
    if path.stem == "partners":
        frame = frame.with_columns(parent_id=pl.lit(None, pl.String))
    frame.write_parquet(folder / path.name)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(f"{json.dumps(content, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
