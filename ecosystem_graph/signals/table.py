"""Every signal there is, in one table: what it says, what it reads, how it enters the ranking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.graph.pair_kernels import path_weight
from ecosystem_graph.signals import complementarity, proximity
from ecosystem_graph.signals.evidence import Evidence
from ecosystem_graph.signals.trust import tie_strength

Positions = NDArray[np.intp]
Values = NDArray[np.float64]
Family = Literal["topology", "trust", "complementarity", "proximity", "activity", "embedding"]


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
    values : callable
        ``values(evidence, sources, targets)``: one finite number per pair.
    """

    name: str
    says: str
    family: Family
    unit: str
    scale: Literal["log", "linear"]
    values: Callable[[Evidence, Positions, Positions], Values]


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
        lambda e, a, b: path_weight(e.graph.adjacency, e.graph.adjacency, a, b),
    ),
    Signal(
        "adamic_adar",
        "shared collaborators, choosy ones counting more",
        "topology",
        "unitless, >= 0",
        "log",
        lambda e, a, b: path_weight(e.log_damped, e.graph.adjacency, a, b),
    ),
    Signal(
        "resource_allocation",
        "shared collaborators, each dividing one unit among its own",
        "topology",
        "unitless, >= 0",
        "log",
        lambda e, a, b: path_weight(e.degree_damped, e.graph.adjacency, a, b),
    ),
    Signal(
        "tie_strength",
        "what both won together, recent wins of small teams counting more",
        "trust",
        "wins of two, >= 0",
        "log",
        lambda e, a, b: tie_strength(e.ties, a, b),
    ),
    Signal(
        "shared_tie_strength",
        "how strongly shared collaborators tie the two",
        "trust",
        "wins of two, >= 0",
        "log",
        lambda e, a, b: path_weight(e.ties, e.tie_shares, a, b),
    ),
    Signal(
        "gain",
        "demand the collaborator would newly cover",
        "complementarity",
        "share of demand, 0..1",
        "linear",
        lambda e, a, b: complementarity.gain(e.demand, e.graph.held, a, b),
    ),
    Signal(
        "reciprocal_gain",
        "demand the partner would newly cover in return",
        "complementarity",
        "share of demand, 0..1",
        "linear",
        lambda e, a, b: complementarity.gain_in_return(e.demand, e.met, e.graph.held, a, b),
    ),
    Signal(
        "shared_demand",
        "deals in which both could be expected to be asked",
        "complementarity",
        "deals, >= 0",
        "log",
        lambda e, a, b: complementarity.shared_demand(e.needs, e.scarce_needs, a, b),
    ),
    Signal(
        "profile_similarity",
        "how alike the capabilities of both are",
        "complementarity",
        "cosine, 0..1",
        "linear",
        lambda e, a, b: complementarity.profile_similarity(e.profile, a, b),
    ),
    Signal(
        "territory_overlap",
        "whether both work in the same territories",
        "proximity",
        "chance, 0..1",
        "linear",
        lambda e, a, b: proximity.group_overlap(e.graph.territories, a, b),
    ),
    Signal(
        "territory_affinity",
        "how readily partners of the two territories win together",
        "proximity",
        "log of a ratio",
        "linear",
        lambda e, a, b: proximity.group_affinity(e.graph.territories, e.territory_lift, a, b),
    ),
    Signal(
        "type_affinity",
        "how readily partners of the two types win together",
        "proximity",
        "log of a ratio",
        "linear",
        lambda e, a, b: proximity.group_affinity(e.types, e.type_lift, a, b),
    ),
    Signal(
        "popularity",
        "partners the collaborator has won with",
        "activity",
        "partners, >= 0",
        "log",
        lambda e, a, b: e.graph.degree[b],
    ),
    Signal(
        "activity",
        "deals the collaborator won lately",
        "activity",
        "deals of today, >= 0",
        "log",
        lambda e, a, b: e.activity[b],
    ),
    Signal(
        "seats",
        "partners the collaborator met in deals won lately",
        "activity",
        "seats of today, >= 0",
        "log",
        lambda e, a, b: e.seats[b],
    ),
    Signal(
        "team_size",
        "mean size of the teams the collaborator wins in",
        "activity",
        "partners, >= 0",
        "log",
        lambda e, a, b: e.mean_team_size[b],
    ),
    Signal(
        "own_popularity",
        "partners the partner itself has won with",
        "activity",
        "partners, >= 0",
        "log",
        lambda e, a, b: e.graph.degree[a],
    ),
    Signal(
        "own_activity",
        "deals the partner itself won lately",
        "activity",
        "deals of today, >= 0",
        "log",
        lambda e, a, b: e.activity[a],
    ),
    Signal(
        "own_seats",
        "partners the partner itself met in deals won lately",
        "activity",
        "seats of today, >= 0",
        "log",
        lambda e, a, b: e.seats[a],
    ),
    Signal(
        "own_team_size",
        "mean size of the teams the partner itself wins in",
        "activity",
        "partners, >= 0",
        "log",
        lambda e, a, b: e.mean_team_size[a],
    ),
    Signal(
        "embedding_affinity",
        "how near the two stand in the map of who wins with whom",
        "embedding",
        "unitless",
        "linear",
        lambda e, a, b: e.embedding.affinity(a, b),
    ),
)
