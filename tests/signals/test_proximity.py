"""Groups worked out by hand: territories, and types as the vendor writes them."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.signals.proximity import (
    group_affinity,
    group_overlap,
    lift_between,
    type_shares,
)

values = st.sampled_from([0.0, 0.0, 0.5, 1.0, 20.0])


def shares(weight):
    total = weight.sum(axis=1, keepdims=True)
    return weight / np.where(total > 0, total, 1.0)


@given(
    weight=hnp.arrays(float, (5, 3), elements=values),
    upper=hnp.arrays(float, (5, 5), elements=values),
)
def test_lift_compares_what_was_seen_with_mixing_at_random(weight, upper):
    groups, ties = shares(weight), np.triu(upper, 1) + np.triu(upper, 1).T
    seen = np.zeros((3, 3))
    for a, b in np.ndindex(5, 5):
        seen += ties[a, b] * np.outer(groups[a], groups[b])
    by_group = seen.sum(axis=0)
    expected = np.outer(by_group, by_group) / (seen.sum() or 1.0)
    ours = lift_between(csr_array(groups), csr_array(ties))
    np.testing.assert_allclose(ours, np.log((seen + 5) / (expected + 5)), atol=1e-9)
    np.testing.assert_allclose(ours, ours.T, atol=1e-9)


def test_groups_that_mix_at_random_have_no_lift():
    groups = csr_array(np.repeat(np.eye(2), 2, axis=0))
    np.testing.assert_allclose(lift_between(groups, csr_array(np.full((4, 4), 9.0))), 0, atol=1e-12)


def test_lift_is_drawn_towards_none_where_little_is_known():
    groups = csr_array(np.repeat(np.eye(2), 2, axis=0))
    within = csr_array(np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]))
    little, much = lift_between(groups, within)[0, 0], lift_between(groups, within * 1e6)[0, 0]
    assert 0 < little < much
    np.testing.assert_allclose(much, np.log(2), atol=1e-4)


def test_without_ties_there_is_no_lift():
    np.testing.assert_array_equal(lift_between(csr_array(np.eye(2)), csr_array((2, 2))), 0)


def test_affinity_averages_over_the_groups_of_both():
    groups = csr_array([[0.25, 0.75], [0.5, 0.5], [0.0, 0.0]])
    lift = np.array([[1.0, -2.0], [-2.0, 3.0]])
    ours = group_affinity(groups, lift, np.array([0, 0, 2]), np.array([1, 2, 1]))
    mixed = 0.25 * 0.5 * 1 + (0.25 * 0.5 + 0.75 * 0.5) * -2 + 0.75 * 0.5 * 3
    np.testing.assert_allclose(ours, [mixed, 0.0, 0.0])


@pytest.mark.parametrize(
    ("ann", "bob", "overlap"),
    [
        ({"DE": 1.0}, {"DE": 1.0}, 1.0),
        ({"DE": 1.0}, {"FR": 1.0}, 0.0),
        ({"DE": 0.5, "FR": 0.5}, {"DE": 1.0}, 0.5),
        ({"DE": 0.7, "FR": 0.3}, {"DE": 0.2, "FR": 0.4, "IT": 0.4}, 0.7 * 0.2 + 0.3 * 0.4),
        ({"DE": 1.0}, {}, 0.0),
    ],
)
def test_overlap_is_the_chance_of_meeting_in_a_territory(make_graph, pair, ann, bob, overlap):
    graph = make_graph(partners="ann bob", wins=["ann"], territories={"ann": ann, "bob": bob})
    meeting = SIGNALS["territory_overlap"].values
    assert meeting(GraphFeatures(graph), *pair(graph, "ann", "bob")) == pytest.approx(overlap)
    assert meeting(GraphFeatures(graph), *pair(graph, "bob", "ann")) == pytest.approx(overlap)


def test_a_partner_wholly_in_one_group_overlaps_itself_and_one_in_two_does_half():
    groups = csr_array([[1.0, 0.0], [0.5, 0.5]])
    overlap = group_overlap(groups, np.array([0, 1]), np.array([0, 1]))
    np.testing.assert_allclose(overlap, [1.0, 0.5])


@pytest.mark.parametrize("column", ["type", "country"])
def test_groups_that_won_together_are_nearer_than_those_that_did_not(make_graph, pair, column):
    partners = {
        name: {column: group}
        for group, names in {"AA": "a1 a2 a3", "BB": "b1 b2 b3", "CC": "c1 c2"}.items()
        for name in names.split()
    }
    graph = make_graph(partners=partners, wins=["a1 b1", "a2 b2"] * 9 + ["a1 a2", "c1 c2"])
    name = {"type": "type_affinity", "country": "territory_affinity"}[column]
    near = SIGNALS[name].values(GraphFeatures(graph), *pair(graph, "a3", "b3"))
    far = SIGNALS[name].values(GraphFeatures(graph), *pair(graph, "a3", "c2"))
    assert near > 0 > far


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ISV", {"ISV": 1.0}),
        ("ISV;MSP", {"ISV": 0.5, "MSP": 0.5}),
        (" ISV ; MSP", {"ISV": 0.5, "MSP": 0.5}),
        ("MSP;ISV;MSP", {"ISV": 0.5, "MSP": 0.5}),
        ("ISV;;MSP;", {"ISV": 0.5, "MSP": 0.5}),
        ("isv", {"isv": 1.0}),
        (";", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_types_are_the_words_between_semicolons_in_equal_shares(written, read):
    kinds = ["ISV", "MSP", "isv"]
    membership = type_shares(pl.Series([written, *kinds], dtype=pl.String)).toarray()
    assert membership[0].tolist() == [read.get(kind, 0.0) for kind in kinds]
    np.testing.assert_array_equal(membership[1:], np.eye(3))


def test_where_no_type_is_known_nobody_is_near_by_type(make_graph, pair):
    graph = make_graph(wins=["ann bob"])
    assert type_shares(graph.tables["partners"]["type"]).shape == (2, 0)
    assert SIGNALS["type_affinity"].values(GraphFeatures(graph), *pair(graph, "ann", "bob")) == 0
