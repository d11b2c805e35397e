"""Signals of a need, worked out by hand."""

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.signals import REQUIREMENT_SIGNALS, GraphFeatures
from ecosystem_graph.signals.features.requirements import RequirementPairs, Requirements


@pytest.fixture(scope="module")
def pairs(make_graph):
    """Ann looks for others to deliver crm and iam in France; bob has crm, cy works in France."""
    graph = make_graph(
        wins={"d-1": "bob cy", "d-2": "bob cy"},
        deals={"d-1": {"industry": "retail"}, "d-2": {"industry": "banking"}},
        deal_requirements={"d-1": "crm", "d-2": "erp"},
        partner_capabilities={"ann": {"iam": "certified"}, "bob": {"crm": "certified"}},
        territories={"ann": "DE", "bob": {"DE": 0.75, "FR": 0.25}, "cy": "FR"},
    )
    features = GraphFeatures(graph)
    need = pl.DataFrame({"need_id": ["n"], "territory": ["FR"], "industry": ["retail"]})
    asked = pl.DataFrame(
        {
            "need_id": ["n"] * 3,
            "capability_id": ["crm", "iam", "unheard-of"],
            "weight": [3.0, 1.0, 9.0],
        }
    )
    needs = Requirements.of(features, np.array([0]), need, asked)
    return RequirementPairs(needs, np.zeros(3, dtype=np.intp), np.arange(3))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("requirement_cover", [0.25, 0.75, 0.0]),
        ("requirement_gap", [0.0, 0.75, 0.0]),
        ("requirement_territory", [0.0, 0.25, 1.0]),
        ("requirement_industry", [0.0, 0.5, 0.5]),
    ],
)
def test_shares_are_of_what_is_asked_for(pairs, name, expected):
    np.testing.assert_allclose(REQUIREMENT_SIGNALS[name].of(pairs), expected)


@pytest.mark.parametrize(
    "name",
    ["requirement_experience", "requirement_share", "requirement_topics", "requirement_neighbours"],
)
def test_those_who_delivered_it_before_stand_out(pairs, name):
    ann, bob, _ = REQUIREMENT_SIGNALS[name].of(pairs)
    assert ann == 0 < bob
