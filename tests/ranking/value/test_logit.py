"""Additive logistic regression against closed forms, another implementation, and loops."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from ecosystem_graph.ranking.value.logit import Logit, Prior, fit_logit


def prior(n, *, mean=0.0, deviation=1e3, sign=0):
    filled = (np.full(n, value) for value in (mean, deviation, sign))
    return Prior(*filled)


@pytest.fixture(scope="module")
def drawn():
    """600 outcomes of two terms, in 60 clusters."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(600, 2)) * [1.0, 2.0] + [0.5, -1.0]
    shared = np.repeat(rng.normal(size=60), 10)
    won = rng.random(600) < expit(0.3 + x @ [0.8, -0.4] + shared)
    return x, won, np.repeat(np.arange(60), 10)


@pytest.mark.parametrize("wins", [(30, 60, 90), (10, 10, 110)])
def test_with_a_term_for_each_group_it_fits_the_share_of_each(wins):
    group = np.repeat(np.arange(3), 120)
    won = np.concatenate([np.arange(120) < n for n in wins])
    x = (group[:, None] == [1, 2]).astype(float)
    intercept, slopes, covariance = fit_logit(x, won, prior(2), np.arange(360))
    shares = logit(np.array(wins) / 120)
    np.testing.assert_allclose(intercept, shares[0], atol=1e-3)
    np.testing.assert_allclose(slopes, shares[1:] - shares[0], atol=1e-3)
    # Of a log-odds of one group: 1 / wins + 1 / losses; of a difference: the sum of both.
    variance = 1 / np.array(wins) + 1 / (120 - np.array(wins))
    np.testing.assert_allclose(covariance[0, 0], variance[0], rtol=1e-3)
    np.testing.assert_allclose(np.diag(covariance)[1:], variance[0] + variance[1:], rtol=1e-3)
    np.testing.assert_allclose(covariance[0, 1:], -variance[0], rtol=1e-3)


@pytest.mark.parametrize("deviation", [1e3, 0.5, 0.1])
def test_it_is_the_regression_of_another_library(drawn, deviation):
    x, won, clusters = drawn
    intercept, slopes, _ = fit_logit(x, won, prior(2, deviation=deviation), clusters)
    other = LogisticRegression(C=deviation**2, tol=1e-10, max_iter=10_000).fit(x, won)
    np.testing.assert_allclose(slopes, other.coef_[0], atol=2e-4)
    np.testing.assert_allclose(intercept, other.intercept_[0], atol=2e-4)


@pytest.mark.parametrize(("mean", "deviation"), [(3.0, 0.1), (-2.0, 0.5), (0.0, 5.0)])
def test_at_the_fit_outcomes_and_prior_pull_alike(drawn, mean, deviation):
    x, won, clusters = drawn
    intercept, slopes, _ = fit_logit(x, won, prior(2, mean=mean, deviation=deviation), clusters)
    missed = won - expit(intercept + x @ slopes)
    np.testing.assert_allclose(missed.sum(), 0, atol=0.02)
    np.testing.assert_allclose(x.T @ missed, (slopes - mean) / deviation**2, atol=0.02)


def test_a_term_that_never_varies_stays_at_its_prior_and_as_uncertain(drawn):
    x, won, clusters = drawn
    still = np.column_stack([x, np.zeros(len(x))])
    given = Prior(np.array([0.0, 0.0, 1.7]), np.array([1e3, 1e3, 0.3]), np.zeros(3, dtype=int))
    _, slopes, covariance = fit_logit(still, won, given, clusters)
    np.testing.assert_allclose([slopes[2], covariance[3, 3]], [1.7, 0.09])
    np.testing.assert_allclose(covariance[3, :3], 0, atol=1e-12)


@pytest.mark.parametrize("place", [0, 1])
def test_a_sign_that_binds_leaves_the_term_out(drawn, place):
    x, won, clusters = drawn
    _, free, _ = fit_logit(x, won, prior(2), clusters)
    sign = np.zeros(2, dtype=int)
    sign[place] = -int(np.sign(free[place]))
    held = Prior(np.zeros(2), np.full(2, 1e3), sign)
    intercept, slopes, _ = fit_logit(x, won, held, clusters)
    assert slopes[place] == 0
    others = x[:, [1 - place]]
    without = fit_logit(others, won, prior(1), clusters)
    np.testing.assert_allclose([intercept, slopes[1 - place]], [without[0], *without[1]], atol=1e-3)


def test_a_sign_that_does_not_bind_changes_nothing(drawn):
    x, won, clusters = drawn
    free = fit_logit(x, won, prior(2), clusters)
    held = Prior(np.zeros(2), np.full(2, 1e3), np.sign(free[1]).astype(int))
    for ours, theirs in zip(fit_logit(x, won, held, clusters), free, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)


def sandwich(x, won, at, deviation, clusters):
    """Covariance of the estimate by clusters, one row after another."""
    n = x.shape[1] + 1
    bread, scores = np.zeros((n, n)), {}
    for row, outcome, cluster in zip(x, won, clusters, strict=True):
        terms = np.array([1.0, *row])
        chance = expit(terms @ at)
        bread += chance * (1 - chance) * np.outer(terms, terms)
        scores[cluster] = scores.get(cluster, 0) + (outcome - chance) * terms
    known = np.diag([0.0] + [deviation**-2.0] * (n - 1))
    filling = sum(np.outer(score, score) for score in scores.values()) + known
    inverse = np.linalg.inv(bread + known)
    return inverse @ filling @ inverse


@pytest.mark.parametrize("deviation", [1e3, 0.5])
@pytest.mark.parametrize("alone", [False, True])
def test_the_covariance_is_the_sandwich_by_clusters(drawn, deviation, alone):
    x, won, clusters = drawn
    # Clusters are labels: neither in order nor from 0.
    labels = 7_000 - 3 * np.arange(600) if alone else (clusters * 37) % 101 + 5
    intercept, slopes, covariance = fit_logit(x, won, prior(2, deviation=deviation), labels)
    by_hand = sandwich(x, won, [intercept, *slopes], deviation, labels)
    np.testing.assert_allclose(covariance, by_hand, rtol=1e-6, atol=1e-12)


def test_rows_that_depend_on_each_other_count_for_less(drawn):
    x, won, clusters = drawn
    together = fit_logit(x, won, prior(2), clusters)[2]
    apart = fit_logit(x, won, prior(2), np.arange(600))[2]
    assert together[0, 0] > 1.5 * apart[0, 0]


def test_stated_weights_are_kept_with_their_uncertainty():
    model = Logit.assumed({"a": (2.0, 0.5), "b": (-1.0, 0.25)}, intercept=0.75)
    assert (model.weight("a"), model.weight("b"), model.weight("c")) == (2.0, -1.0, 0.0)
    assert model.standard_errors.tolist() == [0.5, 0.25]
    assert np.array_equal(model.covariance, np.diag([0.0, 0.25, 0.0625]))
    assert not model.learnt
    np.testing.assert_allclose(
        model.probability(np.array([[1.0, 2.0], [0.0, 0.0]])), expit([0.75, 0.75])
    )


@pytest.mark.parametrize(("n_coefficients", "side"), [(1, 3), (2, 2), (3, 4)])
def test_numbers_that_do_not_fit_the_terms_are_refused(n_coefficients, side):
    with pytest.raises(ValueError, match="2 terms need 2 coefficients and 3 x 3"):
        Logit(("a", "b"), np.zeros(n_coefficients), 0.0, np.zeros((side, side)))
