"""A folder or a mapping of dataframes -> the tables in it, as they stand."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from ecosystem_graph.errors import DataError
from ecosystem_graph.tables.csv_text import ROW, Spoiled, csv_text
from ecosystem_graph.tables.problems import Note, Problem, did_you_mean
from ecosystem_graph.tables.schema import ONE_OF, REQUIRED, TABLES
from ecosystem_graph.tables.time import as_date

_FORMATS: Final = {".csv": "CSV", ".parquet": "Parquet"}


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it stands: the original columns, and the row number in `ROW`."""

    name: str
    file: str
    frame: pl.DataFrame
    columns: tuple[str, ...]
    spoiled: tuple[Spoiled, ...] = ()
    digest: str | None = None


@dataclass(slots=True)
class Source:
    """What was found where the user pointed.

    Attributes
    ----------
    name : str
        The folder as the user wrote it, or what stands for a mapping.
    tables : dict of str to RawTable
        Those that could be opened, in the order of `TABLES`.
    problems, notes : list
        About files, not about what is in them.
    as_of : date or None
        From `datapackage.json`.
    """

    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    as_of: date | None = None


def opened(source: str | Path | Mapping[str, Any]) -> Source:
    """Tables of a folder, or of a mapping from table names to dataframes.

    Raises
    ------
    DataError
        If the folder does not exist or is a file.
    TypeError
        If a dataframe does not speak the Arrow PyCapsule interface.
    """
    return _mapping(source) if isinstance(source, Mapping) else _folder(source)


def _mapping(frames: Mapping[str, Any]) -> Source:
    source = Source("the mapping of tables")
    for name in frames:
        if name not in TABLES:
            hint = did_you_mean(str(name), TABLES)
            source.notes.append(Note(str(name), str(name), None, f"unknown table: ignored.{hint}"))
    for name in TABLES:
        if name in frames:
            source.tables[name] = _numbered(name, name, _arrow(name, frames[name]))
    _report_missing(source, sorted(map(str, frames)), suffix="")
    return source


def _arrow(name: str, frame: Any) -> pl.DataFrame:
    if not hasattr(frame, "__arrow_c_stream__"):
        raise TypeError(
            f"table {name!r} must be a dataframe with the Arrow PyCapsule interface "
            f"(polars, pandas, pyarrow, duckdb). Got {type(frame).__name__}."
        )
    return pl.DataFrame(frame)


def _folder(source: str | Path) -> Source:
    folder = Path(source)
    if not folder.is_dir():
        state = "is a file" if folder.exists() else "does not exist"
        raise DataError(
            f"{source} {state}: a folder with one CSV or Parquet file per table is expected. "
            "`ecosystem-graph template DIR` writes one to fill in."
        )
    found = Source(str(source))
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _FORMATS)
    paths = [path for path in paths if not path.name.startswith((".", "~", "_"))]
    for path in paths:
        if path.stem not in TABLES:
            hint = did_you_mean(path.name, [f"{name}{path.suffix}" for name in TABLES])
            found.notes.append(
                Note(path.stem, path.name, None, f"unknown file '{path.name}': ignored.{hint}")
            )
    for name in TABLES:
        _open_table(found, name, [path for path in paths if path.stem == name])
    _report_missing(found, [path.name for path in paths], suffix=".csv")
    _read_descriptor(found, folder / "datapackage.json")
    return found


def _open_table(source: Source, name: str, paths: list[Path]) -> None:
    if len(paths) > 1:
        both = " and ".join(path.name for path in paths)
        message = f"{both} are both there: keep one, so that it is clear which is meant."
        source.problems.append(Problem(name, paths[0].name, None, None, None, message))
    for path in paths[:1]:
        try:
            read = _read_csv if path.suffix.lower() == ".csv" else _read_parquet
            if table := read(source, name, path):
                source.tables[name] = table
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = str(error).splitlines()[0]
            message = f"cannot be read as {_FORMATS[path.suffix.lower()]}: {reason}"
            source.problems.append(Problem(name, path.name, None, None, None, message))


def _read_csv(source: Source, name: str, path: Path) -> RawTable | None:
    """Text of the file; None if not even its header can be told."""
    data = path.read_bytes()
    text = csv_text(data)
    source.problems += [Problem(name, path.name, None, None, None, fault) for fault in text.faults]
    if not text.columns or (text.faults and len(text.columns) == 1):
        return None
    columns, digest = tuple(text.frame.columns[:-1]), hashlib.sha256(data).hexdigest()
    return RawTable(name, path.name, text.frame, columns, tuple(text.spoiled), digest)


def _read_parquet(source: Source, name: str, path: Path) -> RawTable:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return _numbered(name, path.name, pl.read_parquet(path, glob=False), digest)


def _numbered(name: str, file: str, frame: pl.DataFrame, digest: str | None = None) -> RawTable:
    rows = pl.int_range(1, frame.height + 1, eager=True).alias(ROW)
    return RawTable(name, file, frame.with_columns(rows), tuple(frame.columns), digest=digest)


def _report_missing(source: Source, found: list[str], *, suffix: str) -> None:
    there = set(source.tables) | {problem.table for problem in source.problems}
    listed = f"Found: {', '.join(found) or 'no tables'}."
    template = "`ecosystem-graph template DIR` writes every table with its header."
    if REQUIRED not in there:
        message = f"is missing: the partners of the ecosystem are required. {listed} {template}"
        source.problems.append(Problem(REQUIRED, f"{REQUIRED}{suffix}", None, None, None, message))
    if not any(there.issuperset(names) for names in ONE_OF):
        options = " or ".join(" + ".join(f"{name}{suffix}" for name in names) for names in ONE_OF)
        table = ONE_OF[0][0] if ONE_OF[0][0] not in there else ONE_OF[0][1]
        message = f"is missing: {options} is required. {listed} {template}"
        source.problems.append(Problem(table, f"{table}{suffix}", None, None, None, message))


def _read_descriptor(source: Source, path: Path) -> None:
    """Take `as_of` from the data package, if there is one."""
    if not path.is_file():
        return
    try:
        descriptor = json.loads(path.read_bytes())
        as_of = descriptor.get("as_of") if isinstance(descriptor, dict) else None
        source.as_of = as_date(as_of) if as_of is not None else None
    except (ValueError, TypeError) as error:
        message = f"as_of cannot be read: {error}"
        source.problems.append(Problem("datapackage", path.name, None, "as_of", None, message))
