"""The check of probabilities, on probabilities that are right and on some that are not."""

import numpy as np
import pytest

from ecosystem_graph.evaluation.reliability import reliability


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    chance = rng.beta(1, 30, 100_000).clip(1e-6, 1 - 1e-6)
    return chance, rng.random(len(chance)) < chance


def moved(chance, intercept, slope):
    log_odds = intercept + slope * np.log(chance / (1 - chance))
    return 1 / (1 + np.exp(-log_odds))


def test_right_probabilities_have_no_error_and_slope_one(world):
    told = reliability(*world)
    assert told.ece < 0.002
    assert told.slope == pytest.approx(1.0, abs=0.05)
    assert told.brier < told.brier_constant
    assert told.predicted == pytest.approx(told.observed, abs=0.002)
    assert sum(part.n for part in told.bins) == told.n == 100_000


def test_being_too_sure_is_a_slope_below_one(world):
    chance, won = world
    assert reliability(moved(chance, 3.0, 2.0), won).slope == pytest.approx(0.5, abs=0.05)


def test_saying_too_much_everywhere_is_the_error(world):
    chance, won = world
    told = reliability(np.minimum(chance + 0.1, 0.99), won)
    assert told.ece == pytest.approx(0.1, abs=0.005)


@pytest.mark.parametrize("won", [np.zeros(5, bool), np.ones(5, bool)])
def test_where_all_or_none_won_there_is_nothing_to_compare_with(won):
    assert reliability(np.full(5, 0.5), won) is None
