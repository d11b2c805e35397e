"""Probabilities come true as often as they say."""

import numpy as np
import pytest
from scipy.stats import beta

from ecosystem_graph.ranking import Calibration


@pytest.fixture(scope="module")
def past():
    rng = np.random.default_rng(0)
    log_odds = rng.normal(-3.0, 1.2, 60_000)
    chance = 1 / (1 + np.exp(-(0.5 + 0.8 * log_odds)))  # the scores are off by a line
    return log_odds, chance, rng.random(len(log_odds)) < chance


def test_what_is_said_comes_true(past):
    log_odds, chance, won = past
    half = np.arange(len(won)) % 2 == 0
    fitted = Calibration.fit(log_odds[half], won[half])
    said = fitted.probability[fitted.step(log_odds[~half])]
    assert np.abs(said - chance[~half]).mean() < 0.01
    assert said.mean() == pytest.approx(won[~half].mean(), abs=0.005)
    low, high = (bound[fitted.step(log_odds[~half])] for bound in (fitted.low, fitted.high))
    assert ((low <= said) & (said <= high)).all()


def test_more_log_odds_are_never_less_probable_and_enough_pairs_stand_behind_each(past):
    fitted = Calibration.fit(past[0], past[2])
    assert (np.diff(fitted.probability) > 0).all()
    assert (np.diff(fitted.above) > 0).all()
    assert fitted.n.min() >= 200
    assert fitted.n.sum() == len(past[0])


def test_the_interval_is_that_of_the_share_of_a_step(past):
    fitted = Calibration.fit(past[0], past[2])
    step = fitted.step(past[0])
    for place in (0, len(fitted.n) - 1):
        wins = past[2][step == place].sum()
        posterior = beta(wins + 0.5, fitted.n[place] - wins + 0.5)
        assert fitted.probability[place] == pytest.approx(posterior.mean())
        assert fitted.low[place] == pytest.approx(posterior.ppf(0.05))


def test_beyond_what_was_seen_the_outermost_step_counts(past):
    fitted = Calibration.fit(past[0], past[2])
    assert fitted.step(np.array([-1e9, 1e9])).tolist() == [0, len(fitted.n) - 1]


def test_scores_that_say_nothing_are_one_step():
    rng = np.random.default_rng(1)
    fitted = Calibration.fit(np.zeros(5_000), rng.random(5_000) < 0.1)
    said = fitted.probability[fitted.step(np.zeros(1))]
    assert said == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize(("n", "wins"), [(999, 100), (10_000, 49), (0, 0)])
def test_too_little_history_says_nothing(n, wins):
    assert Calibration.fit(np.arange(float(n)), np.arange(n) < wins) is None


@pytest.mark.parametrize(("n_pairs", "n_steps"), [(10_000, 50), (20_000, 50), (9_800, 49)])
def test_there_are_fifty_steps_at_most_of_two_hundred_pairs_at_least(n_pairs, n_steps):
    """In each part of the list a few more won than in the one before."""
    place = np.arange(n_pairs)
    size = n_pairs // n_steps
    won = place % size < (place // size + 1) * (size // n_steps)
    fitted = Calibration.fit(place.astype(float), won)
    assert fitted.n.tolist() == [size] * n_steps
    assert fitted.above.tolist() == list(range(0, n_pairs, size))
