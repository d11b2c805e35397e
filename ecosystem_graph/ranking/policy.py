"""What is added to the likelihood of a joint win: benefit, and the policy on competition."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.signals import SIGNALS, GraphFeatures

#: Penalty on a pair that competes in all its business, in log-odds.
COMPETITION_PRICE = 1.5


@dataclass(frozen=True, slots=True)
class Policy:
    """Benefit, and penalty and limit on competition, beside the likelihood of a joint win.

    Partners that newly win together are more alike than chance, so a model fitted to history alone
    proposes rivals, and seldom those that fill gaps. What an introduction adds therefore has a
    weight of its own, and the penalty on competition is set by policy: it is the larger of
    `competition_price` and what the model of winning takes off for it.

    Attributes
    ----------
    competition_price : float
        Log-odds subtracted from the score of a pair that competes in all its business, >= 0; in
        proportion for others. No effect where the tables do not tell what partners sell.
    max_competition : float or None
        Largest competition of a pair that may be proposed, 0..1; no limit if None.
    benefit : Benefit or None
        What introductions add, on the graph that is ranked; None if it does not count.
    uplift_weight : float
        Log-odds of a score per log-odds of winning that an introduction adds, >= 0.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """

    competition_price: float = COMPETITION_PRICE
    max_competition: float | None = None
    benefit: Benefit | None = None
    uplift_weight: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.competition_price < np.inf:
            raise ValueError(
                f"competition_price must be finite and 0 or more. Got {self.competition_price!r}."
            )
        if self.max_competition is not None and not 0 <= self.max_competition <= 1:
            raise ValueError(
                f"max_competition must be between 0 and 1. Got {self.max_competition!r}."
            )

    def terms(
        self, features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Term that the policy adds to the score of each pair, and whether it permits the pair.

        Parameters
        ----------
        features : GraphFeatures
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.

        Returns
        -------
        tuple of ndarray of shape (n_pairs,)
            Log-odds, <= 0; and True for pairs within the limit.
        """
        parts = self.parts(features, sources, targets)
        added = np.zeros(len(sources))
        for part in parts.values():
            added += part
        allowed = np.ones(len(sources), dtype=bool)
        if features.markets.known and self.max_competition is not None:
            competition = SIGNALS["competition"].values(features, sources, targets)
            # Shares of business are sums: a share of 1 may exceed the limit by a rounding error.
            allowed = competition <= self.max_competition + 1e-12
        return added, allowed

    def parts(
        self, features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
    ) -> dict[str, NDArray[np.float64]]:
        """What benefit and policy add to the score of each pair, by the term.

        Parameters
        ----------
        features : GraphFeatures
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.

        Returns
        -------
        dict of str to ndarray of shape (n_pairs,)
            Log-odds, multiples of 2**-32. `price` is what the price on competition takes off
            beyond what the benefit does.
        """
        parts = {}
        if self.counts_benefit and self.benefit is not None:
            parts = self.benefit.terms(sources, targets, self.uplift_weight)
        if features.markets.known and self.competition_price:
            competition = SIGNALS["competition"].values(features, sources, targets)
            price = on_grid(-self.competition_price * competition)
            parts["price"] = np.minimum(price - parts.get("competition", 0.0), 0.0)
        return parts

    @property
    def counts_benefit(self) -> bool:
        """Whether what introductions add counts in the score."""
        return self.benefit is not None and self.uplift_weight > 0 and self.benefit.known
