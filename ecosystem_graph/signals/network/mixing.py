"""Mixing of kinds of partners: their joint wins, and those expected by chance."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array, diags_array

from ecosystem_graph.arrays.csr import row_of_entries, row_scaled, tidy, without_diagonal
from ecosystem_graph.arrays.pair_kernels import bilinear, row_dot
from ecosystem_graph.arrays.typing import Positions, Values
from ecosystem_graph.arrays.vectors import run_starts
from ecosystem_graph.graph import EcosystemGraph

#: Bisection for the sum of a market's rates: up to e**7 times its minimum, in 50 halvings.
_RANGE, _HALVINGS = 7.0, 50


@dataclass(frozen=True, slots=True, eq=False)
class Mixing:
    """Joint wins of each two kinds, symmetric arrays of shape (n_kinds, n_kinds).

    Attributes
    ----------
    seen, expected : ndarray
        Joint wins, and the number expected if kinds did not matter, >= 0.
    dispersion : float
        Overdispersion: how many joint wins weigh as much as one independent of others, >= 1.
    """

    seen: Values
    expected: Values
    dispersion: float


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """Seats of partners on won deals, and the rate at which each meets others in a market.

    Attributes
    ----------
    graph : EcosystemGraph
    seats : tuple of ndarray of shape (n_seats,)
        Partner and deal of each entry of ``graph.incidence``.
    weight : ndarray of shape (n_deals,)
        Weight of a deal for each of its pairs: 1/(m-1) for a team of m, 0 for one partner alone.
    active : csr_array of shape (n_active, n_seats)
        Share of each seat in the joint wins of a partner in a market.
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
        """The won deals of a graph; the market of a deal is its territory."""
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
        """Joint wins between kinds, and those expected by chance within the markets.

        A deal won by a team of m counts 1/(m-1) for each of its pairs, so that it adds one to
        each partner's joint wins. If kinds did not matter, partners would meet at random within
        a market, each as often as it had joint wins there, and never itself: with a partner on
        every deal, no joint win is expected between the others.

        Parameters
        ----------
        kinds : csr_array of shape (n_seats, n_kinds)
            Membership of each seat in kinds; rows sum to 1 at most.

        Returns
        -------
        Mixing
            The dispersion is the mean of ``(joint wins - expected)**2 / expected`` over pairs of
            partners, given the observed mixing of kinds. Pairs that win together repeatedly are
            less evidence about their kinds than as many pairs that met once.

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
        expected_wins = row_dot(markets, markets, a, b) * (1.0 + bilinear(kinds, ratio - 1.0, a, b))
        counted = expected_wins > 0
        apart = (wins.data[counted] ** 2 / expected_wins[counted]).sum() - wins.data[counted].sum()
        present = (by_market @ shares).toarray()
        n_present = np.asarray(by_market.sum(axis=1)).ravel()
        never = np.where(ratio > 0, 0.0, present.T @ present).sum()
        freedom = (n_present * (n_present - 1)).sum() - never
        return max(float(apart / freedom), 1.0) if freedom > 0 else 1.0


def meeting_rates(wins: Values, market: Positions) -> Values:
    """Rates x at which partners of a market meet: ``sum of x[a] * x[b] over b != a = wins[a]``.

    With X their sum, x solves ``x * (X - x) = wins``: the smaller solution, or the larger one for
    a partner with as many wins as all others. X is found by bisection.

    Parameters
    ----------
    wins : ndarray of shape (n,)
        > 0.
    market : ndarray of shape (n,)
        Positions of markets.

    Returns
    -------
    ndarray of shape (n,)
        >= 0; if one has as many wins as all others together, the rates of the others vanish.

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
