"""Chains of joint wins between two partners, in ecosystems small enough to see them."""

from ecosystem_graph.ranking.explanation.evidence_path import Link, evidence_paths
from ecosystem_graph.signals import GraphFeatures


def paths(graph, a="ann", b="bob"):
    return evidence_paths(GraphFeatures(graph), *graph.index.positions([a, b]).tolist())


def test_paths_lead_over_the_strongest_shared_collaborator_first(make_graph):
    graph = make_graph(
        wins={"1": "ann cy", "2": "ann cy", "3": "cy bob", "4": "ann di", "5": "di bob"},
        deals={"1": {"closed_on": "2023-05-01"}, "2": {"closed_on": "2024-06-01"}},
    )
    strong, weak = paths(graph)
    assert strong == (
        Link("ann", "cy", "cy", 2, "2023-05-01", "2024-06-01"),
        Link("cy", "bob", "bob", 1, "2024-06-01", "2024-06-01"),
    )
    assert [link.collaborator_id for link in weak] == ["di", "bob"]


def test_a_path_over_two_others_is_found_where_none_is_shared(make_graph):
    graph = make_graph(wins=["ann cy", "cy di", "di bob", "ann eve"])
    (path,) = paths(graph)
    assert [link.partner_id for link in path] == ["ann", "cy", "di"]


def test_their_own_wins_come_first(make_graph):
    graph = make_graph(wins=["ann bob", "ann cy", "cy bob"])
    chains = paths(graph)
    assert [len(path) for path in chains] == [1, 2]


def test_three_shared_collaborators_are_named_at_most(make_graph):
    wins = [f"{one} {other}" for other in ("cy", "di", "ed", "fay") for one in ("ann", "bob")]
    assert len(paths(make_graph(wins=wins))) == 3


def test_of_the_chains_over_two_others_the_one_of_least_resistance_is_named(make_graph):
    graph = make_graph(
        wins={
            **{"1": "ann cy", "2": "cy di", "3": "di bob"},
            **{"4": "ann ed", "5": "ed fay", "6": "fay bob"},
        },
        deals={deal: {"closed_on": "2020-01-01"} for deal in "123"},
    )
    (path,) = paths(graph)
    assert [link.collaborator_id for link in path] == ["ed", "fay", "bob"]


def test_no_chain_is_longer_than_three(make_graph):
    assert paths(make_graph(wins=["ann cy", "cy di", "di ed", "ed bob"])) == ()
    assert paths(make_graph(wins=["ann cy", "di bob"])) == ()
