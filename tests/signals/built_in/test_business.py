"""What holds for signals of what two do for customers, whatever the ecosystem."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.built_in.business import BUSINESS

SIGNALS = {signal.name: signal for signal in BUSINESS}

#: The same from either side.
SYMMETRIC = (
    *("parity", "mutual_gain", "objectives", "competition", "shared_demand", "neighbour_topics"),
    *("profile_similarity", "territory_overlap", "territory_affinity", "type_affinity"),
)


@settings(max_examples=10)
@given(data=st.data())
def test_what_is_about_both_is_the_same_from_either_side(make_graph, ecosystems, every_pair, data):
    graph = make_graph(**data.draw(ecosystems))
    features, (sources, targets) = GraphFeatures(graph), every_pair(graph.n_partners)
    for name in SYMMETRIC:
        ours = SIGNALS[name].values(features, sources, targets)
        theirs = SIGNALS[name].values(features, targets, sources)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12, err_msg=name)


def test_gains_and_satisfaction_never_lower_a_score_and_rivalry_never_raises_it():
    up = [name for name, signal in SIGNALS.items() if signal.direction == 1]
    assert up == ["satisfaction", "gain", "reciprocal_gain", "mutual_gain", "objectives"]
    assert [name for name, one in SIGNALS.items() if one.direction == -1] == [
        "parity",
        "competition",
    ]


def test_competition_alone_is_priced_instead_of_learnt():
    assert [name for name, signal in SIGNALS.items() if not signal.learnt] == ["competition"]


def test_recent_joint_deals_on_the_same_topic_raise_topic_activity(make_graph):
    wins = {"d-1": "ann cy", "d-2": "bob dee"}
    values = []
    for topic in ("erp", "crm"):
        graph = make_graph(wins=wins, deal_requirements={"d-1": "crm", "d-2": topic})
        pair = graph.index.positions(["ann", "bob"]).reshape(2, 1)
        values.append(float(SIGNALS["topic_activity"].values(GraphFeatures(graph), *pair)[0]))
    assert values[0] == 0 < values[1]
