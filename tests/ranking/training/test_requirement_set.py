"""Deals with a lead to train on: which they are, who joined, and how the rest is sampled."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.ranking import CandidateFinder
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.training.requirement_set import (
    fit_requirement_ranker,
    led_deals,
    requirement_set,
)
from ecosystem_graph.signals import GraphFeatures

PARTNERS = [f"p{n:02}" for n in range(24)]
DAY, UNTIL = "2024-01-01", date(2025, 1, 1)


def finder_of(tables, day=DAY):
    return CandidateFinder(GraphFeatures(EcosystemGraph.from_tables(tables, day)))


def history(make_tables, **later):
    """Neighbours won in 2023; later deals, each {"d": {partner: role}}."""
    past = {f"past-{n:02}": [a, b] for n, (a, b) in enumerate(pairwise(PARTNERS))}
    deals = {deal: {"closed_on": "2023-06-01"} for deal in past}
    deals |= {"outside": {"closed_on": "2025-01-01"}, "lost": {"outcome": "lost"}}
    roles = {deal: dict.fromkeys(team) for deal, team in past.items()} | later
    return make_tables(
        partners=PARTNERS,
        deals=deals,
        deal_partners=roles,
        deal_requirements={deal: "crm" for deal in roles if deal != "unasked"},
    )


LATER = {
    "led": {"p03": "lead", "p07": None, "p09": "support"},
    "alone": {"p04": "lead"},
    "unled": {"p05": None, "p06": None},
    "unasked": {"p05": "lead", "p06": None},
    "outside": {"p05": "lead", "p06": None},
    "lost": {"p05": "lead", "p06": None},
}


def test_deals_are_won_within_the_horizon_name_a_lead_and_others_and_ask_for_something(
    make_tables,
):
    tables = history(make_tables, **LATER)
    finder = finder_of(tables)
    deals = led_deals(finder, tables, UNTIL, 10, np.random.default_rng(0))
    ids = finder.features.graph.index.ids
    assert ids[deals.needs.leads].tolist() == ["p03"]
    assert ids[deals.members.toarray()[0] > 0].tolist() == ["p07", "p09"]
    assert deals.members.data.tolist() == [1.0, 1.0]
    assert deals.open_to.tolist() == finder.open_to.tolist()


def test_where_no_deal_is_led_there_is_nothing_to_train_on(make_tables):
    tables = history(make_tables, unled=LATER["unled"], alone=LATER["alone"])
    assert led_deals(finder_of(tables), tables, UNTIL, 10, np.random.default_rng(0)) is None


@pytest.fixture(scope="module")
def many(make_tables):
    """Twenty later deals, each led by one and joined by the one four on."""
    later = {f"later-{n:02}": {PARTNERS[n]: "lead", PARTNERS[n + 4]: None} for n in range(20)}
    return history(make_tables, **later)


def test_only_so_many_deals_are_drawn(many):
    finder = finder_of(many)
    deals = led_deals(finder, many, UNTIL, 7, np.random.default_rng(0))
    assert len(deals.needs) == deals.members.shape[0] == 7
    other = led_deals(finder, many, UNTIL, 7, np.random.default_rng(1))
    assert deals.needs.leads.tolist() != other.needs.leads.tolist()
    joined = deals.members.toarray().argmax(axis=1)
    assert (joined - deals.needs.leads == 4).all()


def test_all_that_joined_are_kept_and_a_quarter_of_the_rest_stands_for_all(many):
    finder = finder_of(many)
    ranker = RequirementRanker(finder)
    deals = led_deals(finder, many, UNTIL, 100, np.random.default_rng(0))
    found = ranker.candidates(deals.needs)
    training = requirement_set(ranker, deals, np.random.default_rng(3))
    assert training.won.sum() == 20
    assert (training.targets[training.won] - deals.needs.leads == 4).all()
    assert training.weight[training.won].tolist() == [1.0] * 20
    assert set(training.weight[~training.won]) == {4.0}
    assert (~training.won).sum() == pytest.approx((len(found.rows) - 20) / 4, rel=0.25)
    assert training.z_scores.shape == (len(training.won), len(ranker.names))
    assert (np.diff(training.sources) >= 0).all()


def test_fifty_deals_are_enough(many):
    finder = finder_of(many)
    deals = led_deals(finder, many, UNTIL, 100, np.random.default_rng(0))
    training = requirement_set(RequirementRanker(finder), deals, np.random.default_rng(3))
    sets = [training] * 3  # sixty that joined
    assert fit_requirement_ranker(sets, 50).names == RequirementRanker(finder).names
    with pytest.raises(HistoryError, match="49 won deals"):
        fit_requirement_ranker(sets, 49)
