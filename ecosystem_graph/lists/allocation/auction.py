"""A compiled auction in which partners bid for the places of those they would work with.

A place of a target is one appearance of it in somebody's list; a source looks for k of them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled


class Market(NamedTuple):
    """Who could be listed by whom, and what that is worth.

    Attributes
    ----------
    pointers : ndarray of int64, shape (n_sources + 1,)
        Where the pairs of each source begin; the last is where they all end.
    source : ndarray of int32, shape (n_pairs,)
        Number of the source of each pair, from 0.
    target : ndarray of int32, shape (n_pairs,)
    worth : ndarray of float64, shape (n_pairs,)
        > 0.
    k : int
        Places a source looks for.
    """

    pointers: NDArray[np.int64]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    worth: NDArray[np.float64]
    k: int


class Places(NamedTuple):
    """Who holds which places, and what it takes to get one.

    Attributes
    ----------
    room : ndarray of int64, shape (n_targets,)
        Places of each target; -1 where they are enough for everybody that could want one, so that
        nobody has to bid.
    first : ndarray of int64, shape (n_targets,)
        Where the places of each target begin among `bids` and `holders`.
    taken : ndarray of int64, shape (n_targets,)
        Places that are held.
    price : ndarray of float64, shape (n_targets,)
        What a bid has to beat: the lowest one held where no place is free, else 0.
    bids : ndarray of float64, shape (n_places,)
        Of each target a heap whose root is the lowest.
    holders : ndarray of int32, shape (n_places,)
        The pair that holds each place.
    listed : ndarray of int64, shape (n_sources,)
        Places each source holds.
    stands : ndarray of bool, shape (n_pairs,)
        Whether each pair holds a place.
    """

    room: NDArray[np.int64]
    first: NDArray[np.int64]
    taken: NDArray[np.int64]
    price: NDArray[np.float64]
    bids: NDArray[np.float64]
    holders: NDArray[np.int32]
    listed: NDArray[np.int64]
    stands: NDArray[np.bool_]


@compiled
def auction(market, places, order, epsilon, patience):  # type: ignore[no-untyped-def]
    """Let sources bid until each holds k places, or none that is left is worth its price.

    Sources take turns, first in `order`, then whenever they were outbid. A source bids what the
    place is worth to it beyond the best it would be left with otherwise, plus epsilon. So prices
    rise by epsilon at least; every `patience` bids it grows fourfold, so that an end comes soon
    where many want the same few places equally much.
    """
    n_sources = len(market.pointers) - 1
    queue, waits = order.copy(), np.ones(n_sources, np.bool_)
    head, n_waiting, n_bids = 0, n_sources, 0
    pairs, gains = np.empty(market.k + 1, np.int64), np.empty(market.k + 1)
    while n_waiting > 0:
        source = queue[head]
        head, n_waiting = (head + 1) % n_sources, n_waiting - 1
        waits[source] = False
        wanted = market.k - places.listed[source]
        found = _best(market, places, source, wanted + 1, pairs, gains)
        left_with = gains[wanted] if found > wanted else 0.0
        for choice in range(min(found, wanted)):
            pair = pairs[choice]
            outbid = take(market, places, pair, market.worth[pair] - left_with + epsilon)
            n_bids += 1
            if n_bids % patience == 0:
                epsilon *= 4.0
            if outbid >= 0 and not waits[outbid]:
                queue[(head + n_waiting) % n_sources] = outbid
                waits[outbid] = True
                n_waiting += 1


@compiled
def _best(market, places, source, most, pairs, gains):  # type: ignore[no-untyped-def]
    """The pairs a source would gain most by at today's prices, and how many gain anything."""
    found = 0
    for pair in range(market.pointers[source], market.pointers[source + 1]):
        gain = market.worth[pair] - places.price[market.target[pair]]
        if gain <= 0.0 or places.stands[pair] or (found == most and gain <= gains[most - 1]):
            continue
        place = min(found, most - 1)
        while place > 0 and gains[place - 1] < gain:
            gains[place], pairs[place] = gains[place - 1], pairs[place - 1]
            place -= 1
        gains[place], pairs[place] = gain, pair
        found = min(found + 1, most)
    return found


@compiled
def has_room(places, target):  # type: ignore[no-untyped-def]
    """Whether a target has a place that nobody holds."""
    return places.room[target] < 0 or places.taken[target] < places.room[target]


@compiled
def take(market, places, pair, bid):  # type: ignore[no-untyped-def]
    """Give a place to a pair for its bid; returns the source that loses it, or -1."""
    target, outbid = market.target[pair], -1
    places.stands[pair] = True
    places.listed[market.source[pair]] += 1
    room, first = places.room[target], places.first[target]
    if room < 0:
        return outbid
    if places.taken[target] < room:
        _rise(places, first, places.taken[target], bid, pair)
        places.taken[target] += 1
    else:
        loser = places.holders[first]
        places.stands[loser] = False
        outbid = market.source[loser]
        places.listed[outbid] -= 1
        _sink(places, first, room, bid, pair)
    if places.taken[target] == room:
        places.price[target] = places.bids[first]
    return outbid


@compiled
def _rise(places, first, place, bid, pair):  # type: ignore[no-untyped-def]
    """Put a bid at the end of a heap and let it rise above higher ones."""
    while place > 0 and places.bids[first + (place - 1) // 2] > bid:
        above = (place - 1) // 2
        places.bids[first + place] = places.bids[first + above]
        places.holders[first + place] = places.holders[first + above]
        place = above
    places.bids[first + place], places.holders[first + place] = bid, pair


@compiled
def _sink(places, first, size, bid, pair):  # type: ignore[no-untyped-def]
    """Put a bid in place of the lowest of a heap and let it sink below lower ones."""
    place = 0
    while 2 * place + 1 < size:
        below = 2 * place + 1
        if below + 1 < size and places.bids[first + below + 1] < places.bids[first + below]:
            below += 1
        if places.bids[first + below] >= bid:
            break
        places.bids[first + place] = places.bids[first + below]
        places.holders[first + place] = places.holders[first + below]
        place = below
    places.bids[first + place], places.holders[first + place] = bid, pair
