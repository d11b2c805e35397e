"""The auction's parts against plain sorts, and its lists against a linear programme."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from ecosystem_graph.lists.allocation.auction import Market, Slots, auction, has_room, take


def market_of(utility, k):
    """Every source with every target; utility of shape (n_sources, n_targets)."""
    n_sources, n_targets = utility.shape
    source, target = np.indices(utility.shape).reshape(2, -1).astype(np.int32)
    pointers = np.arange(0, n_sources * n_targets + 1, n_targets)
    return Market(pointers, source, target, utility.ravel().astype(np.float64), k)


def slots_of(market, room):
    room = np.asarray(room, dtype=np.int64)
    ends = np.cumsum(np.maximum(room, 0))
    return Slots(
        room=room,
        first=ends - np.maximum(room, 0),
        taken=np.zeros(len(room), dtype=np.int64),
        price=np.where(room == 0, np.inf, 0.0),
        bids=np.full(ends[-1], np.nan),
        holders=np.full(ends[-1], -1, dtype=np.int32),
        listed=np.zeros(len(market.pointers) - 1, dtype=np.int64),
        assigned=np.zeros(len(market.target), dtype=np.bool_),
    )


@given(
    bids=st.lists(st.integers(1, 99), min_size=1, max_size=30, unique=True), room=st.integers(1, 8)
)
def test_the_highest_bids_hold_the_slots_and_the_lowest_of_them_is_the_price(bids, room):
    market = market_of(np.ones((len(bids), 2)), k=1)
    slots = slots_of(market, [3, room])  # of the second target
    held = []
    for source, bid in enumerate(bids):
        pair = 2 * source + 1
        outbid = take(market, slots, pair, float(bid))
        lowest = min(held, default=None)
        full = len(held) == room
        assert outbid == (lowest[1] if full else -1)
        # Whoever has the lowest bid gives way, even to one that bids less.
        held = [one for one in held if not (full and one == lowest)] + [(bid, source)]
        assert slots.taken.tolist() == [0, len(held)]
        here = slice(slots.first[1], slots.first[1] + len(held))
        assert sorted(slots.bids[here]) == sorted(bid for bid, _ in held)
        holders = {int(market.source[pair]) for pair in slots.holders[here]}
        assert holders == {source for _, source in held}
        assert set(np.flatnonzero(slots.listed)) == holders
        assert set(market.source[slots.assigned]) == holders
        assert slots.price[1] == (min(held)[0] if len(held) == room else 0.0)
        assert slots.price[0] == 0.0
        assert has_room(slots, 1) == (len(held) < room)


def test_room_for_everybody_needs_no_bids():
    market = market_of(np.ones((3, 1)), k=1)
    slots = slots_of(market, [-1])
    assert [take(market, slots, pair, 9.0) for pair in range(3)] == [-1, -1, -1]
    assert has_room(slots, 0)
    assert slots.price[0] == 0.0
    assert slots.assigned.all()


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_total_utility_is_the_optimum_of_a_linear_programme(seed, k):
    rng = np.random.default_rng(seed)
    utility = rng.random((7, 5))
    room = rng.integers(0, 4, 5)
    market = market_of(utility, k)
    slots = slots_of(market, room)
    auction(market, slots, np.arange(7), 1e-6, 10**9)
    assigned = slots.assigned.reshape(utility.shape)
    assert (assigned.sum(axis=0) <= room).all()
    assert (assigned.sum(axis=1) <= k).all()
    assert slots.listed.tolist() == assigned.sum(axis=1).tolist()
    rows = np.kron(np.eye(7), np.ones(5)), np.kron(np.ones(7), np.eye(5))
    best = linprog(
        -utility.ravel(), np.vstack(rows), np.concatenate([np.full(7, k), room]), bounds=(0, 1)
    )
    assert utility[assigned].sum() == pytest.approx(-best.fun, abs=1e-3)
    # At the prices reached no source gains by exchanging a slot for another.
    gains = utility - slots.price
    for source in range(7):
        left = gains[source][~assigned[source]].max()
        if assigned[source].sum() < k:
            assert left <= 1e-5
        elif assigned[source].any():
            assert gains[source][assigned[source]].min() >= left - 1e-5


def test_patience_makes_steps_grow_so_that_an_end_comes_soon():
    market = market_of(np.ones((40, 1)), k=1)
    slots = slots_of(market, [1])
    # Without patience the price would climb to 1 in a million bids of a millionth each.
    auction(market, slots, np.arange(40), 1e-9, 1)
    assert slots.assigned.sum() == 1
    assert slots.price[0] >= 1.0
