import numpy as np
import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.lists.reranking.reciprocity import LEAST_GAIN, reciprocity
from ecosystem_graph.signals import GraphFeatures, PairFeatures

#: Ann and Bob each hold what the other is asked for; Cy holds nothing, Di all.
MARKET = {
    "wins": {"d-1": "ann", "d-2": "bob", "d-3": "cy", "d-4": "di"},
    "deal_requirements": {"d-1": "crm", "d-2": "erp", "d-3": "crm erp", "d-4": "crm erp"},
    "partner_capabilities": {"ann": {"erp": "certified"}, "bob": {"crm": "certified"}}
    | {"di": {"crm": "certified", "erp": "certified"}},
}


def pairs_of(graph, *pairs):
    sources, targets = (graph.index.positions(list(side)) for side in zip(*pairs, strict=True))
    return PairFeatures(GraphFeatures(graph), sources, targets)


def test_it_is_half_the_log_of_the_harmonic_mean_of_both_gains_and_a_thousandth(make_graph):
    pairs = pairs_of(make_graph(**MARKET), ("ann", "bob"), ("cy", "di"), ("di", "cy"))
    ours, theirs = pairs.gain + 0.001, pairs.reciprocal_gain + 0.001
    expected = 0.5 * np.log(2 / (1 / ours + 1 / theirs))
    np.testing.assert_allclose(reciprocity(pairs), np.minimum(expected, 0), rtol=1e-12)


def test_it_is_the_same_for_both_sides(make_graph):
    pairs = pairs_of(make_graph(**MARKET), ("ann", "bob"), ("cy", "di"), ("ann", "di"))
    back = PairFeatures(pairs.features, pairs.targets, pairs.sources)
    np.testing.assert_allclose(reciprocity(pairs), reciprocity(back), rtol=1e-12)


def test_a_pair_that_serves_both_sides_ranks_above_one_that_serves_a_single_side_more(make_graph):
    pairs = pairs_of(make_graph(**MARKET), ("ann", "bob"), ("cy", "di"))
    assert pairs.gain[1] > pairs.gain[0] > 0
    assert pairs.reciprocal_gain[0] > 0 == pairs.reciprocal_gain[1]
    both, one = reciprocity(pairs)
    assert both > one


def test_a_pair_without_gain_for_one_side_ranks_lower_and_is_not_excluded(make_graph):
    pairs = pairs_of(make_graph(**MARKET), ("di", "di"))
    assert pairs.gain[0] == pairs.reciprocal_gain[0] == 0
    assert reciprocity(pairs)[0] == pytest.approx(0.5 * np.log(LEAST_GAIN))


def test_without_stated_needs_it_is_refused(make_graph):
    graph = make_graph(wins=["ann bob"])
    with pytest.raises(DataError, match="the tables state no needs"):
        reciprocity(pairs_of(graph, ("ann", "bob")))
