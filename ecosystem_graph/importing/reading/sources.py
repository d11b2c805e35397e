"""What is in a source: files of a folder, sheets of workbooks, dataframes by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final, Literal

from ecosystem_graph.errors import DataError
from ecosystem_graph.importing.reading.raw_table import InputOptions

Kind = Literal["csv", "workbook", "json", "parquet", "database", "dataframe"]
ImportSource = str | Path | Sequence[str | Path] | Mapping[str, Any]

_KINDS: Final[dict[str, Kind]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
}


@dataclass(frozen=True, slots=True)
class InputLocation:
    """Where one input is.

    Attributes
    ----------
    name : str
        Stem of the file, `stem / sheet` where a workbook has several, or name of a dataframe.
    file : str
        Relative to the source, with `/` between folders; name of a dataframe.
    kind : str
    path : Path or None
    sheet : str or None
    frame : object
        Dataframe with the Arrow PyCapsule interface; None for a file.
    """

    name: str
    file: str
    kind: Kind
    path: Path | None = None
    sheet: str | None = None
    frame: Any = None

    def fits(self, options: InputOptions) -> bool:
        """Whether its file and sheet are among those that a mapping names.

        Examples
        --------
        >>> deals = InputLocation("Deals FY26", "crm/Deals FY26.csv", "csv")
        >>> deals.fits(InputOptions(files=("deals*.csv",)))
        True
        """
        return any(_fits(self.file, pattern) for pattern in options.files)


def _fits(file: str, pattern: str) -> bool:
    """Whether a file, or its name without folders, fits a pattern, regardless of case."""
    ends = {file, file.rpartition("/")[2]}
    return any(fnmatch(end.casefold(), pattern.casefold()) for end in ends)


def find_inputs(source: ImportSource) -> tuple[InputLocation, ...]:
    """Inputs in a source, in the order of their names; nothing is read.

    Parameters
    ----------
    source : path, sequence of paths, or mapping of str to dataframe

    Raises
    ------
    DataError
        If a file or folder does not exist.
    """
    if isinstance(source, Mapping):
        return tuple(
            InputLocation(str(name), str(name), "dataframe", frame=frame)
            for name, frame in source.items()
        )
    paths = [source] if isinstance(source, str | Path) else list(source)
    return tuple(location for path in paths for location in _of_path(Path(path)))


def _of_path(path: Path) -> list[InputLocation]:
    if path.is_dir():
        inside = sorted(path.rglob("*"), key=lambda file: file.relative_to(path).as_posix())
        found = [(file, file.relative_to(path)) for file in inside if file.is_file()]
    elif path.is_file():
        found = [(path, Path(path.name))]
    else:
        raise DataError(f"{path} does not exist: a folder or a file with exports is expected.")
    return [
        InputLocation(file.stem, within.as_posix(), _KINDS[file.suffix.lower()], file)
        for file, within in found
        if file.suffix.lower() in _KINDS
        and not any(part.startswith((".", "~", "_")) for part in within.parts)
    ]
