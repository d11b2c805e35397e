"""A folder of files, or a mapping of dataframes -> the tables in it."""

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from ecosystem_graph.errors import DataError
from ecosystem_graph.files.small_files import json_from, read_text
from ecosystem_graph.tables.messages.notes import Note, did_you_mean
from ecosystem_graph.tables.opening.csv_text import csv_text
from ecosystem_graph.tables.opening.dataframes import of_frames
from ecosystem_graph.tables.opening.forking import check_alive
from ecosystem_graph.tables.opening.raw_table import RawTable, Source, numbered
from ecosystem_graph.tables.schema.definitions import ONE_OF, REQUIRED, TABLES
from ecosystem_graph.tables.values.dates import as_date
from ecosystem_graph.tables.values.names import folded

_FORMATS: Final = {".csv": "CSV", ".tsv": "CSV", ".tab": "CSV", ".parquet": "Parquet"}
_UNSUPPORTED: Final = {
    ".xlsx": "a workbook: save its sheet as CSV, or use `ecosystem-graph import`",
    ".xls": "a workbook: save its sheet as CSV, or use `ecosystem-graph import`",
    ".xlsm": "a workbook: save its sheet as CSV, or use `ecosystem-graph import`",
    ".xlsb": "a workbook: save its sheet as CSV, or use `ecosystem-graph import`",
    ".ods": "a workbook: save its sheet as CSV, or use `ecosystem-graph import`",
    ".numbers": "a workbook: export it as CSV",
    ".gz": "compressed: unpack it",
    ".bz2": "compressed: unpack it",
    ".xz": "compressed: unpack it",
    ".zst": "compressed: unpack it",
    ".zip": "compressed: unpack it",
    ".json": "JSON: write it as CSV or Parquet, or use `ecosystem-graph import`",
    ".jsonl": "JSON: write it as CSV or Parquet, or use `ecosystem-graph import`",
    ".ndjson": "JSON: write it as CSV or Parquet, or use `ecosystem-graph import`",
    ".txt": "a text of unknown form: if it is CSV, let its name end in .csv",
    ".xml": "XML: write it as CSV or Parquet",
    ".html": "a web page: write it as CSV or Parquet",
    ".arrow": "Arrow: write it as Parquet",
    ".feather": "Arrow: write it as Parquet",
    ".avro": "Avro: write it as Parquet",
    ".orc": "ORC: write it as Parquet",
}
_BY_NAME: Final = {folded(name): name for name in TABLES}


def opened(source: str | Path | Mapping[str, Any]) -> Source:
    """Tables of a folder, or of a mapping from table names to dataframes.

    Raises
    ------
    DataError
        If the folder does not exist, is a file or cannot be listed.
    TypeError
        If it is neither, or a dataframe does not speak the Arrow PyCapsule interface.
    """
    check_alive()
    if isinstance(source, Mapping):
        return of_frames(source)
    if not isinstance(source, str | Path):
        raise TypeError(
            "tables are read from a folder, or from a mapping of table names to dataframes. "
            f"Got {type(source).__name__}."
        )
    return _folder(source)


def _folder(source: str | Path) -> Source:
    folder = Path(source)
    if not folder.is_dir():
        state = "is a file" if folder.exists() else "does not exist"
        raise DataError(
            f"{source} {state}: a folder with one CSV or Parquet file per table is expected. "
            "`ecosystem-graph template DIR` writes one to fill in."
        )
    found = Source(str(source))
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"{source} cannot be listed: {error.strerror}.") from error
    paths = [path for path in paths if not path.name.startswith((".", "~", "_"))]
    readable = [path for path in paths if path.suffix.lower() in _FORMATS]
    _note_unknown(found, readable)
    for name in TABLES:
        _open_table(found, name, [path for path in readable if folded(path.stem) == folded(name)])
    _report_unsupported(found, paths)
    found.require_tables([path.name for path in readable], suffix=".csv")
    _read_descriptor(found, folder / "datapackage.json")
    return found


def _note_unknown(source: Source, paths: list[Path]) -> None:
    """Note files whose name is not that of a table."""
    for path in paths:
        if folded(path.stem) not in _BY_NAME:
            hint = did_you_mean(path.name, [f"{name}{path.suffix}" for name in TABLES])
            message = f"unknown file '{path.name}': ignored.{hint}"
            source.notes.append(Note(path.stem, path.name, None, message))


def _open_table(source: Source, name: str, paths: list[Path]) -> None:
    if len(paths) > 1:
        both = " and ".join(path.name for path in paths)
        message = f"{both} both exist: keep one, so that it is clear which is meant."
        source.add_problem(name, paths[0].name, message, "table twice")
    for path in paths[:1]:
        kind = _FORMATS[path.suffix.lower()]
        try:
            if other := _kind_unless_file(path):
                source.add_problem(name, path.name, f"is {other}, not a file.", "not a file")
                continue
            read = _read_csv if kind == "CSV" else _read_parquet
            if table := read(source, name, path):
                source.tables[name] = table
        except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
            message = f"cannot be read as {kind}: {reason}"
            source.add_problem(name, path.name, message, f"not {kind}")


def _kind_unless_file(path: Path) -> str:
    """What a path is instead of a file, links followed; empty if it is a file."""
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or socket"


def _read_csv(source: Source, name: str, path: Path) -> RawTable | None:
    """Table of a CSV file; None if not even its header can be read."""
    data = path.read_bytes()
    text = csv_text(data, TABLES[name].column_names())
    for fault in text.faults:
        source.add_problem(name, path.name, fault, "unreadable file")
    if text.faults and len(text.columns) < 2:
        return None
    return RawTable(
        name,
        path.name,
        text.frame,
        tuple(text.frame.columns[:-1]),
        tuple(text.columns),
        tuple(text.unreadable_rows),
        tuple(text.undecodable),
        decimal_comma=text.separator == ";",
        digest=hashlib.sha256(data).hexdigest(),
        truncated=bool(text.faults),
    )


def _read_parquet(source: Source, name: str, path: Path) -> RawTable:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return numbered(name, path.name, pl.read_parquet(path, glob=False), digest)


def _report_unsupported(source: Source, paths: list[Path]) -> None:
    """Report files that are tables by their names, but in a format that is not supported."""
    present = source.present()
    needed = {REQUIRED, *(name for names in ONE_OF for name in names)}
    for path in paths:
        name = _BY_NAME.get(folded(path.name.split(".")[0]))
        if name is None or path.suffix.lower() not in _UNSUPPORTED:
            continue
        fault = f"is {_UNSUPPORTED[path.suffix.lower()]}"
        if name in present:
            message = f"{fault}; ignored, for there is another file of that table."
            source.notes.append(Note(name, path.name, None, message))
        elif name in needed:
            source.add_problem(name, path.name, f"{fault}.", "unsupported format")
        else:
            source.notes.append(Note(name, path.name, None, f"{fault}; ignored as it is."))


def _read_descriptor(source: Source, path: Path) -> None:
    """Read `as_of` and `ignored_roles` from the data package, if there is one."""
    if not path.is_file():
        return
    try:
        descriptor = json_from(read_text(path))
        as_of = descriptor.get("as_of") if isinstance(descriptor, dict) else None
        source.as_of = as_date(as_of) if as_of is not None else None
        roles = descriptor.get("ignored_roles", []) if isinstance(descriptor, dict) else []
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            message = f"ignored_roles must be a list of roles in deal_partners. Got {roles!r:.80}."
            source.add_problem(
                "datapackage", path.name, message, "unreadable file", "ignored_roles"
            )
        else:
            source.ignored_roles = tuple(roles)
    except (OSError, ValueError, TypeError) as error:
        message = f"as_of cannot be read: {error}"
        source.add_problem("datapackage", path.name, message, "unreadable file", "as_of")
