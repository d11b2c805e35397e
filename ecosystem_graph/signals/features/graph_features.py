"""What signals read of a graph, each computed once per graph and kept."""

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import (
    column_scaled,
    entries_at,
    row_of_entries,
    row_scaled,
    row_shares,
    tidy,
)
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals import activity
from ecosystem_graph.signals.competition.competition import Markets
from ecosystem_graph.signals.demand.complementarity import (
    firmly_held,
    met_already,
    open_gaps,
    rarity_profile,
)
from ecosystem_graph.signals.demand.objectives import objective_shares, serves
from ecosystem_graph.signals.demand.partner_demand import demand_by_partner
from ecosystem_graph.signals.features.feature import compute_ahead, feature
from ecosystem_graph.signals.network import neighbours
from ecosystem_graph.signals.network.embedding import Embedding, truncated_svd
from ecosystem_graph.signals.network.relationship import Relationships
from ecosystem_graph.signals.network.shared_collaborators import Walks, log_weight
from ecosystem_graph.signals.proximity import lift_between, type_shares
from ecosystem_graph.signals.satisfaction.satisfaction import Satisfaction, satisfaction

#: Half-life of a deal where recent activity is meant.
_ACTIVITY_HALF_LIFE_DAYS = 365.0

#: Half-life of a customer's response. Quality lasts longer than activity: with 18 months the
#: responses lost cost more than staleness does (planted quality is found with a rank correlation of
#: .55 then, of .60 without any decay).
_SATISFACTION_HALF_LIFE_DAYS = 1095.0

#: Dimensions of the embedding of ties; with 64 its affinities rank no better.
_TIE_COMPONENTS = 32

#: A capability required by fewer deals than this is not counted as rarer still.
_FEW_DEALS = 5

T = TypeVar("T")

#: What :meth:`GraphFeatures.derived` keeps, by graph. Beside the object, not in it: an object that
#: is stored for worker processes holds arrays alone.
_DERIVED: WeakKeyDictionary["GraphFeatures", dict[Callable[..., Any], Any]] = WeakKeyDictionary()
_DERIVING = RLock()


class GraphFeatures:
    """A graph with everything that signals derive from it.

    Parameters
    ----------
    graph : EcosystemGraph
        The ecosystem as of a date.
    half_life_days : float, default 540
        Days after which a deal counts half, > 0.
    n_components : int, default 64
        Dimensions of the embedding; fewer where the graph is smaller.
    random_state : int, default 0
        Seeds the embedding's random projections.
    """

    def __init__(
        self,
        graph: EcosystemGraph,
        *,
        half_life_days: float = 540.0,
        n_components: int = 64,
        random_state: int = 0,
    ) -> None:
        self.graph = graph
        self.half_life_days = half_life_days
        self.n_components = n_components
        self.random_state = random_state

    def work_out(self) -> None:
        """Compute ahead, on several cores, what is otherwise computed on one when first read.

        Fitting and ranking read all of it.
        """
        compute_ahead(self)

    def derived(self, of: Callable[["GraphFeatures"], T]) -> T:
        """Compute something once for this graph and keep it.

        For what a single signal reads: a new signal needs no new property here.

        Parameters
        ----------
        of : callable
            ``of(features)``. The same function is called once, whichever threads ask for it; two
            bound methods are the same if they are one method of one object.
        """
        with _DERIVING:
            kept = _DERIVED.setdefault(self, {})
            if of not in kept:
                kept[of] = of(self)
            value: T = kept[of]
            return value

    @feature()
    def log_damped(self) -> csr_array:
        """Adjacency, each column times the Adamic-Adar weight of its partner."""
        return column_scaled(self.graph.adjacency, log_weight(self.graph.degree))

    @feature()
    def ties(self) -> csr_array:
        """Strength of each tie: joint wins by team size and age, symmetric, >= 0."""
        return self.graph.joint_win_weight(self.half_life_days)

    @feature("ties")
    def tie_shares(self) -> csr_array:
        """Share of a partner's tie strength that goes to each collaborator; rows sum to 1 or 0."""
        return row_shares(self.ties)

    @feature("strengths", "relationships", ahead=True)
    def walks(self) -> Walks:
        """Ties and weights that sums over shared collaborators read."""
        return Walks.along(self.strengths, self.relationships.belief(self.graph.adjacency))

    @feature("ties")
    def strengths(self) -> csr_array:
        """`ties`, stored wherever two have won together: zeros for ties that faded to nothing."""
        pattern = self.graph.adjacency
        rows = row_of_entries(pattern)
        parts = (entries_at(self.ties, rows, pattern.indices), pattern.indices, pattern.indptr)
        return csr_array(parts, shape=pattern.shape)

    @feature("ties", ahead=True)
    def relationships(self) -> Relationships:
        """Joint wins and losses of pairs, and the prior of their win rate."""
        return Relationships.from_graph(self.graph, self.half_life_days, self.ties)

    @feature(ahead=True)
    def satisfaction(self) -> Satisfaction:
        """Customer satisfaction with each partner, shrunk towards its peers."""
        return satisfaction(self.graph, half_life_days=_SATISFACTION_HALF_LIFE_DAYS)

    @feature(ahead=True)
    def markets(self) -> Markets:
        """What each partner sells, where, and in which industries."""
        return Markets.from_graph(self.graph, self.half_life_days)

    @feature()
    def objectives(self) -> csr_array:
        """Objectives of each partner, as shares of their weight."""
        return objective_shares(self.graph)

    @feature(ahead=True)
    def serving(self) -> csr_array:
        """Capabilities, territories and industries of objectives that each partner serves."""
        return serves(self.graph)

    @feature()
    def activity(self) -> NDArray[np.float64]:
        """Won deals, each halved every year, shape (n_partners,), >= 0."""
        recent = self.graph.decay(_ACTIVITY_HALF_LIFE_DAYS)
        return np.asarray(self.graph.incidence @ recent)

    @feature()
    def growth(self) -> NDArray[np.float64]:
        """Log of the share of a partner's joint business that is of the last year, <= 0."""
        return activity.growth(self.graph)

    @feature(ahead=True)
    def new_collaborators(self) -> NDArray[np.float64]:
        """Collaborators a partner first won with in the last year, >= 0."""
        return activity.new_collaborators(self.graph)

    @feature()
    def days_since_joint_win(self) -> NDArray[np.float64]:
        """Days since a partner's last joint win."""
        return activity.days_since_joint_win(self.graph)

    @feature()
    def seats(self) -> NDArray[np.float64]:
        """Collaborators on won deals, repeats counted, halved every year, >= 0."""
        return activity.seats(self.graph, self.graph.decay(_ACTIVITY_HALF_LIFE_DAYS))

    @feature()
    def mean_team_size(self) -> NDArray[np.float64]:
        """Mean number of partners in the deals a partner won; 0 for one that won none."""
        n_deals = np.diff(self.graph.incidence.indptr)
        total = np.asarray(self.graph.incidence @ self.graph.team_size, dtype=np.float64)
        mean: NDArray[np.float64] = total / np.maximum(n_deals, 1)
        return mean

    @feature()
    def delivered(self) -> csr_array:
        """Requirements of joint deals a partner won, decayed, (n_partners, n_capabilities)."""
        joint = self.graph.decay(self.half_life_days) * (self.graph.team_size > 1)
        required = (self.graph.requirements > 0).astype(np.float64)
        return tidy(self.graph.incidence @ row_scaled(required, joint))

    @feature("delivered")
    def delivered_share(self) -> csr_array:
        """`delivered`, each capability over the number of deals that required it, at least 5."""
        deals = np.asarray((self.graph.requirements > 0).sum(axis=0)).ravel()
        return column_scaled(self.delivered, 1.0 / np.maximum(deals, _FEW_DEALS))

    @feature("delivered")
    def experience(self) -> csr_array:
        """log(1 + joint deals won) by capability required, (n_partners, n_capabilities)."""
        experience = self.delivered.copy()
        experience.data = np.log1p(experience.data)
        return experience

    @feature("delivered", ahead=True)
    def topics(self) -> csr_array:
        """TF-IDF of what each partner's joint deals required, rows of length 1."""
        return neighbours.topics(self.graph, self.delivered)

    @feature(ahead=True)
    def recently_required(self) -> tuple[csr_array, csr_array]:
        """What each partner's recent joint deals required, as shares and as damped amounts.

        The second divides by the root of the deals that required it, at least 5; both are
        (n_partners, n_capabilities).
        """
        decay = self.graph.decay(_ACTIVITY_HALF_LIFE_DAYS)
        required = (self.graph.requirements > 0).astype(np.float64)
        deals = np.asarray(row_scaled(required, decay).sum(axis=0)).ravel()
        own = tidy(self.graph.incidence @ row_scaled(required, decay * (self.graph.team_size > 1)))
        return row_shares(own), column_scaled(own, np.maximum(deals, _FEW_DEALS) ** -0.5)

    @feature("tie_shares", "topics")
    def neighbour_topics(self) -> csr_array:
        """What the collaborators of each partner deliver, rows of length 1."""
        return neighbours.neighbour_topics(self.tie_shares, self.topics)

    @feature("tie_shares")
    def neighbour_popularity(self) -> NDArray[np.float64]:
        """Mean log(1 + degree) of each partner's collaborators, by tie strength."""
        return neighbours.neighbour_popularity(self.tie_shares, self.graph.degree)

    @feature("types", ahead=True)
    def met_types(self) -> csr_array:
        """Collaborators of each partner by type, (n_partners, n_types)."""
        return tidy(csr_array(self.graph.adjacency @ self.types))

    @feature(ahead=True)
    def met_territories(self) -> csr_array:
        """Collaborators of each partner by territory, (n_partners, n_territories)."""
        return tidy(csr_array(self.graph.adjacency @ self.graph.territories))

    @feature(ahead=True)
    def profile(self) -> csr_array:
        """Capabilities held, weighted by rarity, each row of length 1."""
        return rarity_profile(self.graph.held)

    @feature(ahead=True)
    def demand(self) -> csr_array:
        """Demand for capabilities each partner faces, (n_partners, n_capabilities)."""
        return demand_by_partner(self.graph, self.half_life_days)

    @feature("demand", ahead=True)
    def met(self) -> csr_array:
        """Strength each partner holds of the capabilities in its demand, stored where demand is."""
        return met_already(self.demand, self.graph.held)

    @feature("demand", "met", ahead=True)
    def gaps(self) -> csr_array:
        """Demand each partner faces for what it lacks, (n_partners, n_capabilities)."""
        return open_gaps(self.demand, self.met)

    @feature(ahead=True)
    def firmly_held(self) -> csr_array:
        """Capabilities held well enough to fill a gap, (n_partners, n_capabilities)."""
        return firmly_held(self.graph.held)

    @feature()
    def embedding(self) -> Embedding:
        """Partners as vectors, from who has won with whom."""
        return self._embedding_of(self.graph.adjacency, self.n_components)

    @feature("ties")
    def tie_embedding(self) -> Embedding:
        """Partners as vectors, from the root of tie strengths: recent and close collaboration."""
        n_components = min(self.n_components, _TIE_COMPONENTS)
        return self._embedding_of(csr_array(self.ties.sqrt()), n_components)

    def _embedding_of(self, links: csr_array, n_components: int) -> Embedding:
        return truncated_svd(links, n_components, self.random_state, self.graph.fingerprints)

    @feature()
    def types(self) -> csr_array:
        """Share of each partner's types, (n_partners, n_types)."""
        return type_shares(self.graph.tables["partners"]["type"])

    @feature("ties", ahead=True)
    def territory_lift(self) -> NDArray[np.float64]:
        """Joint wins of two territories against chance, (n_territories, n_territories)."""
        return lift_between(self.graph.territories, self.ties)

    @feature("types", "ties", ahead=True)
    def type_lift(self) -> NDArray[np.float64]:
        """Joint wins of two types against chance, (n_types, n_types)."""
        return lift_between(self.types, self.ties)
