"""Which rows of a grid are title, header, data, totals and footer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.importing.reading.grid import EMPTY, UNDECIDED, Grid, UnreadableInputError
from ecosystem_graph.importing.reading.layout.header import found_header, is_value, named_header
from ecosystem_graph.tables.values.text import missing_hint

_BLOCKS: Final = 60
"""Blocks between blank rows, and rows of each, that are looked at for a second table."""
_TOTAL: Final = re.compile(
    r"(?:grand[ -]?|sub[ -]?)?totals?\b|(?:zwischen|gesamt)?summe\b|gesamt(?:ergebnis)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the header and the data of a grid are.

    Attributes
    ----------
    header : tuple of int
        Positions of the rows of the header in the grid.
    data : ndarray of int64
        Positions of the rows of data, ascending.
    left_out : dict of str to int
        Rows that are neither, by reason.
    """

    header: tuple[int, ...]
    data: NDArray[np.int64]
    left_out: dict[str, int] = field(default_factory=dict)


def bounds_of(grid: Grid, header: Sequence[int] = ()) -> Bounds:
    """Header and data of a grid.

    Parameters
    ----------
    grid : Grid
    header : sequence of int
        Rows of the header as a spreadsheet numbers them; empty: searched for.

    Raises
    ------
    UnreadableInputError
        If no row, or more than one, may be the header.

    Examples
    --------
    >>> cells = [("Q1", None), ("Deal", "Amount"), ("d-1", "10"), ("Total", "10")]
    >>> grid = Grid(pl.DataFrame(cells, schema=["0", "1"], orient="row"), np.arange(1, 5))
    >>> bounds = bounds_of(grid)
    >>> bounds.header, bounds.data.tolist(), bounds.left_out
    ((1,), [2], {'title': 1, 'total': 1})
    """
    n_filled = _n_filled(grid.cells)
    if not n_filled.any():
        raise UnreadableInputError("is empty: at least a header is expected.", kind=EMPTY)
    at = named_header(grid, header) if header else found_header(grid, n_filled)
    blank = n_filled == 0
    left_out = {"title": int((~blank[: at[0]]).sum())}
    last, ends = _end_of_data(grid, n_filled, at[-1] + 1)
    if (second := _second_table(grid, n_filled, at, last)) is not None:
        if not header:
            raise _two_tables(grid.rows[at[0]], grid.rows[second])
        ends = {"another table": int((~blank[second:]).sum())}
        last = second
    data = np.arange(at[-1] + 1, last)
    left_out["blank"] = int(blank[: np.flatnonzero(~blank)[-1]].sum())
    data = data[~blank[data]]
    again = _header_again(grid, at, data)
    left_out["header again"] = int(again.sum())
    left_out |= ends
    return Bounds(at, data[~again], {why: count for why, count in left_out.items() if count})


def _two_tables(first: int, second: int) -> UnreadableInputError:
    return UnreadableInputError(
        f"holds two tables: one with its header in row {first}, another below a blank row, with "
        f"its header in row {second}. Name the header of the one that is meant.",
        f"header = [{first}]",
        UNDECIDED,
    )


def _n_filled(cells: pl.DataFrame) -> NDArray[np.int64]:
    """Number of filled cells of each row; blanks alone do not fill a cell."""
    if not cells.height:
        return np.zeros(0, dtype=np.int64)
    filled = cells.select(
        pl.sum_horizontal(pl.all().str.contains(r"\S").fill_null(False).cast(pl.Int64))
    )
    return filled.to_series().to_numpy()


def _end_of_data(grid: Grid, n_filled: NDArray[np.int64], first: int) -> tuple[int, dict[str, int]]:
    """Position after the last row of data, and the rows below it by reason."""
    filled = np.flatnonzero(n_filled[first:]) + first
    counts = {"total": 0, "footer": 0}
    if not len(filled):
        return first, counts
    typical = np.median(n_filled[filled])
    blank = np.flatnonzero(n_filled[first:] == 0) + first
    last_blank = max((int(place) for place in blank if place < filled[-1]), default=-1)
    n_columns = int(n_filled[first - 1 :].max(initial=0))
    while len(filled):
        place = int(filled[-1])
        text = next((text for text in grid.cells.row(place) if text and text.strip()), "")
        if _TOTAL.match(text.strip()) and (n_filled[place] < typical or _is_bare(text)):
            counts["total"] += 1
        elif place > last_blank > 0 and n_filled[place] == 1 and n_columns > 1:
            counts["footer"] += 1
        else:
            break
        filled = filled[:-1]
    last = int(filled[-1]) + 1 if len(filled) else first
    return last, counts


def _is_bare(text: str) -> bool:
    """Whether a label of a total is nothing more, so that no name is taken for one."""
    rest = _TOTAL.sub("", text.strip(), count=1)
    return not re.sub(r"\(.*\)|[\d\W]", "", rest)


def _second_table(
    grid: Grid, n_filled: NDArray[np.int64], at: tuple[int, ...], last: int
) -> int | None:
    """Position of a second header below a blank row; None if all rows are of one table."""
    first = at[-1] + 1
    filled = np.flatnonzero(n_filled[first:last]) + first
    starts = filled[1:][np.diff(filled) > 1]
    for start in starts[:_BLOCKS]:
        above = grid.cells[int(filled[0]) : int(start)]
        if _is_header_beside(grid, int(start), above) and not _repeats(grid, at, int(start)):
            return int(start)
    return None


def _is_header_beside(grid: Grid, place: int, above: pl.DataFrame) -> bool:
    """Whether a row is all names, in columns that hold values or nothing above."""
    row = grid.cells.row(place)
    here = [column for column, text in enumerate(row) if text and text.strip()]
    if len(here) < 2 or not _are_names([(row[column] or "").strip() for column in here]):
        return False
    known = above.head(_BLOCKS)
    odd = 0
    for column in here:
        texts = [text for text in known.to_series(column) if text]
        odd += not texts or sum(map(is_value, texts)) > len(texts) / 2
    return odd > 0


def _are_names(texts: Sequence[str]) -> bool:
    """Whether texts may be names of columns: distinct, no values, and few of them with digits."""
    if len(set(texts)) < len(texts) or any(is_value(text) or missing_hint(text) for text in texts):
        return False
    return 4 * sum(any(map(str.isdigit, text)) for text in texts) <= len(texts)


def _repeats(grid: Grid, at: tuple[int, ...], place: int) -> bool:
    return any(grid.cells.row(place) == grid.cells.row(header) for header in at)


def _header_again(grid: Grid, at: tuple[int, ...], data: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows of data repeat the header, as where exports were appended to each other."""
    names = grid.cells.row(at[-1])
    column = next((place for place, name in enumerate(names) if name), None)
    if column is None:  # a row that a mapping names may be blank
        return np.zeros(len(data), dtype=bool)
    again = (grid.cells.to_series(column)[data] == names[column]).fill_null(False).to_numpy()
    again = np.array(again, dtype=bool)
    for position in np.flatnonzero(again):
        again[position] = grid.cells.row(int(data[position])) == names
    return again
