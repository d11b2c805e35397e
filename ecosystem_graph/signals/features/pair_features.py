"""Ordered pairs on a graph, and what several of their signals read of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.signals.competition.competition import competition
from ecosystem_graph.signals.demand.complementarity import gain, gain_in_return
from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.network.shared_collaborators import (
    SharedCollaborators,
    shared_collaborators,
)


@dataclass(frozen=True, eq=False)
class PairFeatures:
    """Ordered pairs on a graph, with what several of their signals share, worked out once.

    Attributes
    ----------
    features : GraphFeatures
    sources, targets : ndarray of shape (n_pairs,)
        Positions; fastest where equal sources stand together.
    """

    features: GraphFeatures
    sources: NDArray[np.intp]
    targets: NDArray[np.intp]

    @cached_property
    def shared(self) -> SharedCollaborators:
        """What the collaborators both have tell about each pair."""
        return shared_collaborators(self.features.walks, self.sources, self.targets)

    @cached_property
    def trust(self) -> NDArray[np.float64]:
        """How often the two can be expected to win what they go for, hearsay included, 0..1."""
        relationships = self.features.relationships
        return relationships.trust(self.sources, self.targets, self.shared.vouched)

    @cached_property
    def competition(self) -> NDArray[np.float64]:
        """How far the two are rivals, 0..1."""
        return competition(self.features.markets, self.sources, self.targets)

    @cached_property
    def gain(self) -> NDArray[np.float64]:
        """Demand on the source that the target would newly cover, 0..1."""
        features = self.features
        held = features.graph.held
        return gain(features.demand, held, self.sources, self.targets, features.met)

    @cached_property
    def reciprocal_gain(self) -> NDArray[np.float64]:
        """Demand on the target that the source would newly cover, 0..1."""
        features = self.features
        held = features.graph.held
        return gain_in_return(features.demand, features.met, held, self.sources, self.targets)
