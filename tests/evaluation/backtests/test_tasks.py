"""The back-tests of known collaborators and of needs."""

from datetime import date

import pytest

from ecosystem_graph import Recommender, load_dataset
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.tasks import repeat_backtest, requirement_backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol

CUTOFF = date(2025, 1, 1)


@pytest.fixture(scope="module")
def demo():
    return load_dataset("channel-demo")


@pytest.fixture(scope="module")
def model(demo):
    from ecosystem_graph.tables import known_at

    return (
        Recommender(n_candidates=150)
        .fit(known_at(demo, CUTOFF), CUTOFF, for_requirements=True)
        .model_
    )


def test_a_need_is_served_better_than_by_what_a_user_could_go_by(demo, model):
    told = requirement_backtest(demo, BacktestProtocol(CUTOFF), model=model)
    assert told.results["new"].ratio.low > 1
    assert told.results["known"].ratio.estimate > 1
    assert set(told.results["new"].metrics) == {
        "model",
        "past_partners",
        "popularity_within_requirement",
        "adamic_adar",
    }


def test_known_collaborators_are_ranked_better_than_by_ties_alone(demo, model):
    told = repeat_backtest(demo, BacktestProtocol(CUTOFF), model=model)
    assert list(told.results) == ["known"]
    assert told.results["known"].ratio.low > 1


def test_a_later_model_is_refused(demo, model):
    for task in (repeat_backtest, requirement_backtest):
        with pytest.raises(HistoryError, match="on data after the cutoff"):
            task(demo, BacktestProtocol(date(2024, 1, 1)), model=model)


def test_nothing_to_test_on_is_said(demo, model):
    for task in (repeat_backtest, requirement_backtest):
        with pytest.raises(HistoryError, match="nothing to test on"):
            task(demo, BacktestProtocol(date(2030, 1, 1)), model=model)
