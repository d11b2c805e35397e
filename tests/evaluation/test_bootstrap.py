import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from ecosystem_graph.evaluation import bootstrap as ours
from ecosystem_graph.evaluation.bootstrap import Interval, bootstrap_interval, bootstrap_ratio


def test_the_interval_agrees_with_scipy():
    values = np.random.default_rng(0).exponential(size=400)
    ours = bootstrap_interval(values, np.random.default_rng(1), n_resamples=9000, level=0.9)
    theirs = bootstrap(
        (values,), np.mean, method="percentile", confidence_level=0.9, rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours.estimate == values.mean()
    np.testing.assert_allclose([ours.low, ours.high], theirs, atol=0.01)


def test_the_interval_does_not_depend_on_how_resamples_are_blocked(monkeypatch):
    values = np.random.default_rng(0).random(50)
    whole = bootstrap_interval(values, np.random.default_rng(1))
    monkeypatch.setattr(ours, "PICKS_AT_ONCE", 170)
    assert bootstrap_interval(values, np.random.default_rng(1)) == whole


@given(seed=st.integers(0, 2**32 - 1), factor=st.floats(0.1, 10))
def test_the_ratio_is_paired(seed, factor):
    theirs = np.random.default_rng(seed).random(30)
    ratio = bootstrap_ratio(factor * theirs, theirs, np.random.default_rng(seed), n_resamples=50)
    np.testing.assert_allclose([ratio.estimate, ratio.low, ratio.high], factor)


def test_the_ratio_to_a_method_that_never_hits_is_infinite_and_two_such_tie():
    rng, nothing = np.random.default_rng(0), np.zeros(4)
    assert bootstrap_ratio(np.ones(4), nothing, rng) == Interval(np.inf, np.inf, np.inf)
    assert bootstrap_ratio(nothing, nothing, rng) == Interval(1.0, 1.0, 1.0)


def test_bootstrap_refuses_what_it_cannot_resample():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="Got 0 and 1000"):
        bootstrap_interval(np.array([]), rng)
    with pytest.raises(ValueError, match="Got 3 and 0"):
        bootstrap_interval(np.ones(3), rng, n_resamples=0)
    with pytest.raises(ValueError, match="level must be above 0"):
        bootstrap_interval(np.ones(3), rng, level=1.0)
    with pytest.raises(ValueError, match="must pair up"):
        bootstrap_ratio(np.ones(3), np.ones(2), rng)
