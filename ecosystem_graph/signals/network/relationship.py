"""Trust: the win rate of two partners together, from their joint deals and shared collaborators."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import betaln, expit

from ecosystem_graph.arrays.csr import (
    column_scaled,
    entries_at,
    row_of_entries,
    tidy,
    without_diagonal,
)
from ecosystem_graph.arrays.vectors import decay
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.matrices import age_in_days, deal_incidence

#: Pairs from which the prior is estimated, at most; it has two parameters.
_MOST_PAIRS = 100_000

#: Pairs with two outcomes or more that are needed to estimate how much pairs differ.
_FEWEST_PAIRS = 20


class Prior(NamedTuple):
    """Beta prior of the win rate of a pair, before its own outcomes are known.

    Its mean is ``wins / (wins + losses)``; it counts like ``wins + losses`` outcomes.
    """

    wins: float
    losses: float

    @property
    def mean(self) -> float:
        """Expected win rate of a pair without outcomes, 0..1."""
        return self.wins / (self.wins + self.losses)


#: Outcomes that a prior counts like, at least and at most. Even if all pairs seem equal, the
#: outcomes of a pair must still be able to distinguish it from the others.
_STRENGTHS = (1.0, 10.0)

#: Outcomes that the uncertainty of one partner about another counts like (Jøsang 2001).
_UNCERTAIN = 2.0

#: The prior without enough outcomes to estimate one: even odds, counting like four outcomes.
EVEN = Prior(2.0, 2.0)


@dataclass(frozen=True, eq=False)
class Relationships:
    """Joint wins and losses of pairs, and the prior of their win rate.

    Attributes
    ----------
    wins, losses : csr_array of shape (n_partners, n_partners)
        Decayed number, by team size: a deal of m partners gives each of its pairs 1/(m-1).
        Symmetric, zero diagonal, >= 0.
    prior : Prior
    """

    wins: csr_array
    losses: csr_array
    prior: Prior

    @classmethod
    def from_graph(
        cls, graph: EcosystemGraph, half_life_days: float, wins: csr_array | None = None
    ) -> Self:
        """Joint wins and losses of a graph, with the prior estimated from all pairs.

        Parameters
        ----------
        graph : EcosystemGraph
        half_life_days : float
            Days after which an outcome counts half, > 0.
        wins : csr_array of shape (n_partners, n_partners), optional
            ``graph.joint_win_weight(half_life_days)``, if computed already.

        Returns
        -------
        Relationships
        """
        wins = graph.joint_win_weight(half_life_days) if wins is None else wins
        losses = _joint_losses(graph, half_life_days)
        return cls(wins, losses, empirical_prior(*_records(wins, losses)))

    @property
    def known(self) -> bool:
        """Whether any two partners have won or lost together."""
        return bool(self.wins.nnz or self.losses.nnz)

    def trust(
        self,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        vouched: NDArray[np.float64] | float = 0.0,
    ) -> NDArray[np.float64]:
        """Posterior mean of the win rate of the two together.

        ``(a + wins + indirect) / (a + b + wins + indirect + losses)`` with the prior Beta(a, b): a
        pair without outcomes and shared collaborators gets the mean of the prior. Indirect wins are
        those of shared collaborators (:meth:`indirect_wins`).

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.
        vouched : ndarray of shape (n_pairs,), optional
            Joint wins of shared collaborators with the target, by the source's belief in each.

        Returns
        -------
        ndarray of shape (n_pairs,)
            0..1; with the prior held fixed, no win lowers it and no loss raises it.

        References
        ----------
        Jøsang, A., Ismail, R. (2002). The beta reputation system. Bled eConference.
        """
        wins, losses = self.record(sources, targets)
        return posterior_mean(self.prior, wins + self.indirect_wins(vouched), losses)

    def record(
        self, sources: NDArray[np.integer], targets: NDArray[np.integer]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Decayed wins and losses of each pair, each of shape (n_pairs,), >= 0."""
        return entries_at(self.wins, sources, targets), entries_at(self.losses, sources, targets)

    def evidence(
        self,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        vouched: NDArray[np.float64] | float = 0.0,
    ) -> NDArray[np.float64]:
        """Outcomes behind each pair's trust, with indirect wins, shape (n_pairs,), >= 0."""
        wins, losses = self.record(sources, targets)
        return wins + losses + self.indirect_wins(vouched)

    def belief(self, pattern: csr_array) -> NDArray[np.float64]:
        """Belief of each partner in each of its collaborators.

        ``wins / (wins + losses + 2)``: the belief of subjective logic, which grows with the
        number of outcomes as well as with the share of wins.

        Parameters
        ----------
        pattern : csr_array of shape (n_partners, n_partners)
            Stored where two have won together.

        Returns
        -------
        ndarray of shape (n_stored,)
            0..1, in the order of `pattern`.

        References
        ----------
        Jøsang, A. (2001). A logic for uncertain probabilities. International Journal of
        Uncertainty, Fuzziness and Knowledge-Based Systems 9(3). doi:10.1142/S0218488501000831
        """
        wins, losses = self.record(row_of_entries(pattern), pattern.indices)
        return wins / (wins + losses + _UNCERTAIN)

    def indirect_wins(self, vouched: NDArray[np.float64] | float) -> NDArray[np.float64] | float:
        """Wins that the wins of shared collaborators count as: never more than the prior counts.

        ``n * vouched / (n + vouched)`` with n = a + b. Wins are propagated, losses are not: why
        a collaborator lost with another partner is little evidence for a third (Guha et al. 2004
        propagate distrust by one step only).

        References
        ----------
        Guha, R., Kumar, R., Raghavan, P., Tomkins, A. (2004). Propagation of trust and distrust.
        WWW. doi:10.1145/988672.988727
        """
        n = sum(self.prior)
        return n * vouched / (n + vouched)


def posterior_mean(
    prior: Prior, wins: NDArray[np.float64], losses: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean of the Beta posterior, 0..1.

    Examples
    --------
    >>> posterior_mean(Prior(2.0, 2.0), np.array([0.0, 4.0]), np.array([0.0, 0.0]))
    array([0.5 , 0.75])
    """
    mean: NDArray[np.float64] = (prior.wins + wins) / (sum(prior) + wins + losses)
    return mean


def empirical_prior(wins: NDArray[np.float64], losses: NDArray[np.float64]) -> Prior:
    """Beta prior under which the outcomes of all pairs are likeliest (beta-binomial).

    Parameters
    ----------
    wins, losses : ndarray of shape (n_pairs,)
        Undecayed or decayed numbers of outcomes; fractions count as such.

    Returns
    -------
    Prior
        Counts like 1 to 10 outcomes. Even odds counting like 4 if fewer than 20 pairs have two
        outcomes or more, or there are no losses: how much pairs differ is then unknown.

    References
    ----------
    Casella, G. (1985). An introduction to empirical Bayes data analysis. The American
    Statistician 39(2). doi:10.1080/00031305.1985.10479400
    """
    repeated = wins + losses >= 2
    if repeated.sum() < _FEWEST_PAIRS or losses[repeated].sum() == 0 or wins[repeated].sum() == 0:
        return EVEN
    step = max(1, int(repeated.sum()) // _MOST_PAIRS)
    won, lost = wins[repeated][::step], losses[repeated][::step]

    def unlikelihood(place: NDArray[np.float64]) -> float:
        prior = _prior(*place)
        return float(
            len(won) * betaln(*prior) - betaln(prior.wins + won, prior.losses + lost).sum()
        )

    strengths = (float(np.log(strength)) for strength in _STRENGTHS)
    bounds = [(-7.0, 7.0), tuple(strengths)]
    found = minimize(unlikelihood, np.array([0.0, np.log(4.0)]), method="L-BFGS-B", bounds=bounds)
    return _prior(*found.x)


def _prior(log_odds: float, log_strength: float) -> Prior:
    mean, strength = expit(log_odds), np.exp(log_strength)
    return Prior(float(strength * mean), float(strength * (1.0 - mean)))


def _joint_losses(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    lost = (
        graph.tables["deals"]
        .filter((pl.col("outcome").cast(pl.String) == "lost") & pl.col("closed_on").is_not_null())
        .sort("deal_id")
    )
    incidence = deal_incidence(
        graph.tables, graph.tables["partners"]["partner_id"], lost["deal_id"]
    )
    size = np.asarray(incidence.sum(axis=0)).ravel()
    age = age_in_days(lost["closed_on"], graph.as_of)
    weight = decay(age, half_life_days) / np.maximum(size - 1, 1)
    return without_diagonal(column_scaled(incidence, weight) @ incidence.T)


def _records(wins: csr_array, losses: csr_array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wins and losses of every pair with any, each pair once."""
    rows, columns = tidy(wins + losses).nonzero()
    once = rows < columns
    pairs = rows[once], columns[once]
    return entries_at(wins, *pairs), entries_at(losses, *pairs)
