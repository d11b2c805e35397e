"""What holds for signals of who won with whom, whatever the ecosystem."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.built_in.collaboration import COLLABORATION, EMBEDDING

SIGNALS = {signal.name: signal for signal in (*COLLABORATION, *EMBEDDING)}
SYMMETRIC = ["common_neighbours", "adamic_adar", "resource_allocation", "tie_strength"]


@settings(max_examples=10)
@given(data=st.data())
def test_what_two_share_is_the_same_from_either_side(make_graph, ecosystems, every_pair, data):
    graph = make_graph(**data.draw(ecosystems))
    features, (sources, targets) = GraphFeatures(graph), every_pair(graph.n_partners)
    for name in (*SYMMETRIC, "shared_tie_strength"):
        ours = SIGNALS[name].values(features, sources, targets)
        theirs = SIGNALS[name].values(features, targets, sources)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15, err_msg=name)


def test_a_joint_win_ties_the_two_and_raises_their_trust(make_graph):
    before = GraphFeatures(make_graph(partners="ann bob cy", wins=["ann cy"]))
    after = GraphFeatures(make_graph(partners="ann bob cy", wins=["ann cy", "ann bob"]))
    pair = before.graph.index.positions(["ann", "bob"]).reshape(2, 1)
    for name in ("tie_strength", "trust", "propagated_trust", "embedding_affinity", "tie_affinity"):
        assert SIGNALS[name].values(after, *pair) > SIGNALS[name].values(before, *pair), name


def test_a_shared_collaborator_raises_all_that_is_read_over_it(make_graph):
    before = GraphFeatures(make_graph(partners="ann bob cy", wins=["ann cy", "bob dee"]))
    after = GraphFeatures(make_graph(partners="ann bob cy", wins=["ann cy", "bob dee", "bob cy"]))
    pair = before.graph.index.positions(["ann", "bob"]).reshape(2, 1)
    for name in ("common_neighbours", "adamic_adar", "resource_allocation", "shared_tie_strength"):
        assert SIGNALS[name].values(before, *pair) == 0 < SIGNALS[name].values(after, *pair), name
    assert SIGNALS["trust"].values(after, *pair) > SIGNALS["trust"].values(before, *pair)


@pytest.mark.parametrize("name", ["tie_strength", "trust"])
def test_more_of_it_never_lowers_a_score(name):
    assert SIGNALS[name].direction == 1


def test_three_are_shown_and_not_learnt():
    shown = [name for name, signal in SIGNALS.items() if not signal.learnt]
    assert shown == ["common_neighbours", "resource_allocation", "propagated_trust"]
