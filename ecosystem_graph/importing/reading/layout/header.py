"""Which rows of a grid are its header, and the names of columns they give."""

import itertools
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.importing.reading.grid import (
    UNDECIDED,
    Grid,
    Range,
    UnreadableInputError,
)
from ecosystem_graph.importing.reading.raw_table import JOINED, numbered_names

_HEAD: Final = 60
"""Rows that are not blank in which the header is searched for."""
_NUMBER: Final = re.compile(r"[-+(]?\W{0,3}\d[\d.,'\u00a0\u202f ]*\W{0,3}(?:[eE][-+]?\d+)?\)?")
_DAY: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?")
_IMPORT_ID: Final = '{"ImportId"'
_CODE: Final = re.compile(r"V\d+")


def named_header(grid: Grid, header: Sequence[int]) -> tuple[int, ...]:
    """Positions of the rows that a mapping names as the header.

    Raises
    ------
    UnreadableInputError
        If the grid has no such row.
    """
    at = np.searchsorted(grid.rows, header)
    for row, place in zip(header, at, strict=True):
        if place == len(grid.rows) or grid.rows[place] != row:
            last = int(grid.rows[-1]) if len(grid.rows) else 0
            raise UnreadableInputError(
                f"has no row {row} to be its header: its last row is {last}."
            )
    return tuple(int(place) for place in sorted(at))


def found_header(grid: Grid, n_filled: NDArray[np.int64]) -> tuple[int, ...]:
    """First row at least half as full as the fullest, with the rows that belong to it."""
    head = np.flatnonzero(n_filled)[:_HEAD]
    fullest = _fullest(grid, n_filled, head)
    least = max(fullest / 2, min(fullest, 2))
    for place in head[n_filled[head] >= least]:
        if _is_title(grid, int(place), n_filled):
            continue
        texts = [text for text in grid.cells.row(int(place)) if text and text.strip()]
        values = sum(is_value(text) for text in texts)
        if 2 * values > len(texts) or (len(head) == 1 == fullest and not grid.delimiter):
            break
        return _with_rows_below(grid, int(place))
    first = int(grid.rows[head[0]])
    raise UnreadableInputError(
        f"has no row that is surely a header; row {first} is the first with content. Name the row "
        "of the header, or write names of columns above the data.",
        f"header = [{first}]",
        UNDECIDED,
    )


def _fullest(grid: Grid, n_filled: NDArray[np.int64], head: NDArray[np.int64]) -> int:
    """Filled cells of the fullest row; a text's row with more fields than most does not count."""
    fullest = int(n_filled[head].max())
    if grid.n_fields is None:
        return fullest
    usual = int(np.bincount(grid.n_fields[head]).argmax())
    return int(n_filled[head[grid.n_fields[head] <= max(usual, 2)]].max(initial=min(fullest, 1)))


def is_value(text: str) -> bool:
    """Whether a text is a number or a day, which names of columns rarely are.

    Examples
    --------
    >>> is_value("1.234,50"), is_value("2026-03-31"), is_value("Q1 revenue")
    (True, True, False)
    """
    text = text.strip()
    return bool(_NUMBER.fullmatch(text) or _DAY.fullmatch(text))


def _is_title(grid: Grid, place: int, n_filled: NDArray[np.int64]) -> bool:
    """Whether a row is one text merged over several columns, or alone beside fuller rows."""
    row = int(grid.rows[place])
    wide = any(top <= row <= bottom and right > left for top, left, bottom, right in grid.merged)
    return wide and n_filled[place] == 1 and bool((n_filled[place + 1 :] > 1).any())


def _with_rows_below(grid: Grid, place: int) -> tuple[int, ...]:
    """Row of the header with those that merged cells or ids of a survey tool add to it."""
    first = int(grid.rows[place])
    under = [merge for merge in grid.merged if merge[0] <= first <= merge[2]]
    tall = max((bottom for _, _, bottom, _ in under), default=first)
    if any(right > left and bottom == first for _, left, bottom, right in under):
        tall = max(tall, first + 1)
    rows = [place + n for n in range(tall - first + 1) if place + n < len(grid.rows)]
    return tuple(rows) if len(rows) > 1 else _with_survey_rows(grid, place)


def _with_survey_rows(grid: Grid, place: int) -> tuple[int, ...]:
    """Row of the header with the question texts and ids that Qualtrics writes below it."""
    rows = [[text or "" for text in row] for row in grid.cells[place : place + 3].iter_rows()]
    if len(rows) == 3 and _are_import_ids(rows[2]):
        return place, place + 1, place + 2
    return (place, place + 1) if _are_legacy_codes(rows) else (place,)


def _are_import_ids(texts: Sequence[str]) -> bool:
    return any(texts) and all(text.startswith(_IMPORT_ID) for text in texts if text)


def _are_legacy_codes(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds codes `V1`, `V2`, ... of what the second names."""
    return len(rows) > 1 and rows[0][0] == "V1" and rows[1][0].casefold() == "responseid"


def header_texts(grid: Grid, at: Sequence[int]) -> list[list[str]]:
    """Text of each column in each row of the header, under merges as well."""
    rows = [[(text or "").strip() for text in grid.cells.row(place)] for place in at]
    for position, place in enumerate(at):
        row = int(grid.rows[place])
        for merge in grid.merged:
            if merge[0] <= row <= merge[2]:
                _spread(rows[position], merge, _text_at(grid, merge))
    if not grid.merged:
        for upper, lower in itertools.pairwise(rows):
            _carry_on(upper, lower)
    return rows


def _text_at(grid: Grid, merge: Range) -> str:
    place = int(np.searchsorted(grid.rows, merge[0]))
    return (grid.cells.row(place)[merge[1]] or "").strip()


def _spread(texts: list[str], merge: Range, text: str) -> None:
    _, left, _, right = merge
    texts[left : right + 1] = [text] * (min(right, len(texts) - 1) - left + 1)


def _carry_on(upper: list[str], lower: list[str]) -> None:
    """Fill a name that stands once above several, as the question above its answers."""
    for column in range(1, len(upper)):
        if not upper[column] and lower[column]:
            upper[column] = upper[column - 1]


def column_names(texts: Sequence[Sequence[str]]) -> list[str]:
    """Name of each column: its texts in the rows of the header, joined by ` / `.

    In exports of Qualtrics, with question texts in the second row, a question is called `Q1`.

    Examples
    --------
    >>> column_names([["Deal", "Customer", "Customer"], ["", "Name", "Country"]])
    ['Deal', 'Customer / Name', 'Customer / Country']
    """
    if len(texts) > 1 and _are_import_ids(texts[-1]):
        return numbered_names(texts[0])
    if _are_legacy_codes(texts):
        pairs = zip(texts[0], texts[1], strict=True)
        return numbered_names(name if _CODE.fullmatch(code) else code for code, name in pairs)
    parts = zip(*texts, strict=True)
    return numbered_names(
        JOINED.join(dict.fromkeys(part for part in column if part)) for column in parts
    )
