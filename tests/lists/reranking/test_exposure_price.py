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
