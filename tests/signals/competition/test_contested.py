"""Where two partners meet among what they would bring."""

import numpy as np

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.competition.contested import contested_labels


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
