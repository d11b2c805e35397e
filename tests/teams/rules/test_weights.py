"""The weights of the objective of a team."""

from dataclasses import fields

import pytest

from ecosystem_graph.ranking.policy import COMPETITION_PRICE
from ecosystem_graph.ranking.value.logit import Logit
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


def test_weights_are_those_of_winning_and_competition_costs_at_least_the_price_of_a_list():
    terms = {"covered": 0.5, "covered_declared": 1.5, "satisfaction": 6.0, "trust": 0.25}
    gentle = Logit.assumed({name: (w, 1.0) for name, w in terms.items()}, intercept=-1.0)
    weights = TeamWeights.of(gentle)
    assert (weights.strength, weights.satisfaction, weights.trust) == (2.0, 3.0, 0.25)
    assert weights.competition == COMPETITION_PRICE
    fierce = Logit.assumed({"competition": (-2.5, 1.0)}, intercept=-1.0)
    assert TeamWeights.of(fierce).competition == 2.5
