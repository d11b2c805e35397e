"""What holds for signals of how active partners are, whatever the ecosystem."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.built_in.activity import ACTIVITY

SIGNALS = {signal.name: signal for signal in ACTIVITY}

#: Signals of the collaborator alone.
TARGET_ONLY = (
    *("popularity", "activity", "seats", "team_size", "new_collaborators"),
    *("days_since_joint_win", "growth"),
)


@settings(max_examples=10)
@given(data=st.data())
def test_what_is_about_one_of_the_two_does_not_depend_on_the_other(
    make_graph, ecosystems, every_pair, data
):
    graph = make_graph(**data.draw(ecosystems))
    n = graph.n_partners
    features, pairs = GraphFeatures(graph), every_pair(n)
    for name, signal in SIGNALS.items():
        values = signal.values(features, *pairs).reshape(n, n)
        if signal.source_only:
            np.testing.assert_array_equal(values, values[:, :1].repeat(n, axis=1), err_msg=name)
        if name in TARGET_ONLY:
            np.testing.assert_array_equal(values, values[:1].repeat(n, axis=0), err_msg=name)


def test_those_about_the_partner_itself_are_its_own_signals():
    own = [name for name, signal in SIGNALS.items() if signal.source_only]
    assert own == ["own_popularity", "own_activity", "own_seats", "own_team_size"]


@settings(max_examples=10)
@given(data=st.data())
def test_the_gap_of_one_is_the_gap_back_of_the_other(make_graph, ecosystems, every_pair, data):
    graph = make_graph(**data.draw(ecosystems))
    features, (sources, targets) = GraphFeatures(graph), every_pair(graph.n_partners)
    gap = SIGNALS["popularity_gap"].values(features, sources, targets)
    back = SIGNALS["popularity_gap_back"].values(features, targets, sources)
    np.testing.assert_array_equal(gap, back)


def test_partners_met_are_counted_by_the_type_and_territory_of_the_source(make_graph):
    graph = make_graph(
        partners={
            **{name: {"type": "ISV", "country": "DE"} for name in ("ann", "bob", "cy")},
            **{name: {"type": "MSP", "country": "FR"} for name in ("dee", "eve")},
        },
        territories={"ann": "DE", "bob": "DE", "cy": "DE", "dee": "FR", "eve": "FR"},
        wins=["bob cy", "bob ann", "bob dee"],
    )
    features = GraphFeatures(graph)
    ann, bob, eve = graph.index.positions(["ann", "bob", "eve"])
    pairs = np.array([ann, eve]), np.array([bob, bob])
    for name in ("met_type", "met_territory"):
        assert SIGNALS[name].values(features, *pairs).tolist() == [2, 1], name
