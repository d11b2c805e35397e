"""Prices on congestion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.lists.reranking.exposure_price import congestion_prices

K = 3


@st.composite
def pools(draw):
    """Eight candidates of twelve for each of some sources, and a strength."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sources = draw(st.integers(1, 30))
    targets = np.array([rng.choice(12, 8, replace=False) for _ in range(n_sources)])
    fame = 2 * rng.normal(size=12)
    scores = fame[targets] + rng.normal(size=targets.shape)
    return targets, scores, draw(st.floats(0, 2))


def prices_of(targets, scores, strength, n_partners=12):
    sources = np.repeat(np.arange(len(targets)), targets.shape[1])
    return congestion_prices(sources, targets.ravel(), scores.ravel(), K, n_partners, strength)


def expected_load(targets, scores, prices):
    """By the definition, in plain arrays."""
    attraction = np.exp(scores - prices[targets])
    chance = np.minimum(K * attraction / attraction.sum(axis=1, keepdims=True), 1)
    return np.bincount(targets.ravel(), chance.ravel(), minlength=len(prices))


@given(pool=pools())
def test_prices_are_those_of_the_load_they_bring_about(pool):
    targets, scores, strength = pool
    prices = prices_of(*pool)
    settled = strength * np.log1p(expected_load(targets, scores, prices))
    np.testing.assert_allclose(prices, settled, atol=0.01 * (1 + strength))


@given(pool=pools(), seed=st.integers(0, 2**32 - 1))
def test_relabelling_only_relabels(pool, seed):
    targets, scores, strength = pool
    new = np.random.default_rng(seed).permutation(12)
    relabelled = prices_of(new[targets], scores, strength)
    np.testing.assert_allclose(relabelled[new], prices_of(*pool), atol=1e-12)


def test_stronger_prices_name_more_partners_and_the_star_in_fewer_lists():
    rng = np.random.default_rng(0)
    targets = np.array([rng.choice(12, 8, replace=False) for _ in range(200)])
    scores = np.linspace(3, -3, 12)[targets] + rng.normal(size=targets.shape)
    most = []
    for strength in (0.0, 0.5, 1.0, 2.0):
        priced = scores - prices_of(targets, scores, strength)[targets]
        best = np.take_along_axis(targets, np.argsort(-priced, axis=1)[:, :K], axis=1)
        most.append(np.bincount(best.ravel()).max())
    assert most == sorted(most, reverse=True)
    assert most[-1] < 0.8 * most[0]


def test_no_strength_is_no_price():
    assert not prices_of(np.array([[0, 1]]), np.array([[5.0, 1.0]]), 0.0).any()


@pytest.mark.parametrize(
    ("change", "message"),
    [({"k": 0}, "k must be at least 1. Got 0"), ({"strength": -1.0}, "strength must be finite")],
)
def test_values_out_of_range_are_refused(change, message):
    one = np.array([0])
    sound = {"k": 1, "n_partners": 1, "strength": 1.0}
    with pytest.raises(ValueError, match=message):
        congestion_prices(one, one, np.zeros(1), **(sound | change))


@pytest.mark.parametrize("strength", [0.2, 1.0])
def test_equal_candidates_of_one_list_share_its_places(strength):
    prices = prices_of(np.arange(12).reshape(1, 12), np.zeros((1, 12)), strength)
    np.testing.assert_allclose(prices, strength * np.log1p(K / 12), rtol=1e-3)


def test_a_partner_is_expected_in_a_list_once_at_most():
    """Two candidates for three places in each of two lists."""
    prices = prices_of(np.array([[0, 1], [0, 1]]), np.zeros((2, 2)), 1.0, n_partners=3)
    assert prices == pytest.approx([np.log(1 + 2), np.log(1 + 2), 0.0], abs=1e-4)


def test_lists_of_different_lengths_are_each_their_own():
    sources, targets = np.array([4, 4, 4, 4, 7]), np.array([0, 1, 2, 3, 3])
    prices = congestion_prices(sources, targets, np.zeros(5), 1, 4, 0.5)
    first = prices[0]
    for _ in range(100):  # the last is in a list of its own, and in the other by what is left
        last = 0.5 * np.log(2 + np.exp(-prices[3]) / (3 * np.exp(-first) + np.exp(-prices[3])))
        first = 0.5 * np.log1p(np.exp(-first) / (3 * np.exp(-first) + np.exp(-prices[3])))
    np.testing.assert_allclose(prices, [first, first, first, last], rtol=1e-3)


def test_twenty_rounds_of_steps_from_nothing():
    """One round by hand: a step of 1 / (1 + strength) towards the price of the load at no price."""
    targets, scores = np.array([[0, 1]]), np.array([[np.log(3.0), 0.0]])
    prices, strength = np.zeros(2), 2.0
    for _ in range(20):
        attraction = np.array([3.0, 1.0]) * np.exp(-prices)
        load = np.minimum(K * attraction / attraction.sum(), 1.0)
        prices += (strength * np.log1p(load) - prices) / (1 + strength)
    np.testing.assert_allclose(prices_of(targets, scores, strength, 2), prices, rtol=1e-12)
    assert prices_of(targets, scores, strength, 2)[0] == pytest.approx(2 * np.log(2), rel=1e-3)
