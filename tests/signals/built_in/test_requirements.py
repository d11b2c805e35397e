"""What holds for signals of a customer's requirement and a partner."""

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.built_in.requirements import REQUIREMENTS
from ecosystem_graph.signals.features.requirements import RequirementPairs, Requirements

SIGNALS = {signal.name: signal for signal in REQUIREMENTS}


def values(name, graph, asked, territory="FR", industry="retail"):
    """One signal of a requirement that ann leads, for every partner, by id."""
    facts = pl.DataFrame({"need_id": ["n"], "territory": [territory], "industry": [industry]})
    weights = pl.DataFrame(
        {
            "need_id": ["n"] * len(asked),
            "capability_id": list(asked),
            "weight": [float(weight) for weight in asked.values()],
        }
    )
    lead = graph.index.positions(["ann"])
    needs = Requirements.of(GraphFeatures(graph), lead, facts, weights)
    n = graph.n_partners
    pairs = RequirementPairs(needs, np.zeros(n, dtype=np.intp), np.arange(n))
    return dict(zip(graph.index.ids.tolist(), SIGNALS[name].of(pairs).tolist(), strict=True))


@pytest.fixture(scope="module")
def graph(make_graph):
    """Bob and cy won for it, hub only with those that did; dee won something else."""
    return make_graph(
        wins={"d-1": "bob cy", "d-2": "bob hub", "d-3": "dee eve", "d-4": "ann eve"},
        deals={"d-1": {"territory": "FR", "industry": "retail"}},
        deal_requirements={"d-1": "crm", "d-2": "erp", "d-3": "iam", "d-4": "iam"},
        partner_capabilities={
            "ann": {"crm": "certified"},
            "bob": {"crm": "certified", "erp": "certified"},
        },
        territories={"bob": {"FR": 0.5, "DE": 0.5}, "dee": "DE"},
    )


def test_every_share_is_of_the_weight_that_the_requirement_gives(graph):
    asked = {"crm": 3, "erp": 1}
    assert values("requirement_cover", graph, asked)["bob"] == 1.0
    assert values("requirement_cover", graph, asked)["ann"] == 0.75
    assert values("requirement_gap", graph, asked)["bob"] == 0.25
    assert values("requirement_gap", graph, asked)["ann"] == 0.0


@pytest.mark.parametrize("name", ["requirement_experience", "requirement_share"])
def test_experience_is_of_joint_deals_that_required_the_same(name, graph):
    found = values(name, graph, {"crm": 1})
    assert found["bob"] == found["cy"] > 0
    assert found["dee"] == found["hub"] == 0


def test_neighbours_of_those_who_delivered_it_are_near_it(graph):
    topics = values("requirement_topics", graph, {"crm": 1})
    near = values("requirement_neighbours", graph, {"crm": 1})
    assert topics["hub"] == 0 < near["hub"]
    assert near["dee"] == topics["dee"] == 0


def test_the_place_is_the_customers(graph):
    assert values("requirement_territory", graph, {"crm": 1}, territory="DE")["dee"] == 1.0
    assert values("requirement_territory", graph, {"crm": 1})["bob"] == 0.5
    assert values("requirement_industry", graph, {"crm": 1})["cy"] == 1.0
    assert values("requirement_industry", graph, {"crm": 1}, industry=None)["cy"] == 0.0


def test_a_requirement_of_nothing_known_is_covered_by_nobody(graph):
    for name in ("requirement_cover", "requirement_gap", "requirement_share", "requirement_topics"):
        assert set(values(name, graph, {"unheard-of": 1}).values()) == {0.0}
