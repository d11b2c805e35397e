"""The weights of the objective of a team."""

from dataclasses import fields

import pytest

from ecosystem_graph.ranking.policy import COMPETITION_PRICE
from ecosystem_graph.teams import TeamWeights


def test_owning_a_capability_outweighs_all_that_one_more_member_can_cost():
    weights = TeamWeights()
    costs = weights.reach + weights.seat + weights.trust + weights.competition
    assert weights.ownership > costs + weights.satisfaction


def test_competition_costs_what_it_costs_in_a_list():
    assert TeamWeights().competition == COMPETITION_PRICE


@pytest.mark.parametrize("name", [field.name for field in fields(TeamWeights)])
@pytest.mark.parametrize("value", [-0.1, float("inf"), float("nan")])
def test_a_weight_is_finite_and_not_negative(name, value):
    with pytest.raises(ValueError, match=f"{name} must be finite"):
        TeamWeights(**{name: value})


def test_elsewhere_is_a_share():
    assert TeamWeights(elsewhere=1.0).elsewhere == 1.0
    with pytest.raises(ValueError, match=r"elsewhere must be finite and from 0 to 1\.0"):
        TeamWeights(elsewhere=1.1)
