"""What is wrong with tables, and what is worth knowing about them."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from ecosystem_graph.errors import DataError

SHOWN: Final = 20
"""Problems told in the text of an error; all of them are in its `problems`."""
_MANY: Final = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must be put right before the tables can be used.

    Attributes
    ----------
    table, file : str
        The table, and where it comes from (`deals.csv`; the table's name for a dataframe).
    row : int or None
        As a spreadsheet shows it for CSV (the header is row 1); the first row of data is row 1 in
        Parquet files and dataframes. None if it is about the table as a whole.
    column, value : str or None
        Where in the row, and what stands there.
    message : str
        What is wrong, what is allowed and what to do, in one sentence or two.
    kind : str
        The kind of fault in a few words, the same for every row that has it, such as `not a date`.

    Examples
    --------
    >>> print(Problem("partners", "partners.csv", 7, "name", None, "name is empty."))
    partners.csv:7  name is empty.
    """

    table: str
    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    kind: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        return f"{place}  {self.message}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that stops nothing.

    Examples
    --------
    >>> print(Note("partners", "partners.csv", "typ", "unknown column 'typ': ignored."))
    partners.csv  unknown column 'typ': ignored.
    """

    table: str
    file: str
    column: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}  {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in the tables of one source.

    Attributes
    ----------
    source : str
        What was read.
    problems, notes : tuple
        In the order of the tables and their rows.
    rows : dict of str to int
        Rows of every table that was there, the bad ones included.
    """

    source: str
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    rows: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "schema": 1,
            "source": self.source,
            "rows": dict(self.rows),
            "problems": [asdict(problem) for problem in self.problems],
            "notes": [asdict(note) for note in self.notes],
        }


def data_error(source: str, problems: Sequence[Problem]) -> DataError:
    """Error that tells the first problems and carries all of them."""
    count = len(problems)
    lines = [f"{source} has {count} problem{'' if count == 1 else 's'}"]
    lines += [f"  {problem}" for problem in problems[:SHOWN]]
    if count > SHOWN:
        lines.append(
            f"  ... and {count - SHOWN} more; `ecosystem-graph check {source}` lists them all"
        )
    return DataError("\n".join(lines), problems)


def did_you_mean(value: str, options: Iterable[str]) -> str:
    """Hint at the option most like a value, or nothing.

    Of very many options it looks at those that begin or end like the value.

    Examples
    --------
    >>> did_you_mean("wonn", ["won", "lost"])
    " Did you mean 'won'?"
    >>> did_you_mean("azure", ["won", "lost"])
    ''
    """
    likely = [option for option in options if abs(len(option) - len(value)) <= 1 + len(value) // 3]
    if len(likely) > _MANY:
        start, end = value[: len(value) // 2 + 1], value[len(value) // 2 :]
        likely = [option for option in likely if option.startswith(start) or option.endswith(end)]
    by_folded = {option.casefold(): option for option in likely[:_MANY]}
    matches = difflib.get_close_matches(value.casefold(), by_folded, n=1, cutoff=0.7)
    return f" Did you mean '{by_folded[matches[0]]}'?" if matches else ""


def quoted(value: object) -> str:
    """Value between quotes, cut short if it is long.

    Examples
    --------
    >>> quoted("p-1"), quoted("x" * 5_000)[-8:]
    ("'p-1'", "xxxx...'")
    """
    text = str(value)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:60]}...'"
