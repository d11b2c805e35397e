"""Which of many equals comes first in a short list: for each row other ones, whatever their ids.

Were it the lower position, whoever's id comes first would stand in everybody's list.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled


@dataclass(frozen=True, eq=False, slots=True)
class Ties:
    """An order of all columns, which each row begins at another place of and goes round.

    Attributes
    ----------
    standing : ndarray of int64, shape (n_columns,)
        Place of each column in the order.
    order : ndarray of int64, shape (n_columns,)
        Column at each place.
    begin : ndarray of int64, shape (n_rows,)
        Place from which on each row looks.
    """

    standing: NDArray[np.int64]
    order: NDArray[np.int64]
    begin: NDArray[np.int64]

    @classmethod
    def by_column(cls, n: int) -> Self:
        """The lower of n columns comes first, in every row."""
        places = np.arange(n)
        return cls(places, places, np.zeros(0, dtype=np.int64))

    @classmethod
    def next_to(cls, standing: NDArray[np.int64]) -> Self:
        """Whoever stands next above a row's own place comes first.

        Examples
        --------
        >>> Ties.next_to(np.array([2, 0, 1])).order
        array([1, 2, 0])
        """
        return cls(standing, np.argsort(standing), standing)

    def of(
        self, rows: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """What compiled loops read: standing, order, and where each of some rows begins."""
        begin = self.begin[rows] if len(self.begin) else np.zeros(len(rows), dtype=np.int64)
        return self.standing, self.order, begin


@compiled
def as_told_apart(weight):  # type: ignore[no-untyped-def]
    """A weight as far as single precision tells it from others.

    Sums of the same terms in another order differ in the last digits of double precision.
    """
    return np.float64(np.float32(weight))


@compiled
def turned(standing, turn, column):  # type: ignore[no-untyped-def]
    """How far a column is from where a row begins."""
    away = standing[column] - turn
    return away if away >= 0 else away + len(standing)


@compiled
def turn_back(order, turn, listed, size):  # type: ignore[no-untyped-def]
    """Put columns in place of how far they are, in the first entries of a list."""
    for place in range(size):
        at = np.int64(listed[place]) + turn
        listed[place] = order[at if at < len(order) else at - len(order)]
