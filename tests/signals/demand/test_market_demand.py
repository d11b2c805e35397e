"""Rows made when they are asked for, against dense arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.signals.demand import market_demand
from ecosystem_graph.signals.demand.market_demand import MarketDemand

weights = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, 3.0])


def arrays(*shape):
    return hnp.arrays(float, shape, elements=weights)


def shares(table):
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1e-300)


@st.composite
def markets(draw, n=4, n_markets=3, n_industries=2, n_capabilities=6):
    """A market demand, and the same as a dense array."""
    of_partner = shares(draw(arrays(n, n_markets)))
    wanted = shares(draw(arrays(n_markets, n_capabilities)))
    dense, tilted = of_partner @ wanted, {}
    if draw(st.booleans()):
        industries, lift = shares(draw(arrays(n, n_industries))), draw(arrays(2, n_capabilities))
        tilt = draw(hnp.arrays(float, n, elements=st.sampled_from([0.0, 0.5, 1.0])))
        dense *= 1 + tilt[:, None] * (industries @ lift - 1)
        tilted = {"industries": csr_array(industries), "lift": lift, "tilt": tilt}
    return MarketDemand(csr_array(of_partner), csr_array(wanted), **tilted), shares(dense)


@given(market=markets(), total=arrays(4, 6))
def test_sums_beside_it_are_those_of_the_dense_array(market, total):
    ours, dense = market
    crossed, squares = ours.beside(csr_array(total))
    np.testing.assert_allclose(crossed, (total * dense).sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(squares, (dense**2).sum(axis=1), atol=1e-12)


@given(market=markets(), own=arrays(4, 6), weight=weights)
def test_with_room_for_all_it_is_the_sum_in_shares(market, own, weight):
    ours, dense = market
    found = ours.added_to(csr_array(own), weight, 6)
    assert found.has_canonical_format
    np.testing.assert_allclose(found.toarray(), shares(own + weight * dense), atol=1e-12)


@given(market=markets(), own=arrays(4, 6), k=st.integers(1, 5))
def test_of_each_row_the_largest_are_kept(market, own, k):
    ours, _ = market
    whole, some = ours.added_to(csr_array(own), 1.0, 6), ours.added_to(csr_array(own), 1.0, k)
    largest = np.sort(whole.toarray())[:, ::-1] * (np.arange(6) < k)
    np.testing.assert_allclose(np.sort(some.toarray())[:, ::-1], shares(largest))


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_rows_worked_on_at_a_time_do_not_matter(monkeypatch, rows):
    rng = np.random.default_rng(rows)
    of_partner, own = shares(rng.random((7, 3))), rng.random((7, 6))
    wanted = shares(rng.random((3, 6)))
    ours, dense = MarketDemand(csr_array(of_partner), csr_array(wanted)), of_partner @ wanted
    monkeypatch.setattr(market_demand, "_ROWS", rows)
    found = ours.added_to(csr_array(own), 2.0, 6).toarray()
    np.testing.assert_allclose(found, shares(own + 2.0 * dense))
    crossed, squares = ours.beside(csr_array(own))
    np.testing.assert_allclose(crossed, (own * dense).sum(axis=1))
    np.testing.assert_allclose(squares, (dense**2).sum(axis=1))


def test_nothing_wanted_is_what_is_ones_own_and_nothing_at_all_is_none():
    nothing = MarketDemand(csr_array((2, 1)), csr_array((1, 3)))
    own = csr_array([[0.0, 3.0, 1.0], [0.0, 0.0, 0.0]])
    assert nothing.added_to(own, 1.0, 3).toarray().tolist() == [[0, 0.75, 0.25], [0, 0, 0]]
    assert nothing.added_to(csr_array((2, 3)), 1.0, 3).nnz == 0
    assert [part.tolist() for part in nothing.beside(own)] == [[0.0, 0.0], [0.0, 0.0]]
