"""Ordered pairs on a graph, and what several of their signals read of it."""

from dataclasses import dataclass
from functools import cached_property

from scipy.sparse import csr_array

from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.arrays.typing import Positions, Values
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals.competition.competition import competition
from ecosystem_graph.signals.demand.complementarity import gain, gain_in_return
from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.network.shared_collaborators import (
    SharedCollaborators,
    shared_collaborators,
)


@dataclass(frozen=True, eq=False)
class PairFeatures:
    """Ordered pairs on a graph, with what several of their signals share, computed once.

    Attributes
    ----------
    features : GraphFeatures
    sources, targets : ndarray of shape (n_pairs,)
        Positions; fastest where pairs of one source are next to each other.
    """

    features: GraphFeatures
    sources: Positions
    targets: Positions

    @property
    def graph(self) -> EcosystemGraph:
        """The graph the pairs are in."""
        return self.features.graph

    def dot(self, left: csr_array, right: csr_array) -> Values:
        """Dot product of the source's row of one array and the target's row of another."""
        return row_dot(left, right, self.sources, self.targets)

    @cached_property
    def shared(self) -> SharedCollaborators:
        """Sums over the collaborators that the two of each pair share."""
        return shared_collaborators(self.features.walks, self.sources, self.targets)

    @cached_property
    def trust(self) -> Values:
        """Probability that the two win a deal they bid for together, 0..1."""
        relationships = self.features.relationships
        return relationships.trust(self.sources, self.targets, self.shared.vouched)

    @cached_property
    def competition(self) -> Values:
        """How far the two compete, 0..1."""
        return competition(self.features.markets, self.sources, self.targets)

    @cached_property
    def gain(self) -> Values:
        """Demand on the source that the target would newly cover, 0..1."""
        features = self.features
        held = features.graph.held
        return gain(features.demand, held, self.sources, self.targets, features.met)

    @cached_property
    def reciprocal_gain(self) -> Values:
        """Demand on the target that the source would newly cover, 0..1."""
        features = self.features
        held = features.graph.held
        return gain_in_return(features.demand, features.met, held, self.sources, self.targets)
