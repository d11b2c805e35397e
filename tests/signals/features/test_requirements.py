"""Signals of a need, worked out by hand."""

from math import hypot, log, log1p, sqrt

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


def test_experience_shares_and_topics_are_those_of_what_was_delivered(pairs):
    """Each of the two deals asked for one thing, 214 days ago; crm is 3/4 of the requirement."""
    left = 2 ** (-214 / 540)
    asked = hypot(0.75 * log(3 / 2), 0.25 * log(3 / 1))  # of two deals one asked for crm, none iam
    similar = 0.75 * log(3 / 2) / asked * sqrt(1 / 2)  # bob and cy delivered erp as much
    for name, expected in {
        "requirement_experience": 0.75 * log1p(left),
        "requirement_share": 0.75 * left / 5,
        "requirement_topics": similar,
        "requirement_neighbours": similar,
    }.items():
        told = REQUIREMENT_SIGNALS[name].of(pairs)
        np.testing.assert_allclose(told, [0.0, expected, expected], err_msg=name)


def test_several_requirements_are_each_their_own(pairs):
    """The first has no weights and no territory, the second asks for what nobody has heard of."""
    features = pairs.features
    needs = pl.DataFrame(
        {
            "need_id": ["m", "n"],
            "territory": pl.Series([None, "DE"], dtype=pl.String),
            "industry": pl.Series(["banking", "mining"], dtype=pl.String),
        }
    )
    asked = pl.DataFrame(
        {
            "need_id": ["m", "m", "m", "n"],
            "capability_id": ["crm", "iam", "erp", "unheard-of"],
            "weight": [None, 3.0, 0.0, 1.0],
        }
    )
    both = Requirements.of(features, np.array([1, 0]), needs, asked)
    assert len(both) == 2
    ids = features.graph.taxonomy.ids.to_list()
    by_capability = dict(zip(ids, both.asked.toarray().T.tolist(), strict=True))
    assert by_capability == {"crm": [0.25, 0.0], "erp": [0.0, 0.0], "iam": [0.75, 0.0]}
    missing = dict(zip(ids, both.missing.toarray().T.tolist(), strict=True))
    assert missing == {"crm": [0.0, 0.0], "erp": [0.0, 0.0], "iam": [0.75, 0.0]}  # bob has crm
    assert both.territories.toarray().tolist() == [[0.0, 0.0], [1.0, 0.0]]  # DE, FR
    assert both.industries.toarray().tolist() == [[1.0, 0.0], [0.0, 0.0]]  # banking, retail
    of_pairs = RequirementPairs(both, np.array([0, 0, 1]), np.array([2, 1, 1]))
    told = REQUIREMENT_SIGNALS["requirement_territory"].of(of_pairs)
    assert told.tolist() == [0.0, 0.0, 0.75]
    told = REQUIREMENT_SIGNALS["requirement_industry"].of(of_pairs)
    assert told.tolist() == [0.5, 0.5, 0.0]
