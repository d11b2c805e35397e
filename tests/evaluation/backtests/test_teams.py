"""The back-test of teams."""

from datetime import date

import numpy as np
import pytest

from ecosystem_graph import load_dataset
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.teams import (
    LARGEST,
    MEASURES,
    _greedy_cover,
    team_backtest,
)
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.recommending import load_model
from ecosystem_graph.recommending.requests.requirement import Requirement
from ecosystem_graph.report import task_json, team_backtest_text
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.teams import TeamFinder

CUTOFF = date(2025, 1, 1)


@pytest.fixture(scope="module")
def demo():
    return load_dataset("channel-demo")


@pytest.fixture(scope="module")
def model():
    return load_model("default")


@pytest.fixture(scope="module")
def told(demo, model):
    return team_backtest(demo, BacktestProtocol(CUTOFF, n_lists=40), model=model)


def test_every_method_stands_beside_the_real_teams(told):
    assert list(told.metrics) == [
        "model",
        "owners",
        "likeliest",
        "popularity_within_requirement",
        "past_partners",
        "greedy_cover",
        "real",
    ]
    assert told.n_teams <= 40
    for measures in told.metrics.values():
        assert set(measures) == set(MEASURES)
        for interval in measures.values():
            assert 0 <= interval.low <= interval.estimate <= interval.high <= 1


def test_real_teams_are_their_own_measure(told):
    real = told.metrics["real"]
    assert real["precision"].estimate == real["recall"].estimate == 1.0


def test_teams_hold_more_of_what_is_asked_for_than_the_real_and_the_likeliest(told):
    owned = {name: measures["owned"].estimate for name, measures in told.metrics.items()}
    strength = {name: measures["strength"].estimate for name, measures in told.metrics.items()}
    assert owned["model"] > max(owned["real"], owned["likeliest"])
    assert strength["owners"] > strength["likeliest"]


def test_the_text_and_the_json_say_it(told):
    text = " ".join(team_backtest_text(told).split())
    assert text.startswith("Back-test of teams at 2025-01-01, all later deals")
    assert f"({LARGEST} beside the lead at" in text
    assert "greedy_cover" in text
    assert '"schema": 1' in task_json(told)


def test_greedy_cover_takes_who_adds_most(make_graph):
    graph = make_graph(
        partners="ann bob cy dan",
        partner_capabilities={
            "bob": {"crm": "certified"},
            "cy": {"crm": "self_declared", "erp": "self_declared"},
            "dan": {"erp": "self_declared"},
        },
    )
    need = TeamFinder(GraphFeatures(graph)).resolved(
        Requirement({"crm": 2.0, "erp": 1.0}, lead="ann")
    )
    scores = _greedy_cover(graph.held[:, need.capabilities].toarray(), need, 1)
    assert np.argsort(-scores)[:3].tolist() == [1, 2, 3]


def test_a_later_model_and_nothing_to_test_on_are_refused(demo, model):
    with pytest.raises(HistoryError, match="on data after the cutoff"):
        team_backtest(demo, BacktestProtocol(date(2018, 1, 1)), model=model)
    with pytest.raises(HistoryError, match="nothing to test on"):
        team_backtest(demo, BacktestProtocol(date(2030, 1, 1)), model=model)


def test_deals_that_require_only_new_capabilities_are_nothing_to_test_on(make_tables, model):
    tables = make_tables(
        wins={"before": "ann bob"},
        deals={"after": {"closed_on": "2025-06-01"}},
        deal_partners={"after": {"ann": "lead", "bob": "member"}},
        deal_requirements={"before": "crm", "after": "erp"},
    )
    with pytest.raises(HistoryError, match="requires a capability that was in the tables before"):
        team_backtest(tables, BacktestProtocol(CUTOFF), model=model)
