"""Substitutes: kinds of partners that win together far less often than chance would have them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import chi2

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.arrays.pair_kernels import bilinear
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.signals.network.mixing import Meetings
from ecosystem_graph.signals.proximity import named_types
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.tables.roles import LEADING, ROLE

#: Probability that the true rate of joint wins is above its upper bound.
_MISSED = 0.05

#: Share of the expected joint wins from which on two kinds are no substitutes.
_TOO_MANY = 0.2


@dataclass(frozen=True, eq=False)
class Substitutes:
    """How far each two kinds of partners are substitutes, by how rarely they win together.

    Attributes
    ----------
    names : ndarray of str, shape (n_kinds,)
        Types of partners, or roles on deals.
    shares : csr_array of shape (n_partners, n_kinds)
        Membership of partners in kinds; rows sum to 1 at most, to 0 where unknown.
    seen, expected : ndarray of shape (n_kinds, n_kinds)
        Joint wins of partners of the two kinds, each pair of a team of m counting 1/(m-1), and
        the number expected if kinds did not matter; symmetric.
    dispersion : float
        Overdispersion: how many joint wins weigh as much as one independent of the others, >= 1.
    """

    names: NDArray[np.object_]
    shares: csr_array
    seen: NDArray[np.float64]
    expected: NDArray[np.float64]
    dispersion: float = 1.0

    @classmethod
    def among(cls, meetings: Meetings, names: pl.Series, shares: csr_array) -> Self:
        """Substitutes among kinds of the partners that won deals.

        Parameters
        ----------
        meetings : Meetings
        names : polars.Series of str, length n_kinds
        shares : csr_array of shape (n_partners, n_kinds)
            Membership of partners in kinds.
        """
        mixing = meetings.between(csr_array(shares[meetings.seats[0]]))
        return cls(names.to_numpy(), shares, mixing.seen, mixing.expected, mixing.dispersion)

    @cached_property
    def strength(self) -> NDArray[np.float64]:
        """How far each two kinds are substitutes, 0..1, shape (n_kinds, n_kinds).

        ``max(0, 1 - u / 0.2)``, where u is the upper 95 % bound on the ratio of the joint wins to
        those expected. With no joint win, 15 expected are too few to conclude anything, 30 give
        0.5, 150 give 0.9. Each further joint win lowers it.

        References
        ----------
        Exact bound on a Poisson rate: Garwood, F. (1936). Fiducial limits for the Poisson
        distribution. Biometrika 28. Counts divided by their dispersion: McCullagh, P., Nelder,
        J. A. (1989). Generalized Linear Models, section 6.2.

        Examples
        --------
        >>> few, many = (
        ...     np.array([[100.0, 0.0], [0.0, 3.0]]),
        ...     np.array([[50.0, 30.0], [30.0, 212.0]]),
        ... )
        >>> kinds = np.array(["ISV", "reseller"], dtype=object)
        >>> Substitutes(kinds, csr_array((0, 2)), few, many).strength.round(2)
        array([[0.  , 0.5 ],
               [0.5 , 0.82]])
        """
        counted = self.seen / self.dispersion
        most = chi2.ppf(1.0 - _MISSED, 2.0 * (counted + 1.0)) / 2.0
        expected = np.maximum(self.expected / self.dispersion, 1e-9)
        strength: NDArray[np.float64] = np.maximum(1.0 - most / expected / _TOO_MANY, 0.0)
        return strength

    @cached_property
    def words(self) -> dict[tuple[int, int], str]:
        """A sentence about each two kinds that are substitutes, by their positions."""
        seen, expected = self.seen.round().astype(int), self.expected.round().astype(int)
        return {
            (one, other): f"{self.names[one]} and {self.names[other]} hardly ever win together: "
            f"{counted(seen[one, other], 'joint win')} of "
            f"{expected[one, other]:,} to be expected"
            for one, other in zip(*map(np.ndarray.tolist, np.nonzero(self.strength)), strict=True)
        }

    def between(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.float64]:
        """How far two partners are substitutes, by their membership in the kinds, 0..1."""
        return bilinear(self.shares, self.strength, sources, targets)

    def foremost(
        self, sources: NDArray[np.intp], targets: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
        """The two kinds that contribute most to each pair, with their strength, (n_pairs,) each.

        Positions of kinds are -1 where no two kinds of the pair are substitutes.
        """
        best = np.zeros(len(sources))
        ours, theirs = np.full((2, len(sources)), -1, dtype=np.intp)
        for one, other in zip(*np.nonzero(self.strength), strict=True):
            of_source = entries_at(self.shares, sources, np.full(len(sources), one))
            of_target = entries_at(self.shares, targets, np.full(len(targets), other))
            far = self.strength[one, other] * of_source * of_target
            better = far > best
            best[better], ours[better], theirs[better] = far[better], one, other
        return best, ours, theirs


def substitutes_of(graph: EcosystemGraph) -> tuple[Substitutes, ...]:
    """Substitutes among types of partners and among roles on deals, those that exist."""
    meetings = Meetings.of(graph)
    found = by_type(meetings), by_role(meetings)
    return tuple(kinds for kinds in found if kinds.strength.any())


def by_type(meetings: Meetings) -> Substitutes:
    """Substitutes among the types of partners."""
    return Substitutes.among(meetings, *named_types(meetings.graph.tables["partners"]["type"]))


def by_role(meetings: Meetings) -> Substitutes:
    """Substitutes among partners by their usual roles on won deals; leading roles are left out.

    Membership in a role is the share of a partner's deals in that role, not its role on the deal in
    question: deals with one seat for a role do not mean that partners of that role never team up.
    """
    graph = meetings.graph
    seats = (
        graph.tables["deal_partners"]
        .filter(
            pl.col("role").is_not_null()
            & pl.col("deal_id").is_in(graph.deals["deal_id"].implode())
            & pl.col("partner_id").is_in(graph.tables["partners"]["partner_id"].implode())
        )
        .with_columns(ROLE)
    )
    # A deal has one lead: that two leads never meet is no evidence that they are substitutes.
    led = pl.col("role").is_in(LEADING)
    names = seats.filter(~led)["role"].unique().sort()
    counted = seats.group_by("partner_id", "role").len().sort("partner_id", "role")
    counted = counted.with_columns(share=pl.col("len") / pl.col("len").sum().over("partner_id"))
    others = counted.filter(~led)
    shares = label_matrix(
        others["partner_id"],
        graph.tables["partners"]["partner_id"],
        others["role"],
        names,
        others["share"],
    )
    return Substitutes.among(meetings, names, shares)
