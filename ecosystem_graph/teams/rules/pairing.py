"""What it is worth, or costs, to have two partners in one team."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
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
        most = self.admission.features.graph.joint_wins.data.max(initial=0.0)
        return self.weights.trust * float(np.log1p(most)) / self.n_seats

    def __call__(self, left: Positions, right: Positions) -> tuple[Values, NDArray[np.bool_]]:
        """Points of each pair, and whether it is barred."""
        features = self.admission.features
        points = np.zeros(len(left))
        if self.weights.trust:
            together = entries_at(features.graph.joint_wins, left, right)
            points += self.weights.trust * np.log1p(together)
        if self.weights.competition and features.markets.known:
            points -= self.weights.competition * competition(features, left, right)
        return points / self.n_seats, self.admission.barred(self.market, left, right)


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
