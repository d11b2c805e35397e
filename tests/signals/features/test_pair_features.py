"""What several signals of the same pairs read is computed once, from the features of the graph."""

import numpy as np
import pytest

from ecosystem_graph.signals import GraphFeatures, PairFeatures
from ecosystem_graph.signals.competition import competition
from ecosystem_graph.signals.features import pair_features


@pytest.fixture(scope="module")
def features(make_graph):
    graph = make_graph(
        wins={"d-1": "ann bob", "d-2": "bob cy", "d-3": "ann cy dee"},
        deal_requirements={"d-1": "crm", "d-2": "iam erp", "d-3": "crm iam"},
        partner_capabilities={"ann": {"crm": "certified"}, "dee": {"iam": "certified"}},
        offerings={"ann": "vpn", "bob": "vpn", "cy": "mail"},
    )
    return GraphFeatures(graph)


@pytest.fixture
def pairs(features):
    return PairFeatures(features, np.array([0, 0, 1, 3]), np.array([1, 3, 0, 0]))


def test_the_pairs_are_of_the_graph(features, pairs):
    assert pairs.graph is features.graph


def test_a_product_is_of_the_sources_row_and_the_targets(features, pairs):
    left, right = features.delivered, features.graph.held
    expected = (left.toarray()[pairs.sources] * right.toarray()[pairs.targets]).sum(axis=1)
    assert expected.any()
    np.testing.assert_allclose(pairs.dot(left, right), expected)


def test_trust_is_of_the_record_and_of_what_shared_collaborators_won(features, pairs):
    relationships = features.relationships
    vouched = pairs.shared.vouched
    assert (vouched > 0).any()
    expected = relationships.trust(pairs.sources, pairs.targets, vouched)
    np.testing.assert_array_equal(pairs.trust, expected)
    assert (pairs.trust > relationships.trust(pairs.sources, pairs.targets)).any()


def test_gains_are_each_others_the_other_way_round(features, pairs):
    back = PairFeatures(features, pairs.targets, pairs.sources)
    assert pairs.gain.any()
    np.testing.assert_allclose(pairs.reciprocal_gain, back.gain)
    np.testing.assert_allclose(back.reciprocal_gain, pairs.gain)


def test_gain_is_the_demand_on_the_source_that_the_target_holds_better(features, pairs):
    demand, held = features.demand.toarray(), features.graph.held.toarray()
    better = np.maximum(held[pairs.targets] - held[pairs.sources], 0)
    np.testing.assert_allclose(pairs.gain, (demand[pairs.sources] * better).sum(axis=1))


def test_competition_is_that_of_the_markets(features, pairs):
    expected = competition.competition(features.markets, pairs.sources, pairs.targets)
    assert expected[0] > 0
    np.testing.assert_array_equal(pairs.competition, expected)


def test_what_is_read_twice_is_computed_once(features, pairs, monkeypatch):
    calls = []
    real = pair_features.shared_collaborators
    monkeypatch.setattr(
        pair_features, "shared_collaborators", lambda *given: calls.append(1) or real(*given)
    )
    assert pairs.shared is pairs.shared
    _ = pairs.trust
    assert calls == [1]
