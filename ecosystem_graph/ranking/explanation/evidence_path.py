"""Evidence paths: chains of joint wins that connect two partners."""

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np

from ecosystem_graph.arrays.list_kernels import largest_terms
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.networkx_view import to_networkx
from ecosystem_graph.signals import GraphFeatures

#: Largest number of shared collaborators with a chain each.
_MOST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Link:
    """Two partners that have won together, and when.

    Attributes
    ----------
    partner_id, collaborator_id, collaborator_name : str
    joint_wins : int
    first_won_on, last_won_on : str
        ISO dates.
    """

    partner_id: str
    collaborator_id: str
    collaborator_name: str
    joint_wins: int
    first_won_on: str
    last_won_on: str


def evidence_paths(
    features: GraphFeatures, source: int, target: int
) -> tuple[tuple[Link, ...], ...]:
    """Chains of joint wins from one partner to another, the strongest first.

    Their own wins, if they have any; the three strongest chains over a shared collaborator; or,
    where they share none, the strongest of the chains over two others.

    Parameters
    ----------
    features : GraphFeatures
    source, target : int
        Positions of the two.

    Returns
    -------
    tuple of tuple of Link
        Empty where no chain of up to three links joins the two.
    """
    graph = features.graph
    a, b = (str(graph.index.ids[place]) for place in (source, target))
    shared = largest_terms(
        features.ties, features.ties, np.array([source]), np.array([target]), _MOST_SHARED
    )
    between = [str(graph.index.ids[place]) for place in shared[0] if place >= 0]
    chains = [[a, b]] if graph.adjacency[source, target] else []
    chains += [[a, other, b] for other in between]
    if chains:
        view = to_networkx(graph, [a, b, *between], hops=0, half_life_days=features.half_life_days)
    else:
        view = to_networkx(graph, [a, b], hops=1, half_life_days=features.half_life_days)
        chains = _strongest_chain(view, a, b)
    return tuple(tuple(_link(graph, view, *ends) for ends in pairwise(chain)) for chain in chains)


def _strongest_chain(view: nx.Graph, a: str, b: str) -> list[list[str]]:
    """Chain of least total resistance (1 / tie strength); empty if none connects the two."""

    def resistance(_: str, __: str, edge: dict[str, float]) -> float:
        return 1.0 / max(edge["tie_strength"], np.finfo(float).tiny)

    try:
        return [nx.shortest_path(view, a, b, weight=resistance)]
    except nx.NetworkXNoPath:
        return []


def _link(graph: EcosystemGraph, view: nx.Graph, a: str, b: str) -> Link:
    edge = view.edges[a, b]
    first = view.graph["deals"][edge["deals"][0]]["closed_on"]
    name = str(graph.index.names[graph.index.position(b)])
    return Link(a, b, name, edge["joint_wins"], first, edge["last_won_on"])
