"""The protocol of a back-test: its horizon, its sample, and the leakage it refuses."""

from dataclasses import replace
from datetime import date

import pytest

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.protocol import BacktestProtocol, days_after
from ecosystem_graph.recommending import load_model

CUTOFF = date(2025, 1, 1)


def test_without_a_horizon_all_later_wins_count():
    assert BacktestProtocol(CUTOFF).until is None
    assert BacktestProtocol(CUTOFF, horizon_days=365).until == date(2026, 1, 1)


def test_the_calendar_ends_on_its_last_day():
    assert days_after(date(9999, 12, 1), 365) == date.max
    assert BacktestProtocol(CUTOFF, horizon_days=10**9).until == date.max


def test_every_generator_of_a_protocol_draws_the_same():
    protocol = BacktestProtocol(CUTOFF, seed=3)
    first, second = protocol.rng().integers(1_000, size=5), protocol.rng().integers(1_000, size=5)
    assert first.tolist() == second.tolist()
    assert first.tolist() != replace(protocol, seed=4).rng().integers(1_000, size=5).tolist()


def test_a_model_fitted_after_the_cutoff_is_refused_and_one_fitted_on_it_is_not():
    model = load_model("default")
    BacktestProtocol(model.fitted_as_of).check(model)
    BacktestProtocol(CUTOFF).check(None)
    with pytest.raises(HistoryError, match=r"on data after the cutoff 2018-12-31 \(leakage\)"):
        BacktestProtocol(date(2018, 12, 31)).check(replace(model, fitted_as_of=date(2019, 1, 1)))
