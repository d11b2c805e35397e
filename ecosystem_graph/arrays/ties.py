"""Which of equal columns comes first in a short list: another one for each row.

Were it the lower position, the partners with the first ids would be in every list.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled


class Ties(NamedTuple):
    """A cyclic order of all columns; each row starts at its own position in it.

    Attributes
    ----------
    rank : ndarray of int64, shape (n_columns,)
        Position of each column in the order.
    order : ndarray of int64, shape (n_columns,)
        Column at each position.
    start : ndarray of int64, shape (n_rows,)
        Position that comes first for each row; empty if that is 0 for all.
    """

    rank: NDArray[np.int64]
    order: NDArray[np.int64]
    start: NDArray[np.int64]

    @classmethod
    def by_column(cls, n: int) -> Self:
        """The lower of n columns comes first, in every row."""
        columns = np.arange(n)
        return cls(columns, columns, np.zeros(0, dtype=np.int64))

    @classmethod
    def next_to(cls, rank: NDArray[np.int64]) -> Self:
        """The column that follows a row's own position in the order comes first.

        Examples
        --------
        >>> Ties.next_to(np.array([2, 0, 1])).order
        array([1, 2, 0])
        """
        return cls(rank, np.argsort(rank), rank)

    def of(self, rows: NDArray[np.integer]) -> Self:
        """The same order with the start of some rows only, as compiled loops take it."""
        start = self.start[rows] if len(self.start) else np.zeros(len(rows), dtype=np.int64)
        return self._replace(start=start)


@compiled
def single_precision(weight):  # type: ignore[no-untyped-def]
    """A weight rounded to single precision, so that equal sums are equal.

    Sums of the same terms in another order differ in the last digits of double precision.
    """
    return np.float64(np.float32(weight))


@compiled
def tie_key(ties, place, column):  # type: ignore[no-untyped-def]
    """How far a column is from the start of the row at a place; the nearest comes first."""
    distance = ties.rank[column] - ties.start[place]
    return distance if distance >= 0 else distance + len(ties.rank)


@compiled
def keys_to_columns(ties, place, keys, size):  # type: ignore[no-untyped-def]
    """Turn the first keys of a list back into the columns they stand for, in place."""
    for i in range(size):
        position = np.int64(keys[i]) + ties.start[place]
        n = len(ties.order)
        keys[i] = ties.order[position if position < n else position - n]
