"""Where one input of a source is."""

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

from ecosystem_graph.importing.reading.raw_table import InputOptions

Kind = Literal["csv", "workbook", "json", "parquet", "database", "dataframe"]


@dataclass(frozen=True, slots=True)
class InputLocation:
    """Where one input is.

    Attributes
    ----------
    name : str
        Stem of the file, `stem / sheet` where a workbook has several, or name of a dataframe.
    file : str
        Relative to the source, with `/` between folders; `env:NAME`; name of a dataframe.
    kind : str
    path : Path or None
    sheet : str or None
        Sheet of a workbook, or table of a database.
    hidden : bool
        Whether it is a hidden sheet, which is read only if a mapping names it.
    frame : object
        Dataframe with the Arrow PyCapsule interface; None for a file.
    """

    name: str
    file: str
    kind: Kind
    path: Path | None = None
    sheet: str | None = None
    hidden: bool = False
    frame: Any = None

    @property
    def shown(self) -> str:
        """File, and sheet where a workbook has several, as messages name them."""
        several = self.sheet is not None and self.name.endswith(f" / {self.sheet}")
        return f"{self.file} [{self.sheet}]" if several else self.file

    def fits(self, options: InputOptions) -> bool:
        """Whether its file and sheet are among those that a mapping names.

        Examples
        --------
        >>> deals = InputLocation("Deals FY26", "crm/Deals FY26.csv", "csv")
        >>> deals.fits(InputOptions(files=("deals*.csv",)))
        True
        """
        if options.sheet is not None and self.kind == "workbook":
            if (self.sheet or "").casefold() != options.sheet.casefold():
                return False
        elif self.hidden:
            return False
        return any(_fits(self.file, pattern) for pattern in options.files)


def _fits(file: str, pattern: str) -> bool:
    """Whether a file, or its name without folders, fits a pattern, regardless of case."""
    ends = {file, file.rpartition("/")[2]}
    plain = pattern.casefold()
    return any(end.casefold() == plain or fnmatch(end.casefold(), plain) for end in ends)
