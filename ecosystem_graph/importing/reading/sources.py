"""What is in a source: files of a folder, sheets of workbooks, dataframes by name."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ecosystem_graph.errors import DataError
from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.location import InputLocation, Kind
from ecosystem_graph.importing.reading.structured.database import is_database, table_names
from ecosystem_graph.importing.reading.workbook.workbook import sheet_names

ImportSource = str | Path | Sequence[str | Path] | Mapping[str, Any]

_KINDS: Final[dict[str, Kind]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xlsb": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
}
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: systems also let text end in `.xls`."""


def find_inputs(source: ImportSource) -> tuple[InputLocation, ...]:
    """Inputs in a source, in the order of their names; nothing is read.

    Parameters
    ----------
    source : path, sequence of paths, or mapping of str to dataframe
        A path is that of a file or of a folder, or `env:NAME` for a database: an environment
        variable that holds its SQLAlchemy URL.

    Raises
    ------
    DataError
        If a file or folder does not exist, or a database cannot be reached.
    """
    if isinstance(source, Mapping):
        return tuple(
            InputLocation(str(name), str(name), "dataframe", frame=frame)
            for name, frame in source.items()
        )
    paths = [source] if isinstance(source, str | Path) else list(source)
    return tuple(
        location
        for path in paths
        for location in (_of_database(str(path)) if is_database(path) else _of_path(Path(path)))
    )


def _of_database(database: str) -> list[InputLocation]:
    """Tables and views of a database."""
    try:
        names = table_names(database)
    except UnreadableInputError as error:
        raise DataError(f"{database} {error}") from error
    return [InputLocation(name, database, "database", sheet=name) for name in names]


def _of_path(path: Path) -> list[InputLocation]:
    if path.is_dir():
        inside = sorted(path.rglob("*"), key=lambda file: file.relative_to(path).as_posix())
        found = [(file, file.relative_to(path)) for file in inside if file.is_file()]
    elif path.is_file():
        found = [(path, Path(path.name))]
    else:
        raise DataError(f"{path} does not exist: a folder or a file with exports is expected.")
    return [
        location
        for file, within in found
        if not any(part.startswith((".", "~", "_")) for part in within.parts)
        for location in _of_file(file, within)
    ]


def _of_file(file: Path, within: Path) -> list[InputLocation]:
    """The input of a file, or those of the sheets of a workbook; none if it is of no known kind."""
    kind = _KINDS.get(file.suffix.lower())
    if kind in ("csv", "workbook"):
        with file.open("rb") as stream:
            kind = "workbook" if stream.read(8).startswith(_WORKBOOKS) else "csv"
    if kind is None:
        return []
    if kind != "workbook":
        return [InputLocation(file.stem, within.as_posix(), kind, file)]
    try:
        sheets = sheet_names(file.read_bytes())
    except UnreadableInputError:  # said when it is read
        sheets = []
    if len(sheets) < 2:
        name = sheets[0].name if sheets else None
        return [InputLocation(file.stem, within.as_posix(), kind, file, name)]
    return [
        InputLocation(
            f"{file.stem} / {sheet.name}", within.as_posix(), kind, file, sheet.name, sheet.hidden
        )
        for sheet in sheets
    ]
