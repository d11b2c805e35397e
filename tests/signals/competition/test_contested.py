"""Where two partners meet among what they would bring."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.competition.contested import (
    contested_cells,
    contested_labels,
    substitute_labels,
)


def contested(graph, a="ann", b="bob", k=5):
    source, target = graph.index.positions([a, b]).reshape(2, 1)
    (cells,) = contested_labels(GraphFeatures(graph), source, target, k)
    return cells.to_list()


def test_a_product_both_sell_is_contested_where_both_work(make_graph):
    graph = make_graph(
        offerings={"ann": "crm vpn", "bob": "vpn erp"},
        territories={"ann": {"DE": 0.7, "FR": 0.3}, "bob": "DE FR IT"},
    )
    assert contested(graph) == ["vpn @ DE", "vpn @ FR"]


def test_where_a_territory_is_unknown_the_product_alone_is_told(make_graph):
    graph = make_graph(offerings={"ann": "vpn", "bob": "vpn"}, territories={"ann": "DE"})
    assert contested(graph) == ["vpn"]


def test_nothing_is_contested_where_no_territory_is_shared(make_graph):
    graph = make_graph(
        offerings={"ann": "vpn", "bob": "vpn"}, territories={"ann": "DE", "bob": "FR"}
    )
    assert contested(graph) == []


def depth(make_graph, theirs):
    return make_graph(
        partners={"ann": {"country": "DE"}, "bob": {"country": "DE"}},
        partner_capabilities={"ann": {"crm": "self_declared"}, "bob": {"crm": theirs}},
        deal_requirements={"d": "crm"},
    )


def test_a_capability_both_sell_is_contested_where_one_brings_depth(make_graph):
    graph = depth(make_graph, theirs="certified")
    assert contested(graph) == contested(graph, "bob", "ann") == ["crm @ DE"]


def test_a_capability_neither_has_more_of_is_not_brought(make_graph):
    assert contested(depth(make_graph, theirs="self_declared")) == []


def test_a_gap_filled_is_contested_by_nobody(make_graph):
    graph = make_graph(
        partner_capabilities={"ann": {"erp": "certified"}, "bob": {"crm": "certified"}},
        deal_requirements={"d": "crm erp"},
    )
    assert contested(graph) == []


def test_the_largest_cells_come_first_and_no_more_than_asked_for(make_graph):
    graph = make_graph(
        offerings={"ann": "a b c", "bob": "a b c"},
        territories={"ann": {"DE": 0.9, "FR": 0.1}, "bob": "DE FR"},
    )
    assert contested(graph, k=3) == ["a @ DE", "a @ FR", "b @ DE"]


def test_no_pairs_are_no_lists(make_graph):
    nobody = np.array([], dtype=np.intp)
    graph = make_graph(offerings={"ann": "vpn"})
    assert contested_labels(GraphFeatures(graph), nobody, nobody, 5).to_list() == []


def cells(graph, k, a="ann", b="bob"):
    source, target = graph.index.positions([a, b]).reshape(2, 1)
    return [part[0].tolist() for part in contested_cells(GraphFeatures(graph), source, target, k)]


def test_ten_products_in_three_territories_each_are_considered_at_most(make_graph):
    items = {f"s{n:02}": None for n in range(12)}
    places = {"DE": 0.4, "FR": 0.3, "IT": 0.2, "ES": 0.1}
    graph = make_graph(
        offerings={"ann": items, "bob": items}, territories={"ann": places, "bob": places}
    )
    sold, where = cells(graph, 100)
    codes = list(graph.market_codes)
    assert len(sold) == 30
    assert sold == [item for item in range(10) for _ in range(3)]
    assert [codes[place] for place in where] == ["DE", "FR", "IT"] * 10
    assert cells(graph, 4) == [[0, 0, 0, 1], [*where[:3], where[0]]]


def test_where_a_territory_is_unknown_each_product_is_told_once(make_graph):
    graph = make_graph(
        offerings={"ann": "a b", "bob": "a b c"}, territories={"ann": {"DE": 0.6, "FR": 0.4}}
    )
    assert cells(graph, 5) == [[0, 1, -1, -1, -1], [-1] * 5]


def test_no_more_cells_are_told_than_there_are(make_graph):
    graph = make_graph(
        offerings={"ann": "a b", "bob": "a b"}, territories={"ann": "DE", "bob": "DE"}
    )
    assert cells(graph, 4) == [[0, 1, -1, -1], [0, 0, -1, -1]]


@pytest.mark.parametrize(
    ("ours", "theirs", "asked_of", "contested_too"),
    [
        ("self_declared", "certified", "ann", True),  # bob would bring ann depth
        ("certified", "self_declared", "ann", False),
        ("certified", "self_declared", "bob", True),
        ("self_declared", "certified", "bob", False),
        ("certified", "certified", "ann", False),
        ("self_declared", "certified", None, False),
    ],
)
def test_a_capability_is_contested_where_the_one_that_wants_it_holds_less(
    make_graph, monkeypatch, ours, theirs, asked_of, contested_too
):
    graph = make_graph(
        partner_capabilities={"ann": {"crm": ours}, "bob": {"crm": theirs}},
        partners={"cy": {}},
        deal_requirements={"d": "crm"},
    )
    features = GraphFeatures(graph)
    demand = np.zeros((3, 1))
    if asked_of is not None:
        demand[graph.index.position(asked_of)] = 1.0
    monkeypatch.setattr(GraphFeatures, "demand", csr_array(demand), raising=False)
    a, b = graph.index.positions(["ann", "bob"]).reshape(2, 1)
    (found,) = contested_labels(features, a, b, 5)
    assert found.to_list() == (["crm"] if contested_too else [])


def test_the_kinds_that_are_substitutes_most_are_named(make_graph):
    """Of two sources of kinds, for each pair the one that is further in it; null where none is."""
    features = GraphFeatures(make_graph(partners="ann bob cy"))

    class Kinds:
        def __init__(self, far, words):
            self.far, self.words = np.array(far), {(0, 1): words}

        def foremost(self, sources, targets):
            return self.far, np.zeros(3, dtype=int), np.ones(3, dtype=int)

    features.__dict__["markets"] = replace(
        features.markets,
        kinds=(Kinds([0.5, 0.2, 0.0], "by type"), Kinds([0.3, 0.4, 0.0], "by role")),
    )
    told = substitute_labels(features, np.array([0, 0, 1]), np.array([1, 2, 2]))
    assert told.to_list() == ["by type", "by role", None]
