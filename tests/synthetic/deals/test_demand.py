"""Demand of markets: shares that sum to one, drawn in proportion."""

import numpy as np
import pytest

from ecosystem_graph.synthetic.deals.demand import YEARS, demand, market_year
from ecosystem_graph.synthetic.partners.skills import taxonomy


@pytest.fixture(scope="module")
def skills():
    return taxonomy(300, seed=1)


@pytest.fixture(scope="module")
def wanted(skills):
    return demand(skills, seed=1)


def test_shares_of_a_market_and_year_sum_to_one_over_capabilities_in_use(skills, wanted):
    np.testing.assert_allclose(wanted.shares.sum(axis=-1), 1)
    assert (wanted.shares[..., ~skills.in_use] == 0).all()
    np.testing.assert_allclose(wanted.by_territory().sum(axis=1), 1)


def test_capabilities_are_drawn_in_their_shares(wanted):
    market = market_year(np.int32(2), np.int32(3), np.int32(YEARS - 1))
    drawn = wanted.drawn(np.random.default_rng(0), np.full(50_000, market, dtype=np.int32))
    shares = np.bincount(drawn, minlength=wanted.shares.shape[-1]) / len(drawn)
    np.testing.assert_allclose(shares, wanted.shares[2, 3, -1], atol=0.01)


def test_demand_drifts_from_year_to_year(wanted):
    first, second, last = wanted.shares[0, 0, [0, 1, -1]]
    assert not np.allclose(first, second)
    assert np.corrcoef(first, second)[0, 1] > np.corrcoef(first, last)[0, 1]
