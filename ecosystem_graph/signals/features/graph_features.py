"""What the signals read, worked out once per graph and kept."""

from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import at_once
from ecosystem_graph.arrays.csr import (
    column_scaled,
    entries_at,
    row_scaled,
    row_shares,
    tidy,
)
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals import activity as momentum
from ecosystem_graph.signals.competition.competition import Markets
from ecosystem_graph.signals.demand.complementarity import (
    firmly_held,
    met_already,
    open_gaps,
    rarity_profile,
)
from ecosystem_graph.signals.demand.objectives import objective_shares, serves
from ecosystem_graph.signals.demand.partner_demand import demand_by_partner
from ecosystem_graph.signals.network import neighbours as company
from ecosystem_graph.signals.network.embedding import Embedding, truncated_svd
from ecosystem_graph.signals.network.relationship import Relationships
from ecosystem_graph.signals.network.shared_collaborators import Walks, log_weight
from ecosystem_graph.signals.proximity import lift_between, type_shares
from ecosystem_graph.signals.satisfaction.satisfaction import Satisfaction, satisfaction

#: How soon what a partner is doing now stops being news.
_ACTIVITY_HALF_LIFE_DAYS = 365.0

#: How soon what customers said fades. Quality lasts longer than the news of a deal: at 18 months
#: the responses that no longer count cost more than staleness does (planted quality is found with a
#: rank correlation of .55 then, of .60 where nothing fades).
_SATISFACTION_HALF_LIFE_DAYS = 1095.0

#: Dimensions of the map of ties; with 64 its affinities rank no better.
_TIE_COMPONENTS = 32

#: A capability required by fewer deals than this is not counted as rarer still.
_FEW_DEALS = 5

#: What keeps one core busy for long, in two chains that read nothing of each other.
_CHAINS = (
    ("demand", "met", "gaps", "profile", "firmly_held", "markets", "satisfaction", "serving"),
    (
        "relationships",
        "walks",
        "territory_lift",
        "type_lift",
        "met_types",
        "met_territories",
        "new_collaborators",
        "topics",
        "lately_asked",
    ),
)


class GraphFeatures:
    """A graph with everything the signals derive from it.

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
        """Work out on two cores what is otherwise worked out on one, when it is first read.

        Fitting and ranking read all of it.
        """
        at_once(*(partial(self._read, chain) for chain in _CHAINS))

    def _read(self, names: tuple[str, ...]) -> None:
        for name in names:
            getattr(self, name)

    @cached_property
    def log_damped(self) -> csr_array:
        """Adjacency with Adamic-Adar's weights."""
        return column_scaled(self.graph.adjacency, log_weight(self.graph.degree))

    @cached_property
    def ties(self) -> csr_array:
        """Strength of each tie: joint wins by team size and age, symmetric, >= 0."""
        return self.graph.joint_win_weight(self.half_life_days)

    @cached_property
    def tie_shares(self) -> csr_array:
        """Share of a partner's tie strength that goes to each collaborator; rows sum to 1 or 0."""
        return row_shares(self.ties)

    @cached_property
    def walks(self) -> Walks:
        """What is read on the way over shared collaborators."""
        return Walks.along(self.strengths, self.relationships.belief(self.graph.adjacency))

    @cached_property
    def strengths(self) -> csr_array:
        """`ties`, stored wherever two have won together: zeros for ties that faded to nothing."""
        pattern = self.graph.adjacency
        rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
        parts = (entries_at(self.ties, rows, pattern.indices), pattern.indices, pattern.indptr)
        return csr_array(parts, shape=pattern.shape)

    @cached_property
    def relationships(self) -> Relationships:
        """Joint wins and losses of pairs, and the prior they are read with."""
        return Relationships.from_graph(self.graph, self.half_life_days, self.ties)

    @cached_property
    def satisfaction(self) -> Satisfaction:
        """What is believed of the satisfaction with each partner."""
        return satisfaction(self.graph, half_life_days=_SATISFACTION_HALF_LIFE_DAYS)

    @cached_property
    def markets(self) -> Markets:
        """What each partner does its business with."""
        return Markets.from_graph(self.graph, self.half_life_days)

    @cached_property
    def objectives(self) -> csr_array:
        """Objectives of each partner, as shares of their weight."""
        return objective_shares(self.graph)

    @cached_property
    def serving(self) -> csr_array:
        """What of all objectives each partner can be seen to serve."""
        return serves(self.graph)

    @cached_property
    def activity(self) -> NDArray[np.float64]:
        """Won deals, each halved every year, shape (n_partners,), >= 0."""
        recent = self.graph.decay(_ACTIVITY_HALF_LIFE_DAYS)
        return np.asarray(self.graph.incidence @ recent)

    @cached_property
    def growth(self) -> NDArray[np.float64]:
        """Log of the share of its seats ever that a partner took in the last year, <= 0."""
        return momentum.growth(self.graph)

    @cached_property
    def new_collaborators(self) -> NDArray[np.float64]:
        """Collaborators a partner first won with in the last year, >= 0."""
        return momentum.new_collaborators(self.graph)

    @cached_property
    def days_since_joint_win(self) -> NDArray[np.float64]:
        """Days since a partner last won with somebody."""
        return momentum.days_since_joint_win(self.graph)

    @cached_property
    def seats(self) -> NDArray[np.float64]:
        """Collaborators met in won deals, repeats counted, halved every year, >= 0."""
        return momentum.seats(self.graph, self.graph.decay(_ACTIVITY_HALF_LIFE_DAYS))

    @cached_property
    def mean_team_size(self) -> NDArray[np.float64]:
        """Mean number of partners in the deals a partner won; 0 for one that won none."""
        n_deals = np.diff(self.graph.incidence.indptr)
        total = np.asarray(self.graph.incidence @ self.graph.team_size, dtype=np.float64)
        mean: NDArray[np.float64] = total / np.maximum(n_deals, 1)
        return mean

    @cached_property
    def needs(self) -> csr_array:
        """Requirements of joint deals a partner won, decayed, (n_partners, n_capabilities)."""
        joint = self.graph.decay(self.half_life_days) * (self.graph.team_size > 1)
        required = (self.graph.requirements > 0).astype(np.float64)
        return tidy(self.graph.incidence @ row_scaled(required, joint))

    @cached_property
    def scarce_needs(self) -> csr_array:
        """`needs`, each capability divided by the number of deals that required it, 5 at least."""
        deals = np.asarray((self.graph.requirements > 0).sum(axis=0)).ravel()
        return column_scaled(self.needs, 1.0 / np.maximum(deals, _FEW_DEALS))

    @cached_property
    def experience(self) -> csr_array:
        """log(1 + joint deals won) by capability required, (n_partners, n_capabilities)."""
        experience = self.needs.copy()
        experience.data = np.log1p(experience.data)
        return experience

    @cached_property
    def topics(self) -> csr_array:
        """What the joint deals of each partner asked for, rows of length 1."""
        return company.topics(self.graph, self.needs)

    @cached_property
    def lately_asked(self) -> tuple[csr_array, csr_array]:
        """Shares of what a partner's joint deals of late asked for, and how much of it others do.

        The second divides by the root of the deals that asked, 5 at least; both are
        (n_partners, n_capabilities).
        """
        decay = self.graph.decay(_ACTIVITY_HALF_LIFE_DAYS)
        required = (self.graph.requirements > 0).astype(np.float64)
        deals = np.asarray(row_scaled(required, decay).sum(axis=0)).ravel()
        own = tidy(self.graph.incidence @ row_scaled(required, decay * (self.graph.team_size > 1)))
        return row_shares(own), column_scaled(own, np.maximum(deals, _FEW_DEALS) ** -0.5)

    @cached_property
    def company_topics(self) -> csr_array:
        """What the collaborators of each partner win deals with, rows of length 1."""
        return company.company_topics(self.tie_shares, self.topics)

    @cached_property
    def usual_popularity(self) -> NDArray[np.float64]:
        """Mean log(1 + collaborators) of those each partner works with."""
        return company.usual_popularity(self.tie_shares, self.graph.degree)

    @cached_property
    def met_types(self) -> csr_array:
        """Collaborators of each partner by type, (n_partners, n_types)."""
        return tidy(csr_array(self.graph.adjacency @ self.types))

    @cached_property
    def met_territories(self) -> csr_array:
        """Collaborators of each partner by territory, (n_partners, n_territories)."""
        return tidy(csr_array(self.graph.adjacency @ self.graph.territories))

    @cached_property
    def profile(self) -> csr_array:
        """Capabilities held, weighted by rarity, each row of length 1."""
        return rarity_profile(self.graph.held)

    @cached_property
    def demand(self) -> csr_array:
        """Demand for capabilities each partner faces, (n_partners, n_capabilities)."""
        return demand_by_partner(self.graph, self.half_life_days)

    @cached_property
    def met(self) -> csr_array:
        """Strength each partner holds of what is in demand with it, where demand is."""
        return met_already(self.demand, self.graph.held)

    @cached_property
    def gaps(self) -> csr_array:
        """Demand each partner faces for what it lacks, (n_partners, n_capabilities)."""
        return open_gaps(self.demand, self.met)

    @cached_property
    def firmly_held(self) -> csr_array:
        """What each partner can fill a gap with, (n_partners, n_capabilities)."""
        return firmly_held(self.graph.held)

    @cached_property
    def embedding(self) -> Embedding:
        """Partners as vectors."""
        return self._map_of(self.graph.adjacency, self.n_components)

    @cached_property
    def tie_embedding(self) -> Embedding:
        """Partners as vectors, by the root of tie strengths: recent and close collaboration."""
        n_components = min(self.n_components, _TIE_COMPONENTS)
        return self._map_of(csr_array(self.ties.sqrt()), n_components)

    def _map_of(self, links: csr_array, n_components: int) -> Embedding:
        return truncated_svd(links, n_components, self.random_state, self.graph.fingerprints)

    @cached_property
    def types(self) -> csr_array:
        """Share of each partner's types, (n_partners, n_types)."""
        return type_shares(self.graph.tables["partners"]["type"])

    @cached_property
    def territory_lift(self) -> NDArray[np.float64]:
        """How readily partners of two territories win together, (n_territories, n_territories)."""
        return lift_between(self.graph.territories, self.ties)

    @cached_property
    def type_lift(self) -> NDArray[np.float64]:
        """How readily partners of two types win together, (n_types, n_types)."""
        return lift_between(self.types, self.ties)
