"""How often kinds of partners win together, and how often they would by chance."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from ecosystem_graph.arrays.csr import row_of_entries, row_scaled, tidy, without_diagonal
from ecosystem_graph.arrays.pair_kernels import bilinear, row_dot
from ecosystem_graph.arrays.vectors import run_starts
from ecosystem_graph.graph import EcosystemGraph

Values = NDArray[np.float64]
Positions = NDArray[np.intp]

#: How far above its least the sum of a market's rates is looked for, as a power of e, and in how
#: many halvings.
_RANGE, _HALVINGS = 7.0, 50


@dataclass(frozen=True, slots=True, eq=False)
class Mixing:
    """Joint wins of each two kinds, symmetric arrays of shape (n_kinds, n_kinds).

    Attributes
    ----------
    seen, expected : ndarray
        Joint wins there are, and as many as there would be were kinds of no account, >= 0.
    dispersion : float
        How many joint wins tell as much as one that has nothing to do with others, >= 1.
    """

    seen: Values
    expected: Values
    dispersion: float


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """Who won with others in which market, and how readily each meets anybody there.

    Attributes
    ----------
    graph : EcosystemGraph
    seats : tuple of ndarray of shape (n_seats,)
        Partner and deal of each entry of ``graph.incidence``.
    weight : ndarray of shape (n_deals,)
        What a deal counts for each of its pairs: 1/(m-1) for a team of m, 0 where nobody else was.
    active : csr_array of shape (n_active, n_seats)
        Shares of the joint wins of one partner in one market that each seat is.
    partner, market : ndarray of shape (n_active,)
        Positions.
    rate : ndarray of shape (n_active,)
        From :func:`meeting_rates`.
    """

    graph: EcosystemGraph
    seats: tuple[Positions, Positions]
    weight: Values
    active: csr_array
    partner: Positions
    market: Positions
    rate: Values

    @classmethod
    def of(cls, graph: EcosystemGraph) -> Self:
        """Read them off the won deals of a graph; the market of a deal is its territory."""
        partner = row_of_entries(graph.incidence).astype(np.intp)
        deal = graph.incidence.indices.astype(np.intp)
        joint = graph.team_size > 1
        markets = graph.deals["territory"].fill_null("").rank("dense").to_numpy()
        markets = markets.astype(np.int64) - 1
        n_markets = int(markets.max(initial=0)) + 1
        kept = np.flatnonzero(joint[deal])
        key = partner[kept] * n_markets + markets[deal[kept]]
        active, place = np.unique(key, return_inverse=True)
        wins = np.bincount(place, minlength=len(active)).astype(np.float64)
        who, where = np.divmod(active, n_markets)
        return cls(
            graph,
            (partner, deal),
            joint / np.maximum(graph.team_size - 1.0, 1.0),
            csr_array((1.0 / wins[place], (place, kept)), shape=(len(active), len(deal))),
            who.astype(np.intp),
            where.astype(np.intp),
            meeting_rates(wins, where.astype(np.intp)),
        )

    def between(self, kinds: csr_array) -> Mixing:
        """Count joint wins between kinds, and what chance would have within the markets.

        A deal won by a team of m counts 1/(m-1) for each of its pairs, so that it adds one to
        each partner's wins with others. Were kinds of no account, partners would meet at random
        among those of the same market, each as often as it won there with others at all, and
        never itself: a partner that is in on every deal leaves nothing to be expected between the
        others.

        Parameters
        ----------
        kinds : csr_array of shape (n_seats, n_kinds)
            How far the partner of each seat is of each kind in it; rows sum to 1 at most.

        Returns
        -------
        Mixing
            The dispersion is the mean of ``(joint wins - expected)**2 / expected`` over pairs of
            partners, where kinds mix as they were seen to. Pairs that win together again and
            again say less about their kinds than as many that met once.

        References
        ----------
        Configuration model: Newman, M. E. J. (2010). Networks: An Introduction, section 13.2; with
        kinds: Karrer, B., Newman, M. E. J. (2011). Physical Review E 83, 016107.
        doi:10.1103/PhysRevE.83.016107. Dispersion: McCullagh, P., Nelder, J. A. (1989).
        Generalized Linear Models, section 6.2.
        """
        deal, n_deals = self.seats[1], len(self.weight)
        together = csr_array(_members(deal, n_deals) @ kinds)
        seen = _in_pairs(
            together.T @ row_scaled(together, self.weight),
            kinds.T @ row_scaled(kinds, self.weight[deal]),
        )
        shares = csr_array(self.active @ kinds)
        rates = row_scaled(shares, self.rate)
        by_market = _members(self.market, int(self.market.max(initial=0)) + 1)
        total = csr_array(by_market @ rates)
        expected = _in_pairs(total.T @ total, rates.T @ rates)
        return Mixing(seen, expected, self._dispersion(seen, expected, shares, by_market))

    def _dispersion(
        self, seen: Values, expected: Values, shares: csr_array, by_market: csr_array
    ) -> float:
        n_partners = self.graph.n_partners
        ratio = np.divide(seen, expected, out=np.ones_like(seen), where=expected > 0)
        wins = self.graph.incidence @ diags_array(self.weight) @ self.graph.incidence.T
        wins = without_diagonal(csr_array(wins))
        a, b = row_of_entries(wins).astype(np.intp), wins.indices.astype(np.intp)
        markets = csr_array(
            (self.rate, (self.partner, self.market)), shape=(n_partners, by_market.shape[0])
        )
        of_partner = _members(self.partner, n_partners)
        n_active = np.maximum(np.asarray(of_partner.sum(axis=1)).ravel(), 1.0)
        kinds = tidy(row_scaled(csr_array(of_partner @ shares), 1.0 / n_active))
        usual = row_dot(markets, markets, a, b) * (1.0 + bilinear(kinds, ratio - 1.0, a, b))
        counted = usual > 0
        apart = (wins.data[counted] ** 2 / usual[counted]).sum() - wins.data[counted].sum()
        present = (by_market @ shares).toarray()
        everybody = np.asarray(by_market.sum(axis=1)).ravel()
        never = np.where(ratio > 0, 0.0, present.T @ present).sum()
        spare = (everybody * (everybody - 1)).sum() - never
        return max(float(apart / spare), 1.0) if spare > 0 else 1.0


def meeting_rates(wins: Values, market: Positions) -> Values:
    """Rates x at which those of a market meet: ``sum of x[a] * x[b] over b != a = wins[a]``.

    With X their sum, x solves ``x * (X - x) = wins``: its smaller solution for all but one that
    has as much as all others, its larger for that one. X is found by halving.

    Parameters
    ----------
    wins : ndarray of shape (n,)
        > 0.
    market : ndarray of shape (n,)
        Positions of markets.

    Returns
    -------
    ndarray of shape (n,)
        >= 0; where one has as many wins as all others together, theirs come to nothing.

    Examples
    --------
    >>> rates = meeting_rates(np.array([2.0, 1.0, 1.0, 2.0]), np.zeros(4, dtype=np.intp))
    >>> (np.outer(rates, rates) * (1 - np.eye(4))).sum(axis=1).round(6)
    array([2., 1., 1., 2.])
    >>> hub = meeting_rates(np.array([3.0, 1.0, 1.0, 1.0]), np.zeros(4, dtype=np.intp))
    >>> bool(hub[1] * hub[2] < 1e-5)
    True
    """
    n_markets = int(market.max(initial=0)) + 1
    order = np.lexsort((-wins, market))
    first = order[run_starts(market[order])]
    lowest = np.ones(n_markets)
    lowest[market[first]] = 2.0 * np.sqrt(wins[first])

    def smaller(total: Values) -> Values:
        here = total[market]
        x: Values = 2.0 * wins / (here + np.sqrt(np.maximum(here**2 - 4.0 * wins, 0.0)))
        return x

    # Where even the largest possible rates fall short of X, one partner dominates.
    dominated = np.bincount(market, smaller(lowest), n_markets) < lowest
    sign = np.ones(len(wins))
    sign[first] = np.where(dominated[market[first]], -1.0, 1.0)
    low, high = np.log(lowest), np.log(lowest) + _RANGE
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        total = np.exp(middle)
        filled = np.bincount(market, sign * smaller(total), n_markets)
        beyond = np.where(dominated, filled > 0, filled < total)
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    total = np.exp((low + high) / 2)
    x = smaller(total)
    return np.where(sign < 0, total[market] - x, x)


def _members(groups: Positions, n_groups: int) -> csr_array:
    """1 where a member is of the group, (n_groups, n_members)."""
    n = len(groups)
    return csr_array((np.ones(n), (groups, np.arange(n))), shape=(n_groups, n))


def _in_pairs(ends: csr_array, own: csr_array) -> Values:
    """Unordered pairs of each two kinds, from ordered ones and those of a partner with itself."""
    pairs: Values = np.maximum(ends.toarray() - own.toarray(), 0.0)
    pairs[np.diag_indices_from(pairs)] /= 2
    return pairs
