"""The auction's parts against plain sorts, and its lists against a linear programme."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from ecosystem_graph.lists.allocation.auction import Market, Places, auction, has_room, take


def market_of(worth, k):
    """Every source with every target; worth of shape (n_sources, n_targets)."""
    n_sources, n_targets = worth.shape
    source, target = np.indices(worth.shape).reshape(2, -1).astype(np.int32)
    pointers = np.arange(0, n_sources * n_targets + 1, n_targets)
    return Market(pointers, source, target, worth.ravel().astype(np.float64), k)


def places_of(market, room):
    room = np.asarray(room, dtype=np.int64)
    ends = np.cumsum(np.maximum(room, 0))
    return Places(
        room=room,
        first=ends - np.maximum(room, 0),
        taken=np.zeros(len(room), dtype=np.int64),
        price=np.where(room == 0, np.inf, 0.0),
        bids=np.full(ends[-1], np.nan),
        holders=np.full(ends[-1], -1, dtype=np.int32),
        listed=np.zeros(len(market.pointers) - 1, dtype=np.int64),
        stands=np.zeros(len(market.target), dtype=np.bool_),
    )


@given(
    bids=st.lists(st.integers(1, 99), min_size=1, max_size=30, unique=True), room=st.integers(1, 8)
)
def test_the_highest_bids_hold_the_places_and_the_lowest_of_them_is_the_price(bids, room):
    market = market_of(np.ones((len(bids), 2)), k=1)
    places = places_of(market, [3, room])  # of the second target
    held = []
    for source, bid in enumerate(bids):
        pair = 2 * source + 1
        outbid = take(market, places, pair, float(bid))
        lowest = min(held, default=None)
        full = len(held) == room
        assert outbid == (lowest[1] if full else -1)
        # Whoever has the lowest bid gives way, even to one that bids less.
        held = [one for one in held if not (full and one == lowest)] + [(bid, source)]
        assert places.taken.tolist() == [0, len(held)]
        here = slice(places.first[1], places.first[1] + len(held))
        assert sorted(places.bids[here]) == sorted(bid for bid, _ in held)
        holders = {int(market.source[pair]) for pair in places.holders[here]}
        assert holders == {source for _, source in held}
        assert set(np.flatnonzero(places.listed)) == holders
        assert set(market.source[places.stands]) == holders
        assert places.price[1] == (min(held)[0] if len(held) == room else 0.0)
        assert places.price[0] == 0.0
        assert has_room(places, 1) == (len(held) < room)


def test_room_for_everybody_needs_no_bids():
    market = market_of(np.ones((3, 1)), k=1)
    places = places_of(market, [-1])
    assert [take(market, places, pair, 9.0) for pair in range(3)] == [-1, -1, -1]
    assert has_room(places, 0)
    assert places.price[0] == 0.0
    assert places.stands.all()


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_lists_are_worth_as_much_as_a_linear_programme_finds(seed, k):
    rng = np.random.default_rng(seed)
    worth = rng.random((7, 5))
    room = rng.integers(0, 4, 5)
    market = market_of(worth, k)
    places = places_of(market, room)
    auction(market, places, np.arange(7), 1e-6, 10**9)
    stands = places.stands.reshape(worth.shape)
    assert (stands.sum(axis=0) <= room).all()
    assert (stands.sum(axis=1) <= k).all()
    assert places.listed.tolist() == stands.sum(axis=1).tolist()
    rows = np.kron(np.eye(7), np.ones(5)), np.kron(np.ones(7), np.eye(5))
    best = linprog(
        -worth.ravel(), np.vstack(rows), np.concatenate([np.full(7, k), room]), bounds=(0, 1)
    )
    assert worth[stands].sum() == pytest.approx(-best.fun, abs=1e-3)
    # Nobody would rather have another place at the prices reached.
    gains = worth - places.price
    for source in range(7):
        left = gains[source][~stands[source]].max()
        if stands[source].sum() < k:
            assert left <= 1e-5
        elif stands[source].any():
            assert gains[source][stands[source]].min() >= left - 1e-5


def test_patience_makes_steps_grow_so_that_an_end_comes_soon():
    market = market_of(np.ones((40, 1)), k=1)
    places = places_of(market, [1])
    # Without patience the price would climb to 1 in a million bids of a millionth each.
    auction(market, places, np.arange(40), 1e-9, 1)
    assert places.stands.sum() == 1
    assert places.price[0] >= 1.0
