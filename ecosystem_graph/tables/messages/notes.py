"""Notes on tables, and spelling hints."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecosystem_graph.printable import printable

_LONGEST: Final = 60
"""Most letters of a value that is compared with others."""
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the user should know that is not a problem.

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
    """Hint at the one option that a value is likely a misspelling of; empty if there is none.

    Case and punctuation aside, a word may differ in one letter, or in two from six letters on, and
    no other option may be as close. A value with a digit is a code and must match exactly, since
    codes that differ in one letter are often both valid.

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
    most = 0 if _DIGIT.search(value) else 1 if len(folded) < 6 else 2
    near: dict[int, list[str]] = {}
    for option in options:
        if len(option) <= _LONGEST and not (most and _DIGIT.search(option)):
            near.setdefault(_distance(folded, _folded(option), most), []).append(option)
    best = next((near[distance] for distance in range(most + 1) if distance in near), [])
    return f" Did you mean {quoted(best[0])}?" if len(best) == 1 else ""


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _distance(left: str, right: str, most: int) -> int:
    """Levenshtein distance of two words, or `most` + 1 if it is larger."""
    # With `most` edits, one of `most` + 1 pieces of the first word occurs in the second: a fast no.
    size = -(-len(left) // (most + 1))
    pieces = (left[start : start + size] for start in range(0, len(left), size))
    if abs(len(left) - len(right)) > most or not any(piece in right for piece in pieces):
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
