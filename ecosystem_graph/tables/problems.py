"""What is wrong with tables, and what is worth knowing about them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecosystem_graph.tables.printable import printable

_LONGEST: Final = 60
"""Letters of a value that is still compared with others."""
_DIGIT: Final = re.compile(r"\d")


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
    follows_from : (str, int) or None
        File and row whose own fault this one follows from; it is no fault of its own then.

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
    follows_from: tuple[str, int] | None = None

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        return printable(f"{place}  {self.message}")


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
        return printable(f"{self.file}  {self.message}")


def did_you_mean(value: str, options: Iterable[str]) -> str:
    """Hint at the one option that a value is a slip of the pen away from, or nothing.

    Case and punctuation aside, a word may differ in one letter, from six letters on in two, and no
    other option may be as near. What has a digit in it is a code: of two codes that differ in a
    letter, each is right somewhere.

    Examples
    --------
    >>> did_you_mean("wonn", ["won", "lost"])
    " Did you mean 'won'?"
    >>> did_you_mean("azure", ["won", "lost"]), did_you_mean("p-11", ["p-1"])
    ('', '')
    """
    folded = _folded(value)
    if not folded or len(value) > _LONGEST:
        return ""
    reach = 0 if _DIGIT.search(value) else 1 if len(folded) < 6 else 2
    # With so many slips at most, one of the pieces between them is whole.
    size = -(-len(folded) // (reach + 1))
    pieces = [folded[start : start + size] for start in range(0, len(folded), size)]
    near: dict[int, list[str]] = {}
    for option in options:
        if len(option) > _LONGEST or (reach and _DIGIT.search(option)):
            continue
        other = _folded(option)
        if any(piece in other for piece in pieces):
            slips = _slips(folded, other, reach)
            near.setdefault(slips, []).append(option)
    best = next((near[slips] for slips in range(reach + 1) if slips in near), [])
    return f" Did you mean {quoted(best[0])}?" if len(best) == 1 else ""


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _slips(left: str, right: str, most: int) -> int:
    """Letters to write, leave out or change between two words, or more than `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    pairs = enumerate(zip(left, right, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), 0)
    left, right = left[same:], right[same:]
    row = list(range(len(right) + 1))
    for above, letter in enumerate(left, 1):
        before, row = row, [above]
        for column, other in enumerate(right, 1):
            change = before[column - 1] + (letter != other)
            row.append(min(before[column] + 1, row[-1] + 1, change))
        if min(row) > most:
            return most + 1
    return row[-1]


def quoted(value: object) -> str:
    """Value between quotes, printable, and cut short if it is long.

    Examples
    --------
    >>> quoted("p-1"), quoted("x" * 5_000)[-8:]
    ("'p-1'", "xxxx...'")
    """
    text = str(value)
    return printable(f"'{text}'" if len(text) <= 60 else f"'{text[:60]}...'")
