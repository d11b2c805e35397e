"""The trial a model is saved with."""

from datetime import date

import pytest

from ecosystem_graph import load_dataset
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.trial import trial
from ecosystem_graph.tables import known_at

DAY = date(2025, 7, 1)


@pytest.fixture(scope="module")
def demo():
    return load_dataset("channel-demo")


@pytest.mark.slow
def test_it_is_the_back_test_of_the_year_before_and_knows_nothing_of_later_days(demo):
    figures = trial(demo, DAY)
    names = ["popularity", "recent_popularity", "adamic_adar"]
    told = backtest(known_at(demo, DAY), date(2024, 7, 1), horizon_days=365, baselines=names)
    assert figures["cutoff"] == "2024-07-01"
    assert figures["lists"] == told.n_sources
    assert figures["ratio"] == pytest.approx(told.ratio.estimate, abs=1e-4)
    assert figures["best_baseline"] == told.best_baseline
    assert figures == trial(known_at(demo, DAY), DAY)


def test_too_little_history_is_no_trial(make_tables):
    assert trial(make_tables(wins=["ann bob"]), date(2025, 1, 1)) is None
