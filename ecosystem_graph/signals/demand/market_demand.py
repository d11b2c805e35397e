"""Demand in the markets of each partner, computed row by row and never stored whole."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import Csr, csr_arrays
from ecosystem_graph.arrays.heap import push
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.top_k import by_column, listed_rows
from ecosystem_graph.arrays.workspace import zeros

#: Rows worked on together.
_ROWS = 4_096


@dataclass(frozen=True, eq=False, slots=True)
class MarketDemand:
    """Demand in the markets of each partner, as shares of capabilities.

    ``m[a, c] = sum over markets of shares[a, m] * wanted[m, c]``, tilted to
    ``m[a, c] * (1 + tilt[a] * (sum over industries of industries[a, i] * lift[i, c] - 1))`` and
    scaled to sum to 1. For a million partners the array would have a hundred million entries,
    read twice: computing a row takes no longer than reading it.

    Attributes
    ----------
    shares : csr_array of shape (n_partners, n_markets)
        Of a partner's business by market, >= 0.
    wanted : csr_array of shape (n_markets, n_capabilities)
        Shares of demand, >= 0.
    industries : csr_array of shape (n_partners, n_industries), optional
        Shares of a partner's deals; without them nothing is tilted.
    lift : ndarray of shape (n_industries, n_capabilities), optional
        Demand of an industry for each capability, over that of all industries, >= 0.
    tilt : ndarray of shape (n_partners,), optional
        How far the industries count, 0..1.
    """

    shares: csr_array
    wanted: csr_array
    industries: csr_array | None = None
    lift: NDArray[np.float64] | None = None
    tilt: NDArray[np.float64] | None = None

    def beside(self, total: csr_array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Dot product of each row with that of `total`, and with itself, shape (n_partners,)."""
        n, n_capabilities = total.shape
        crossed, squares = np.zeros(n), np.zeros(n)
        arrays = self._arrays()

        def fill(rows: NDArray[np.intp]) -> None:
            row = zeros("row", n_capabilities)
            _beside(arrays, csr_arrays(total), rows, row, crossed, squares)

        for _ in map_chunks(fill, np.arange(n), size=_ROWS):
            pass
        return crossed, squares

    def added_to(self, own: csr_array, weight: float, k: int) -> csr_array:
        """The k largest entries of each row of ``own + weight * m``, as shares of their sum.

        Parameters
        ----------
        own : csr_array of shape (n_partners, n_capabilities)
            Entries >= 0.
        weight : float
            >= 0.
        k : int
            >= 1; ties by lower column.

        Returns
        -------
        csr_array of shape (n_partners, n_capabilities)
            Rows sum to 1, or to 0 without any demand.

        Examples
        --------
        >>> market = MarketDemand(csr_array([[1.0], [0.0]]), csr_array([[0.5, 0.25, 0.25]]))
        >>> market.added_to(csr_array([[0.0, 0.0, 2.0], [0.0, 1.0, 0.0]]), 2.0, 2).toarray()
        array([[0.28571429, 0.        , 0.71428571],
               [0.        , 1.        , 0.        ]])
        """
        k = min(k, own.shape[1])
        values, columns = np.zeros((own.shape[0], k)), np.full((own.shape[0], k), -1, np.int32)
        arrays = self._arrays()

        def fill(rows: NDArray[np.intp]) -> None:
            row = zeros("row", own.shape[1])
            chunk = slice(rows[0], rows[-1] + 1)
            _added(arrays, csr_arrays(own), weight, rows, row, values[chunk], columns[chunk])

        if own.nnz or self.wanted.nnz:
            for _ in map_chunks(fill, np.arange(own.shape[0]), size=_ROWS):
                pass
        return listed_rows(values, columns, own.shape)

    def _arrays(self) -> "_Arrays":
        n = self.shares.shape[0]
        industries = csr_array((n, 1)) if self.industries is None else self.industries
        lift = np.ones((1, self.wanted.shape[1])) if self.lift is None else self.lift
        tilt = np.zeros(n) if self.tilt is None else self.tilt
        shares, wanted = csr_arrays(self.shares), csr_arrays(self.wanted)
        return _Arrays(shares, wanted, csr_arrays(industries), lift, tilt)


class _Arrays(NamedTuple):
    """The attributes of a `MarketDemand` as arguments of compiled loops."""

    shares: Csr
    wanted: Csr
    industries: Csr
    lift: NDArray[np.float64]
    tilt: NDArray[np.float64]


@compiled
def _market_row(market, partner, row, touched):  # type: ignore[no-untyped-def]
    """Fill an empty row with a partner's row of m; returns the number of columns filled."""
    shares, wanted, industries = market.shares, market.wanted, market.industries
    n_touched, total = 0, 0.0
    for i in range(shares.pointers[partner], shares.pointers[partner + 1]):
        at = shares.columns[i]
        for j in range(wanted.pointers[at], wanted.pointers[at + 1]):
            column, value = wanted.columns[j], shares.values[i] * wanted.values[j]
            if value > 0.0:
                if row[column] == 0.0:
                    touched[n_touched] = column
                    n_touched += 1
                row[column] += value
    tilt = market.tilt[partner]
    for place in range(n_touched):
        column = touched[place]
        if tilt > 0.0:
            more = -1.0
            for i in range(industries.pointers[partner], industries.pointers[partner + 1]):
                more += industries.values[i] * market.lift[industries.columns[i], column]
            row[column] *= max(1.0 + tilt * more, 0.0)
        total += row[column]
    for place in range(n_touched):
        row[touched[place]] /= total if total > 0.0 else 1.0
    return n_touched


@compiled
def _beside(market, total, rows, row, crossed, squares):  # type: ignore[no-untyped-def]
    touched = np.empty(len(row), np.uint32)
    for partner in rows:
        n_touched = _market_row(market, partner, row, touched)
        for i in range(total.pointers[partner], total.pointers[partner + 1]):
            crossed[partner] += total.values[i] * row[total.columns[i]]
        for place in range(n_touched):
            squares[partner] += row[touched[place]] ** 2
            row[touched[place]] = 0.0


@compiled
def _added(market, own, weight, rows, row, values, columns):  # type: ignore[no-untyped-def]
    touched = np.empty(2 * len(row), np.uint32)
    for place in range(len(rows)):
        partner = rows[place]
        n_touched = _market_row(market, partner, row, touched)
        for i in range(n_touched):
            row[touched[i]] *= weight
        for i in range(own.pointers[partner], own.pointers[partner + 1]):
            column, value = own.columns[i], own.values[i]
            if value > 0.0:
                if row[column] == 0.0:  # a column may be entered twice, where m is 0 there
                    touched[n_touched] = column
                    n_touched += 1
                row[column] += value
        size = np.int64(0)
        for i in range(n_touched):
            column = touched[i]
            if row[column] > 0.0:
                size = push(values[place], columns[place], size, row[column], np.int64(column))
            row[column] = 0.0
        by_column(values[place], columns[place], size)
        total = 0.0
        for i in range(size):
            total += values[place, i]
        for i in range(size):
            values[place, i] /= total
