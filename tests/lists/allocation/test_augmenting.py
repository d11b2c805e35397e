"""Serving whoever has nobody, against the largest matching and by hand."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from ecosystem_graph.lists.allocation.auction import Market, Places, take
from ecosystem_graph.lists.allocation.augmenting import serve


def market_of(there, worth, k):
    source, target = np.nonzero(there)
    pointers = np.searchsorted(source, np.arange(len(there) + 1))
    values = worth[source, target].astype(np.float64)
    return Market(pointers, source.astype(np.int32), target.astype(np.int32), values, k)


def places_of(market, room):
    room = np.asarray(room, dtype=np.int64)
    ends = np.cumsum(room)
    return Places(
        room=room,
        first=ends - room,
        taken=np.zeros(len(room), dtype=np.int64),
        price=np.zeros(len(room)),
        bids=np.zeros(ends[-1]),
        holders=np.zeros(ends[-1], dtype=np.int32),
        listed=np.zeros(len(market.pointers) - 1, dtype=np.int64),
        stands=np.zeros(len(market.target), dtype=np.bool_),
    )


def greedily_taken(market, places):
    """Fill places source by source, so that the last ones find nothing left."""
    for pair in range(len(market.target)):
        target, source = market.target[pair], market.source[pair]
        if places.taken[target] < places.room[target] and places.listed[source] < market.k:
            take(market, places, pair, 0.0)


def consistent(market, places):
    stands = places.stands
    listed = np.bincount(market.source[stands], minlength=len(market.pointers) - 1)
    taken = np.bincount(market.target[stands], minlength=len(places.room))
    assert places.listed.tolist() == listed.tolist()
    assert places.taken.tolist() == taken.tolist()
    assert (taken <= places.room).all()
    assert (listed <= market.k).all()
    held = [
        places.holders[place]
        for target, first in enumerate(places.first)
        for place in range(first, first + places.taken[target])
    ]
    assert sorted(held) == np.flatnonzero(stands).tolist()


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(25))
def test_as_many_are_served_as_a_largest_matching_serves(seed, k):
    rng = np.random.default_rng(seed)
    there = rng.random((14, 6)) < rng.choice([0.15, 0.3, 0.6])
    room = rng.integers(0, 5, 6)
    market = market_of(there, rng.random(there.shape), k)
    if not len(market.target):
        return
    places = places_of(market, room)
    greedily_taken(market, places)
    serve(market, places, np.arange(14))
    consistent(market, places)
    each = csr_array(there[:, np.repeat(np.arange(6), room)])
    most = np.count_nonzero(maximum_bipartite_matching(each, "column") >= 0)
    assert np.count_nonzero(places.listed) == most


def test_the_place_is_taken_from_the_holder_that_loses_least():
    # The third would join target 0, held by both others, each of whom has another place.
    there = np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0]], dtype=bool)
    worth = np.array([[0.9, 0.5, 0.0], [0.7, 0.0, 0.6], [0.2, 0.0, 0.0]])
    market = market_of(there, worth, k=2)
    places = places_of(market, [2, 1, 1])
    greedily_taken(market, places)
    serve(market, places, np.arange(3))
    listed = {(int(market.source[p]), int(market.target[p])) for p in np.flatnonzero(places.stands)}
    assert listed == {(0, 0), (0, 1), (1, 2), (2, 0)}


def test_places_move_on_over_others_and_who_lost_one_takes_the_best_that_is_free():
    # 2 wants target 0 alone; 1 holds it and can move on to target 1, of which 0 can spare one;
    # 0 then takes target 3, worth more to it than target 2.
    there = np.array([[0, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]], dtype=bool)
    worth = np.array([[0.0, 0.8, 0.3, 0.4], [0.9, 0.5, 0.0, 0.0], [0.6, 0.0, 0.0, 0.0]])
    market = market_of(there, worth, k=2)
    places = places_of(market, [1, 1, 1, 1])
    for pair in (0, 1, 3):  # 0 holds targets 1 and 2, 1 holds target 0
        take(market, places, pair, 0.0)
    serve(market, places, np.arange(3))
    consistent(market, places)
    listed = {(int(market.source[p]), int(market.target[p])) for p in np.flatnonzero(places.stands)}
    assert listed == {(0, 2), (0, 3), (1, 1), (2, 0)}


def test_who_cannot_be_served_takes_nothing_from_anybody():
    there = np.array([[1], [1]], dtype=bool)
    market = market_of(there, np.array([[0.1], [0.9]]), k=1)
    places = places_of(market, [1])
    take(market, places, 0, 0.0)
    serve(market, places, np.array([1, 0]))
    assert places.stands.tolist() == [True, False]
