"""What a vendor wants of a list beyond likelihood: a price on competition, and a limit to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.signals import SIGNALS, GraphFeatures

#: Log-odds that a head-on rival loses against a partner that competes in nothing.
COMPETITION_PRICE = 1.5


@dataclass(frozen=True, slots=True)
class Policy:
    """Terms that enter the score beside the learnt contributions, and hard limits.

    History rewards look-alikes: partners that newly team up are more alike than chance, so a
    model that learns from it alone proposes rivals. Competition is therefore priced, not learnt.

    Attributes
    ----------
    competition_price : float
        Log-odds taken off the score of a pair that competes in all its business, >= 0; in
        proportion for others. It leaves the order alone where nothing is known of what partners
        sell.
    max_competition : float or None
        Pairs that compete in more of their business than this, 0..1, are not proposed.

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
        """What the policy adds to the score of each pair, and whether it lets the pair pass.

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
        # Shares of business are sums of many shares: what is 1 may miss it by a rounding error.
        return on_grid(-self.competition_price * competition), competition <= limit + 1e-12
