"""Augmenting paths fill as many lists as a largest matching does; small cases by hand."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from ecosystem_graph.lists.allocation.auction import Market, Slots, take
from ecosystem_graph.lists.allocation.augmenting import serve


def market_of(mask, utility, k):
    source, target = np.nonzero(mask)
    pointers = np.searchsorted(source, np.arange(len(mask) + 1))
    values = utility[source, target].astype(np.float64)
    return Market(pointers, source.astype(np.int32), target.astype(np.int32), values, k)


def slots_of(market, room):
    room = np.asarray(room, dtype=np.int64)
    ends = np.cumsum(room)
    return Slots(
        room=room,
        first=ends - room,
        taken=np.zeros(len(room), dtype=np.int64),
        price=np.zeros(len(room)),
        bids=np.zeros(ends[-1]),
        holders=np.zeros(ends[-1], dtype=np.int32),
        listed=np.zeros(len(market.pointers) - 1, dtype=np.int64),
        assigned=np.zeros(len(market.target), dtype=np.bool_),
    )


def greedily_taken(market, slots):
    """Fill slots source by source, so that the last ones find nothing left."""
    for pair in range(len(market.target)):
        target, source = market.target[pair], market.source[pair]
        if slots.taken[target] < slots.room[target] and slots.listed[source] < market.k:
            take(market, slots, pair, 0.0)


def consistent(market, slots):
    assigned = slots.assigned
    listed = np.bincount(market.source[assigned], minlength=len(market.pointers) - 1)
    taken = np.bincount(market.target[assigned], minlength=len(slots.room))
    assert slots.listed.tolist() == listed.tolist()
    assert slots.taken.tolist() == taken.tolist()
    assert (taken <= slots.room).all()
    assert (listed <= market.k).all()
    held = [
        slots.holders[slot]
        for target, first in enumerate(slots.first)
        for slot in range(first, first + slots.taken[target])
    ]
    assert sorted(held) == np.flatnonzero(assigned).tolist()


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(25))
def test_as_many_are_served_as_a_largest_matching_serves(seed, k):
    rng = np.random.default_rng(seed)
    mask = rng.random((14, 6)) < rng.choice([0.15, 0.3, 0.6])
    room = rng.integers(0, 5, 6)
    market = market_of(mask, rng.random(mask.shape), k)
    if not len(market.target):
        return
    slots = slots_of(market, room)
    greedily_taken(market, slots)
    serve(market, slots, np.arange(14))
    consistent(market, slots)
    each = csr_array(mask[:, np.repeat(np.arange(6), room)])
    most = np.count_nonzero(maximum_bipartite_matching(each, "column") >= 0)
    assert np.count_nonzero(slots.listed) == most


def test_the_slot_is_taken_from_the_holder_that_loses_least():
    # The third would join target 0, held by both others, each of whom has another slot.
    mask = np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0]], dtype=bool)
    utility = np.array([[0.9, 0.5, 0.0], [0.7, 0.0, 0.6], [0.2, 0.0, 0.0]])
    market = market_of(mask, utility, k=2)
    slots = slots_of(market, [2, 1, 1])
    greedily_taken(market, slots)
    serve(market, slots, np.arange(3))
    listed = {
        (int(market.source[p]), int(market.target[p])) for p in np.flatnonzero(slots.assigned)
    }
    assert listed == {(0, 0), (0, 1), (1, 2), (2, 0)}


def test_slots_move_along_a_path_and_the_source_that_lost_one_takes_the_best_free_one():
    # 2 wants target 0 alone; 1 holds it and can move on to target 1, of which 0 can spare one;
    # 0 then takes target 3, which has more utility for it than target 2.
    mask = np.array([[0, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]], dtype=bool)
    utility = np.array([[0.0, 0.8, 0.3, 0.4], [0.9, 0.5, 0.0, 0.0], [0.6, 0.0, 0.0, 0.0]])
    market = market_of(mask, utility, k=2)
    slots = slots_of(market, [1, 1, 1, 1])
    for pair in (0, 1, 3):  # 0 holds targets 1 and 2, 1 holds target 0
        take(market, slots, pair, 0.0)
    serve(market, slots, np.arange(3))
    consistent(market, slots)
    listed = {
        (int(market.source[p]), int(market.target[p])) for p in np.flatnonzero(slots.assigned)
    }
    assert listed == {(0, 2), (0, 3), (1, 1), (2, 0)}


def test_who_cannot_be_served_takes_nothing_from_anybody():
    mask = np.array([[1], [1]], dtype=bool)
    market = market_of(mask, np.array([[0.1], [0.9]]), k=1)
    slots = slots_of(market, [1])
    take(market, slots, 0, 0.0)
    serve(market, slots, np.array([1, 0]))
    assert slots.assigned.tolist() == [True, False]


def test_of_free_slots_the_best_is_taken_wherever_it_stands():
    market = market_of(np.ones((1, 3), dtype=bool), np.array([[0.3, 0.6, 0.5]]), k=1)
    slots = slots_of(market, [1, 1, 1])
    serve(market, slots, np.arange(1))
    consistent(market, slots)
    assert slots.assigned.tolist() == [False, True, False]


def test_a_free_slot_of_less_utility_is_taken_before_anybody_gives_one_up():
    # 1 would like target 0 most, of which 0 holds two slots; target 1 is free.
    mask = np.array([[1, 1, 0], [1, 0, 1]], dtype=bool)
    utility = np.array([[0.9, 0.5, 0.0], [0.2, 0.0, 0.8]])
    market = market_of(mask, utility, k=2)
    slots = slots_of(market, [1, 1, 1])
    for pair in (0, 1):
        take(market, slots, pair, 0.0)
    serve(market, slots, np.arange(2))
    consistent(market, slots)
    assert slots.assigned.tolist() == [True, True, False, True]


def test_sources_are_served_in_the_order_asked_for():
    for order in ([0, 1], [1, 0]):
        market = market_of(np.ones((2, 1), dtype=bool), np.array([[0.9], [0.1]]), k=1)
        slots = slots_of(market, [1])
        serve(market, slots, np.array(order))
        assert np.flatnonzero(slots.assigned).tolist() == [order[0]]
