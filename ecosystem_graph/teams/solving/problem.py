"""The optimisation problem: candidates, points for what each could own, points of pairs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Values = NDArray[np.float64]

#: Points of pairs of candidates, given by their places, and whether they may not be together.
PairTerms = Callable[[Places, Places], tuple[Values, NDArray[np.bool_]]]

_NOBODY = np.iinfo(np.int32).max


@dataclass(frozen=True, eq=False)
class TeamProblem:
    """Candidates for one team; everything is counted in points, and more is better.

    The points of a team are ::

        sum over capabilities of value[owner, capability]
        + sum over members of merit + sum over pairs of members of their bond

    where the owner of a capability is the member of greatest value in it. The first sum is a
    facility location: it grows with the team, by less the larger the team is (monotone
    submodular). Merits are modular; bonds are neither.

    Attributes
    ----------
    partners : ndarray of shape (n_candidates,)
        Positions in the graph, ascending; ties break by place, and so by partner id.
    value : ndarray of shape (n_candidates, n_capabilities)
        Points for owning each required capability, >= 0; 0 where it cannot.
    merit : ndarray of shape (n_candidates,)
        Points for being in the team; the lead's do not matter.
    pairs : callable
        Bond of pairs of places, symmetric, in points, and whether the pair is barred.
    bond_limit : float
        No bond is above it, >= 0.
    max_size : int
        Members at most, the lead included, >= 1.
    lead : int
        Place of the member that is in every team and owns something or not; -1 if none is.
    wanted : int
        Place of another that is in every team, like any other member; -1 if none is.
    filled : bool
        False: every member but the lead owns something, and no member joins at a loss.
        True: the team takes members up to `max_size`, owners of something or not.

    References
    ----------
    Facility location: Nemhauser, G. L., Wolsey, L. A., Fisher, M. L. (1978). An analysis of
    approximations for maximizing submodular set functions. Mathematical Programming 14.
    doi:10.1007/BF01588971. Bonds as communication cost: Lappas, T., Liu, K., Terzi, E. (2009).
    Finding a team of experts in social networks. KDD. doi:10.1145/1557019.1557074
    """

    partners: Places
    value: Values
    merit: Values
    pairs: PairTerms
    bond_limit: float
    max_size: int
    lead: int = -1
    wanted: int = -1
    filled: bool = False

    def __len__(self) -> int:
        return len(self.partners)

    @property
    def first(self) -> Places:
        """Members of every team: the lead and the wanted candidate, where there are any."""
        fixed = {place: None for place in (self.lead, self.wanted) if place >= 0}
        return np.array(list(fixed), dtype=np.intp)

    @cached_property
    def rank(self) -> NDArray[np.int32]:
        """Who comes first for owning each capability, (n_candidates, n_capabilities), from 0.

        By value, then the lead, then by place; a very large number for those that cannot.
        """
        n, m = self.value.shape
        precedence = np.where(np.arange(n) == self.lead, -1, np.arange(n))
        rank = np.full((n, m), _NOBODY, dtype=np.int32)
        for column in range(m):
            order = np.lexsort((precedence, -self.value[:, column]))
            order = order[self.value[order, column] > 0]
            rank[order, column] = np.arange(len(order))
        return rank

    def owners(self, team: Places) -> Places:
        """Place of the member that owns each capability, -1 where none can."""
        if not len(team) or not self.value.shape[1]:
            return np.full(self.value.shape[1], -1, dtype=np.intp)
        ranks = self.rank[team]
        best = ranks.argmin(axis=0)
        owned = ranks[best, np.arange(ranks.shape[1])] < _NOBODY
        return np.where(owned, team[best], -1)

    def coverage(self, team: Places) -> float:
        """Points for the capabilities that a team owns."""
        return float(self.value[team].max(axis=0, initial=0.0).sum())

    def bonds(self, team: Places) -> float:
        """Points of all pairs of a team."""
        left, right = np.triu_indices(len(team), 1)
        return float(self.pairs(team[left], team[right])[0].sum())

    def points(self, team: Places) -> float:
        """Points of a team."""
        others = team[team != self.lead]
        return self.coverage(team) + float(self.merit[others].sum()) + self.bonds(team)

    def permits(self, team: Places) -> bool:
        """Whether a team meets every constraint."""
        if len(team) > self.max_size or not np.isin(self.first, team).all():
            return False
        left, right = np.triu_indices(len(team), 1)
        if self.pairs(team[left], team[right])[1].any():
            return False
        idle = np.setdiff1d(team, [*self.owners(team), self.lead])
        return self.filled or not len(idle)

    def additions(self, team: Places, among: Places) -> tuple[Values, Values]:
        """What each of some candidates would add to a team, and how much of that is coverage.

        Returns
        -------
        tuple of ndarray of shape (n_among,)
            Points, -inf for those that may not join; and points of coverage alone, >= 0.
        """
        held = self.value[team].max(axis=0, initial=0.0)
        takes = self.rank[among] < self.rank[team].min(axis=0, initial=_NOBODY)
        covered = np.where(takes, self.value[among] - held, 0.0).sum(axis=1)
        bond, barred = self._with(team, among)
        barred |= np.isin(among, team)
        if not self.filled:
            barred |= ~takes.any(axis=1)
            owners = self.owners(team)
            for member in team[team != self.lead]:
                barred |= takes[:, owners == member].all(axis=1)
        return np.where(barred, -np.inf, covered + self.merit[among] + bond), covered

    def _with(self, team: Places, among: Places) -> tuple[Values, NDArray[np.bool_]]:
        """Bonds of each candidate with a whole team, and whether somebody in it bars it."""
        if not len(team):
            return np.zeros(len(among)), np.zeros(len(among), dtype=bool)
        members, others = np.repeat(team, len(among)), np.tile(among, len(team))
        bond, barred = self.pairs(members, others)
        shape = (len(team), len(among))
        apart = np.asarray(barred.reshape(shape).any(axis=0), dtype=bool)
        return bond.reshape(shape).sum(axis=0), apart

    def among(self, kept: Places) -> Self:
        """The same with some of the candidates, and what pairs cost worked out for all of them.

        Parameters
        ----------
        kept : ndarray of shape (n_kept,)
            Their places, those of :attr:`first` among them, in order.
        """
        n = len(kept)
        left, right = np.triu_indices(n, 1)
        bond, barred = self.pairs(kept[left], kept[right])
        terms = DensePairs(np.zeros((n, n)), np.zeros((n, n), dtype=bool))
        for matrix, values in ((terms.bond, bond), (terms.barred, barred)):
            matrix[left, right] = matrix[right, left] = values
        return replace(
            self,
            partners=self.partners[kept],
            value=self.value[kept],
            merit=self.merit[kept],
            pairs=terms,
            lead=int(np.searchsorted(kept, self.lead)) if self.lead >= 0 else -1,
            wanted=int(np.searchsorted(kept, self.wanted)) if self.wanted >= 0 else -1,
        )


@dataclass(frozen=True, eq=False, slots=True)
class DensePairs:
    """Bonds and bars of all pairs of a few candidates, each of shape (n, n), symmetric."""

    bond: Values
    barred: NDArray[np.bool_] = field(repr=False)

    def __call__(self, left: Places, right: Places) -> tuple[Values, NDArray[np.bool_]]:
        """Those of some pairs."""
        return self.bond[left, right], self.barred[left, right]
