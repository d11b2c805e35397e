"""What the neighbours of a partner deliver, and how well connected they are, by hand."""

from math import log, sqrt

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.network.neighbours import (
    neighbour_popularity,
    neighbour_topics,
    topics,
)


def test_topics_are_roots_of_what_was_delivered_times_the_log_of_rarity(make_graph):
    graph = make_graph(
        wins={"d-1": "ann bob", "d-2": "ann bob", "d-3": "cy bob", "d-4": "dee"},
        deal_requirements={"d-1": "crm erp", "d-2": "crm", "d-3": "iam", "d-4": "crm"},
    )
    delivered = csr_array([[2.0, 1.0, 0.0], [0, 0, 4.0], [0, 0, 0], [1.0, 1.0, 1.0]])
    crm, erp, iam = log(5 / 4), log(5 / 2), log(5 / 2)
    expected = np.array(
        [
            [sqrt(2) * crm, erp, 0],
            [0, 0, 2 * iam],
            [0, 0, 0],
            [crm, erp, iam],
        ]
    )
    lengths = np.linalg.norm(expected, axis=1, keepdims=True)
    expected /= np.where(lengths > 0, lengths, 1)
    np.testing.assert_allclose(topics(graph, delivered).toarray(), expected)


def test_what_every_deal_requires_tells_nothing(make_graph):
    graph = make_graph(wins={"d-1": "ann bob"}, deal_requirements={"d-1": "crm"})
    assert topics(graph, csr_array([[3.0], [1.0]])).toarray().tolist() == [[0.0], [0.0]]


def test_topics_of_neighbours_are_a_mean_by_tie_strength():
    shares = csr_array([[0.0, 0.75, 0.25], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    own = csr_array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    found = neighbour_topics(shares, own).toarray()
    mean = np.array([0.75 * 0.6, 0.75 * 0.8 + 0.25])
    np.testing.assert_allclose(found[0], mean / np.linalg.norm(mean))
    np.testing.assert_allclose(found[1], [1.0, 0.0])
    assert found[2].tolist() == [0.0, 0.0]


def test_only_the_sixty_largest_topics_of_neighbours_are_kept():
    shares, own = csr_array([[1.0]]), csr_array(np.arange(1.0, 101.0).reshape(1, -1))
    found = neighbour_topics(shares, own)
    assert sorted(found.indices) == list(range(40, 100))
    assert np.linalg.norm(found.data) == pytest.approx(1)


def test_popularity_of_neighbours_is_the_mean_log_of_their_partners():
    shares = csr_array([[0.0, 0.75, 0.25], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found = neighbour_popularity(shares, np.array([2.0, 1.0, 7.0]))
    assert found.tolist() == pytest.approx([0.75 * log(2) + 0.25 * log(8), log(3), 0.0])


def test_two_partners_of_other_topics_may_have_neighbours_of_the_same(make_graph):
    graph = make_graph(
        wins={"d-1": "ann hub", "d-2": "bob hub", "d-3": "cy dee"},
        deal_requirements={"d-1": "crm", "d-2": "erp", "d-3": "iam"},
    )
    features = GraphFeatures(graph)
    ann, bob, cy = graph.index.positions(["ann", "bob", "cy"])
    own, near = features.topics.toarray(), features.neighbour_topics.toarray()
    assert own[ann] @ own[bob] == 0
    assert near[ann] @ near[bob] > 0.5
    assert near[ann] @ near[cy] == 0
