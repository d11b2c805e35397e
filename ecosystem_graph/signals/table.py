"""Every signal there is, in one table: what it says, what it reads, how it enters the ranking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.signals import proximity
from ecosystem_graph.signals.demand import complementarity
from ecosystem_graph.signals.demand.objectives import alignment
from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.features.pair_features import PairFeatures
from ecosystem_graph.signals.network.propagation import propagated_trust
from ecosystem_graph.signals.satisfaction.satisfaction import parity

Positions = NDArray[np.intp]
Values = NDArray[np.float64]
Family = Literal[
    "topology",
    "trust",
    "satisfaction",
    "complementarity",
    "competition",
    "proximity",
    "activity",
    "embedding",
]


@dataclass(frozen=True, slots=True)
class Signal:
    """One number about an ordered pair of partners.

    Attributes
    ----------
    name : str
        What the ranker and every output call it.
    says : str
        What it tells, in a user's words.
    family : str
        The kind of evidence it belongs to.
    unit : str
        Its unit and range.
    scale : {"log", "linear"}
        How it enters the ranking: as log(1 + value / typical value), or as it is.
    of : callable
        ``of(pairs)``: one finite number per pair.
    learnt : bool
        Whether the ranker learns its weight from who won together. Competition is not, it is
        priced; the others that are not add nothing to how well a list is ranked beside those that
        are, and are there to be read.
    own : bool
        Whether it is about the partner alone, and so the same for its whole list.
    sign : {-1, 0, 1}
        1 where more of it may never lower a score, -1 where it may never raise it: what the word
        means to people holds whatever history says.
    """

    name: str
    says: str
    family: Family
    unit: str
    scale: Literal["log", "linear"]
    of: Callable[[PairFeatures], Values]
    learnt: bool = True
    own: bool = False
    sign: Literal[-1, 0, 1] = 0

    def values(self, features: GraphFeatures, sources: Positions, targets: Positions) -> Values:
        """One finite number per pair, shape (n_pairs,)."""
        return self.of(PairFeatures(features, sources, targets))


def _pairwise(
    values: Callable[[GraphFeatures, Positions, Positions], Values],
) -> Callable[[PairFeatures], Values]:
    return lambda pairs: values(pairs.features, pairs.sources, pairs.targets)


def _table(*signals: Signal) -> dict[str, Signal]:
    return {signal.name: signal for signal in signals}


#: Signals by name, in the order in which every output lists them.
SIGNALS: dict[str, Signal] = _table(
    Signal(
        "common_neighbours",
        "collaborators both have won with",
        "topology",
        "partners, >= 0",
        "log",
        lambda p: p.shared.number,
        learnt=False,
    ),
    Signal(
        "adamic_adar",
        "shared collaborators, choosy ones counting more",
        "topology",
        "unitless, >= 0",
        "log",
        lambda p: p.shared.log_damped,
    ),
    Signal(
        "resource_allocation",
        "shared collaborators, each dividing one unit among its own",
        "topology",
        "unitless, >= 0",
        "log",
        lambda p: p.shared.degree_damped,
        learnt=False,
    ),
    Signal(
        "tie_strength",
        "won together, recent wins of small teams counting more",
        "trust",
        "wins of two, >= 0",
        "log",
        lambda p: entries_at(p.features.ties, p.sources, p.targets),
        sign=1,
    ),
    Signal(
        "shared_tie_strength",
        "how strongly shared collaborators tie the two",
        "trust",
        "wins of two, >= 0",
        "log",
        lambda p: p.shared.tie_strength,
    ),
    Signal(
        "trust",
        "likelier to win than most pairs, by record and hearsay",
        "trust",
        "chance, -1..1",
        "linear",
        lambda p: p.trust - p.features.relationships.prior.mean,
        sign=1,
    ),
    Signal(
        "propagated_trust",
        "trust that comes to it along the ties of the partner",
        "trust",
        "chance, >= 0",
        "log",
        _pairwise(lambda e, a, b: propagated_trust(e.ties, a, b)),
        learnt=False,
    ),
    Signal(
        "satisfaction",
        "customers happier with it than with most partners",
        "satisfaction",
        "of the scale, -1..1",
        "linear",
        lambda p: p.features.satisfaction.above_average[p.targets],
        sign=1,
    ),
    Signal(
        "parity",
        "how far the two are from equal stature with customers",
        "satisfaction",
        "standard deviations, >= 0",
        "log",
        _pairwise(lambda e, a, b: parity(e.satisfaction, a, b)),
        sign=-1,
    ),
    Signal(
        "gain",
        "demand the collaborator would newly cover",
        "complementarity",
        "share of demand, 0..1",
        "linear",
        lambda p: p.gain,
        sign=1,
    ),
    Signal(
        "reciprocal_gain",
        "demand the partner would newly cover in return",
        "complementarity",
        "share of demand, 0..1",
        "linear",
        lambda p: p.reciprocal_gain,
        sign=1,
    ),
    Signal(
        "mutual_gain",
        "demand both sides would newly cover for each other",
        "complementarity",
        "share of demand, 0..1",
        "linear",
        lambda p: complementarity.reciprocal(p.gain, p.reciprocal_gain),
        sign=1,
    ),
    Signal(
        "objectives",
        "how far each serves what the other has set out to do",
        "complementarity",
        "share of objectives, 0..1",
        "linear",
        _pairwise(lambda e, a, b: alignment(e.objectives, e.serving, a, b)),
        sign=1,
    ),
    Signal(
        "competition",
        "how far the two are rivals: same business, opposite sides",
        "competition",
        "chance, 0..1",
        "linear",
        lambda p: p.competition,
        learnt=False,
        sign=-1,
    ),
    Signal(
        "shared_demand",
        "deals in which both could be expected to be asked",
        "complementarity",
        "deals, >= 0",
        "log",
        _pairwise(lambda e, a, b: complementarity.shared_demand(e.needs, e.scarce_needs, a, b)),
    ),
    Signal(
        "topic_activity",
        "its deals of late asking for what the partner's ask for",
        "complementarity",
        "deals, >= 0",
        "log",
        _pairwise(lambda e, a, b: row_dot(*e.lately_asked, a, b)),
    ),
    Signal(
        "company_topics",
        "how alike the company of both is in what it wins deals with",
        "complementarity",
        "cosine, 0..1",
        "linear",
        _pairwise(lambda e, a, b: row_dot(e.company_topics, e.company_topics, a, b)),
    ),
    Signal(
        "profile_similarity",
        "how alike the capabilities of both are",
        "complementarity",
        "cosine, 0..1",
        "linear",
        _pairwise(lambda e, a, b: complementarity.profile_similarity(e.profile, a, b)),
    ),
    Signal(
        "territory_overlap",
        "whether both work in the same territories",
        "proximity",
        "chance, 0..1",
        "linear",
        _pairwise(lambda e, a, b: proximity.group_overlap(e.graph.territories, a, b)),
    ),
    Signal(
        "territory_affinity",
        "how readily partners of the two territories win together",
        "proximity",
        "log of a ratio",
        "linear",
        _pairwise(
            lambda e, a, b: proximity.group_affinity(e.graph.territories, e.territory_lift, a, b)
        ),
    ),
    Signal(
        "type_affinity",
        "how readily partners of the two types win together",
        "proximity",
        "log of a ratio",
        "linear",
        _pairwise(lambda e, a, b: proximity.group_affinity(e.types, e.type_lift, a, b)),
    ),
    Signal(
        "popularity",
        "partners the collaborator has won with",
        "activity",
        "partners, >= 0",
        "log",
        lambda p: p.features.graph.degree[p.targets],
        learnt=False,
    ),
    Signal(
        "activity",
        "deals the collaborator won lately",
        "activity",
        "deals of today, >= 0",
        "log",
        lambda p: p.features.activity[p.targets],
    ),
    Signal(
        "seats",
        "partners the collaborator met in deals won lately",
        "activity",
        "seats of today, >= 0",
        "log",
        lambda p: p.features.seats[p.targets],
        learnt=False,
    ),
    Signal(
        "team_size",
        "mean size of the teams the collaborator wins in",
        "activity",
        "partners, >= 0",
        "log",
        lambda p: p.features.mean_team_size[p.targets],
    ),
    Signal(
        "met_type",
        "its collaborators of the partner's type",
        "activity",
        "partners, >= 0",
        "log",
        _pairwise(lambda e, a, b: row_dot(e.types, e.met_types, a, b)),
    ),
    Signal(
        "met_territory",
        "its collaborators in the partner's territories",
        "activity",
        "partners, >= 0",
        "log",
        _pairwise(lambda e, a, b: row_dot(e.graph.territories, e.met_territories, a, b)),
    ),
    Signal(
        "new_collaborators",
        "partners the collaborator first won with in the last year",
        "activity",
        "partners, >= 0",
        "log",
        lambda p: p.features.new_collaborators[p.targets],
    ),
    Signal(
        "days_since_joint_win",
        "days since the collaborator last won with somebody",
        "activity",
        "days, >= 0",
        "log",
        lambda p: p.features.days_since_joint_win[p.targets],
    ),
    Signal(
        "growth",
        "how much of the collaborator's business is of the last year",
        "activity",
        "log of a share",
        "linear",
        lambda p: p.features.growth[p.targets],
    ),
    Signal(
        "popularity_gap",
        "its popularity against that of the partner's company",
        "activity",
        "log of a ratio, >= 0",
        "linear",
        _pairwise(lambda e, a, b: np.abs(e.usual_popularity[a] - np.log1p(e.graph.degree[b]))),
    ),
    Signal(
        "popularity_gap_back",
        "the partner's popularity against that of its company",
        "activity",
        "log of a ratio, >= 0",
        "linear",
        _pairwise(lambda e, a, b: np.abs(e.usual_popularity[b] - np.log1p(e.graph.degree[a]))),
    ),
    Signal(
        "own_popularity",
        "partners the partner itself has won with",
        "activity",
        "partners, >= 0",
        "log",
        lambda p: p.features.graph.degree[p.sources],
        own=True,
    ),
    Signal(
        "own_activity",
        "deals the partner itself won lately",
        "activity",
        "deals of today, >= 0",
        "log",
        lambda p: p.features.activity[p.sources],
        own=True,
    ),
    Signal(
        "own_seats",
        "partners the partner itself met in deals won lately",
        "activity",
        "seats of today, >= 0",
        "log",
        lambda p: p.features.seats[p.sources],
        own=True,
    ),
    Signal(
        "own_team_size",
        "mean size of the teams the partner itself wins in",
        "activity",
        "partners, >= 0",
        "log",
        lambda p: p.features.mean_team_size[p.sources],
        own=True,
    ),
    Signal(
        "tie_affinity",
        "how near the two stand in the map of close and recent ties",
        "embedding",
        "unitless",
        "linear",
        lambda p: p.features.tie_embedding.affinity(p.sources, p.targets),
    ),
    Signal(
        "embedding_affinity",
        "how near the two stand in the map of who wins with whom",
        "embedding",
        "unitless",
        "linear",
        lambda p: p.features.embedding.affinity(p.sources, p.targets),
    ),
)
