"""What is wrong with tables, and what is worth knowing about them."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MANY: Final = 5_000
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


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
        return escaped(f"{place}  {self.message}")


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
        return escaped(f"{self.file}  {self.message}")


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
    """Value between quotes, escaped, and cut short if it is long.

    Examples
    --------
    >>> quoted("p-1"), quoted("x" * 5_000)[-8:]
    ("'p-1'", "xxxx...'")
    """
    text = str(value)
    return escaped(f"'{text}'" if len(text) <= 60 else f"'{text[:60]}...'")


def escaped(text: str) -> str:
    r"""Text with the characters written out that would steer a terminal or turn its writing around.

    Examples
    --------
    >>> print(escaped("Acme" + chr(27) + "[2J"))
    Acme\x1b[2J
    """
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
