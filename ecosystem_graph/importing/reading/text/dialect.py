"""Which delimiter stands between the fields of a text."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.tables.opening.csv_text import DECLARED_APART

_DELIMITERS: Final = (",", ";", "\t", "|")
_RECORDS: Final = 50
_LETTERS: Final = 200_000
_NAMES: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a text are set apart.

    Attributes
    ----------
    delimiter : str
    n_declared : int
        Bytes at the beginning that declare the delimiter (`sep=;` and the line's end).
    decided_by : str
        `mapping`, `sep= line`, or `fields per record`.
    """

    delimiter: str
    n_declared: int
    decided_by: str


def dialect_of(data: bytes, delimiter: str | None = None) -> Dialect:
    r"""Delimiter of a text in UTF-8.

    Parameters
    ----------
    data : bytes
    delimiter : str, optional
        If it is known: one letter, or `tab`.

    Raises
    ------
    UnreadableInputError
        If `delimiter` is not one letter.

    Examples
    --------
    >>> dialect_of(b"name;amount\nAcme;1.234,50\nBolt;99,00").delimiter
    ';'
    >>> dialect_of(b"sep=|\na|b").n_declared
    6
    """
    head = data[:_LETTERS].decode(errors="ignore")
    if len(data) > _LETTERS:
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    declared = DECLARED_APART.match(head)
    n_declared = len(declared[0].encode()) if declared else 0
    if delimiter is not None:
        return Dialect(_one_letter(delimiter), n_declared, "mapping")
    if declared:
        return Dialect(_one_letter(declared[1]), n_declared, "sep= line")
    return Dialect(_most_constant(head), 0, "fields per record")


def _one_letter(delimiter: str) -> str:
    named = _NAMES.get(delimiter.casefold(), delimiter)
    if len(named) != 1 or not named.isascii() or named in '"\r\n':
        raise UnreadableInputError(
            f"cannot be split at {delimiter!r}: a delimiter is one letter such as ',' or ';', or "
            "'tab'."
        )
    return named


def _most_constant(head: str) -> str:
    """Delimiter with which most records have the same number of fields, more than one."""
    best, score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        if found := _constancy(sample_records(head, delimiter)):
            score, best = max((score, best), (found, delimiter), key=lambda pair: pair[0])
    return best


def _constancy(records: Sequence[Sequence[str]]) -> tuple[float, int] | None:
    """Share of the records with the most frequent number of fields, and that number.

    None if reading each record as one field is the better explanation.
    """
    counts = Counter(len(record) for record in records)
    several = {n_fields: count for n_fields, count in counts.items() if n_fields > 1}
    if not several:
        return None
    n_fields = max(several, key=lambda n: (several[n], n))
    if several[n_fields] * n_fields < counts.get(1, 0):
        return None
    return several[n_fields] / counts.total(), n_fields


def sample_records(head: str, delimiter: str) -> list[list[str]]:
    """The first 50 records that are not blank."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        filled = (record for record in reader if any(field.strip() for field in record))
        return list(itertools.islice(filled, _RECORDS))
    except csv.Error:  # one field beyond the size limit, as after an unclosed quote
        return []
