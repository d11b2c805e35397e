"""Demand in the market of each partner, worked out row by row and never kept."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.heap import push
from ecosystem_graph.arrays.jit import compiled, parts
from ecosystem_graph.arrays.top_k import by_column, listed_rows
from ecosystem_graph.arrays.workspace import zeros

#: Rows worked on together.
_ROWS = 4_096


@dataclass(frozen=True, eq=False, slots=True)
class MarketDemand:
    """What is asked for in the markets of each partner: shares of each capability.

    ``m[a, c] = sum over markets of shares[a, m] * wanted[m, c]``, tilted to
    ``m[a, c] * (1 + tilt[a] * (sum over industries of industries[a, i] * lift[i, c] - 1))`` and
    scaled to sum to 1. Of a million partners it would be a hundred million entries, to be read
    twice: making a row takes no longer than reading it.

    Attributes
    ----------
    shares : csr_array of shape (n_partners, n_markets)
        Of a partner's business, >= 0.
    wanted : csr_array of shape (n_markets, n_capabilities)
        Shares of demand, >= 0.
    industries : csr_array of shape (n_partners, n_industries), optional
        Shares of a partner's deals; without them nothing is tilted.
    lift : ndarray of shape (n_industries, n_capabilities), optional
        What an industry wants of each capability, over what all want of it, >= 0.
    tilt : ndarray of shape (n_partners,), optional
        0..1.
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

        def fill(rows: NDArray[np.intp]) -> None:
            row = zeros("row", n_capabilities)
            _beside(*self._parts(), *parts(total), rows, row, crossed, squares)

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
            Rows sum to 1, or to 0 where nothing is asked for.

        Examples
        --------
        >>> market = MarketDemand(csr_array([[1.0], [0.0]]), csr_array([[0.5, 0.25, 0.25]]))
        >>> market.added_to(csr_array([[0.0, 0.0, 2.0], [0.0, 1.0, 0.0]]), 2.0, 2).toarray()
        array([[0.28571429, 0.        , 0.71428571],
               [0.        , 1.        , 0.        ]])
        """
        k = min(k, own.shape[1])
        values, columns = np.zeros((own.shape[0], k)), np.full((own.shape[0], k), -1, np.int32)

        def fill(rows: NDArray[np.intp]) -> None:
            row = zeros("row", own.shape[1])
            here = slice(rows[0], rows[-1] + 1)
            _added(*self._parts(), *parts(own), weight, rows, row, values[here], columns[here])

        if own.nnz or self.wanted.nnz:
            for _ in map_chunks(fill, np.arange(own.shape[0]), size=_ROWS):
                pass
        return listed_rows(values, columns, own.shape)

    def _parts(self) -> tuple[NDArray[np.generic], ...]:
        """Everything compiled loops read, plain arrays."""
        n = self.shares.shape[0]
        industries = csr_array((n, 1)) if self.industries is None else self.industries
        lift = np.ones((1, self.wanted.shape[1])) if self.lift is None else self.lift
        tilt = np.zeros(n) if self.tilt is None else self.tilt
        return (*parts(self.shares), *parts(self.wanted), *parts(industries), lift, tilt)


@compiled
def _market_row(  # type: ignore[no-untyped-def]
    sp, si, sx, wp, wi, wx, ip, ii, ix, lift, tilt, partner, row, touched
):
    """Put a partner's row of m in an empty one; how many columns have an entry then."""
    n_touched, total = 0, 0.0
    for i in range(sp[partner], sp[partner + 1]):
        for j in range(wp[si[i]], wp[si[i] + 1]):
            value = sx[i] * wx[j]
            if value > 0.0:
                if row[wi[j]] == 0.0:
                    touched[n_touched] = wi[j]
                    n_touched += 1
                row[wi[j]] += value
    for place in range(n_touched):
        column = touched[place]
        if tilt[partner] > 0.0:
            more = -1.0
            for i in range(ip[partner], ip[partner + 1]):
                more += ix[i] * lift[ii[i], column]
            row[column] *= max(1.0 + tilt[partner] * more, 0.0)
        total += row[column]
    for place in range(n_touched):
        row[touched[place]] /= total if total > 0.0 else 1.0
    return n_touched


@compiled
def _beside(  # type: ignore[no-untyped-def]
    sp, si, sx, wp, wi, wx, ip, ii, ix, lift, tilt, tp, ti, tx, rows, row, crossed, squares
):
    touched = np.empty(len(row), np.uint32)
    market = (sp, si, sx, wp, wi, wx, ip, ii, ix, lift, tilt)
    for partner in rows:
        n_touched = _market_row(*market, partner, row, touched)
        for i in range(tp[partner], tp[partner + 1]):
            crossed[partner] += tx[i] * row[ti[i]]
        for place in range(n_touched):
            squares[partner] += row[touched[place]] ** 2
            row[touched[place]] = 0.0


@compiled
def _added(  # type: ignore[no-untyped-def]
    sp, si, sx, wp, wi, wx, ip, ii, ix, lift, tilt, op, oi, ox, weight, rows, row, values, columns
):
    touched = np.empty(2 * len(row), np.uint32)
    market = (sp, si, sx, wp, wi, wx, ip, ii, ix, lift, tilt)
    for place in range(len(rows)):
        partner = rows[place]
        n_touched = _market_row(*market, partner, row, touched)
        for i in range(n_touched):
            row[touched[i]] *= weight
        for i in range(op[partner], op[partner + 1]):
            if ox[i] > 0.0:
                if row[oi[i]] == 0.0:  # a column may be entered twice, where m is 0 there
                    touched[n_touched] = oi[i]
                    n_touched += 1
                row[oi[i]] += ox[i]
        size = 0
        for i in range(n_touched):
            column = touched[i]
            if row[column] > 0.0:
                size = push(values[place], columns[place], size, row[column], column)
            row[column] = 0.0
        by_column(values[place], columns[place], size)
        total = 0.0
        for i in range(size):
            total += values[place, i]
        for i in range(size):
            values[place, i] /= total
