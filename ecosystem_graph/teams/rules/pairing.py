"""What it is worth, or costs, to have two partners in one team."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.signals import SIGNALS, GraphFeatures, PairFeatures
from ecosystem_graph.teams.rules.admission import Admission
from ecosystem_graph.teams.rules.market import TeamMarket
from ecosystem_graph.teams.rules.weights import TeamWeights

Positions = NDArray[np.intp]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairing:
    """Bonds and bars of pairs of partners in one market.

    Attributes
    ----------
    admission : Admission
    market : TeamMarket
    weights : TeamWeights
    n_seats : int
        Others each member may have beside it, >= 1.
    """

    admission: Admission
    market: TeamMarket
    weights: TeamWeights
    n_seats: int

    @property
    def limit(self) -> float:
        """No bond is above it."""
        return self.weights.trust * (1.0 - stranger_trust(self.admission.features)) / self.n_seats

    def __call__(self, left: Positions, right: Positions) -> tuple[Values, NDArray[np.bool_]]:
        """Points of each pair, and whether it is barred."""
        features = self.admission.features
        points = np.zeros(len(left))
        if self.weights.trust and features.relationships.known:
            above = mutual_trust(features, left, right) - stranger_trust(features)
            points += self.weights.trust * above
        if self.weights.competition and features.markets.known:
            points -= self.weights.competition * competition(features, left, right)
        return points / self.n_seats, self.admission.barred(self.market, left, right)


def stranger_trust(features: GraphFeatures) -> float:
    """Trust between two that have no record and nobody in common, 0..1."""
    prior = features.relationships.prior
    return prior.wins / sum(prior)


def mutual_trust(features: GraphFeatures, left: Positions, right: Positions) -> Values:
    """Mean of how far each of two trusts the other, hearsay included, shape (n_pairs,), 0..1."""
    sources, targets = np.concatenate([left, right]), np.concatenate([right, left])
    # The evidence is fastest where equal sources stand together.
    order = np.argsort(sources, kind="stable")
    trust = np.empty(len(order))
    trust[order] = PairFeatures(features, sources[order], targets[order]).trust
    both: Values = (trust[: len(left)] + trust[len(left) :]) / 2.0
    return both


def competition(features: GraphFeatures, left: Positions, right: Positions) -> Values:
    """How far two compete, 0..1, shape (n_pairs,)."""
    values: Values = SIGNALS["competition"].values(features, left, right)
    return values
