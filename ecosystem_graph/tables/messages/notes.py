"""Notes on tables, and the words that messages about tables share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecosystem_graph.printable import printable

_LONGEST: Final = 60
"""Letters of a value that is still compared with others."""
_DIGIT: Final = re.compile(r"\d")


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
