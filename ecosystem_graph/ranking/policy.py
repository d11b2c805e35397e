"""The vendor's policy on competition: a penalty on the score, and a limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.signals import SIGNALS, GraphFeatures

#: Penalty on a pair that competes in all its business, in log-odds.
COMPETITION_PRICE = 1.5


@dataclass(frozen=True, slots=True)
class Policy:
    """Penalty and limit on competition, beside the fitted contributions to the score.

    Partners that newly win together are more alike than chance, so a model fitted to history alone
    proposes rivals. The weight of competition is therefore set by policy instead of fitted.

    Attributes
    ----------
    competition_price : float
        Log-odds subtracted from the score of a pair that competes in all its business, >= 0; in
        proportion for others. No effect where the tables do not tell what partners sell.
    max_competition : float or None
        Largest competition of a pair that may be proposed, 0..1; no limit if None.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """

    competition_price: float = COMPETITION_PRICE
    max_competition: float | None = None

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
        nothing = np.zeros(len(sources)), np.ones(len(sources), dtype=bool)
        if not features.markets.known or not (
            self.competition_price or self.max_competition is not None
        ):
            return nothing
        competition = SIGNALS["competition"].values(features, sources, targets)
        limit = 1.0 if self.max_competition is None else self.max_competition
        # Shares of business are sums: a share of 1 may exceed the limit by a rounding error.
        return on_grid(-self.competition_price * competition), competition <= limit + 1e-12
