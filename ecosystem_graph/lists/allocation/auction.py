"""A compiled auction: partners bid for slots of the candidates they would have in their list.

A slot of a target is one appearance in a list; a source looks for k slots.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled


class Market(NamedTuple):
    """Pairs that could be listed, and their utility.

    Attributes
    ----------
    pointers : ndarray of int64, shape (n_sources + 1,)
        Where the pairs of each source begin; the last is where they all end.
    source : ndarray of int32, shape (n_pairs,)
        Number of the source of each pair, from 0.
    target : ndarray of int32, shape (n_pairs,)
    utility : ndarray of float64, shape (n_pairs,)
        > 0.
    k : int
        Length of a list: slots a source looks for.
    """

    pointers: NDArray[np.int64]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    utility: NDArray[np.float64]
    k: int


class Slots(NamedTuple):
    """The pair that holds each slot, and the price of a slot.

    Attributes
    ----------
    room : ndarray of int64, shape (n_targets,)
        Slots of each target; -1 where they are enough for all its pairs, so that no bid is needed.
    first : ndarray of int64, shape (n_targets,)
        Where the slots of each target begin among `bids` and `holders`.
    taken : ndarray of int64, shape (n_targets,)
        Slots that are held.
    price : ndarray of float64, shape (n_targets,)
        The bid to beat: the lowest bid held where no slot is free, else 0.
    bids : ndarray of float64, shape (n_slots,)
        Of each target a heap whose root is the lowest.
    holders : ndarray of int32, shape (n_slots,)
        The pair that holds each slot.
    listed : ndarray of int64, shape (n_sources,)
        Slots each source holds.
    assigned : ndarray of bool, shape (n_pairs,)
        Whether each pair holds a slot.
    """

    room: NDArray[np.int64]
    first: NDArray[np.int64]
    taken: NDArray[np.int64]
    price: NDArray[np.float64]
    bids: NDArray[np.float64]
    holders: NDArray[np.int32]
    listed: NDArray[np.int64]
    assigned: NDArray[np.bool_]


@compiled
def auction(market, slots, order, epsilon, patience):  # type: ignore[no-untyped-def]
    """Let sources bid until each holds k slots, or no other slot has a utility above its price.

    Sources take turns, first in `order`, then whenever they were outbid. A source bids the utility
    of the slot, less the gain of the best alternative it would be left with, plus epsilon. So
    prices rise by at least epsilon; every `patience` bids epsilon grows fourfold, so that the
    auction ends soon where many sources want the same few slots equally.
    """
    n_sources = len(market.pointers) - 1
    queue, waits = order.copy(), np.ones(n_sources, np.bool_)
    head, n_waiting, n_bids = 0, n_sources, 0
    pairs, gains = np.empty(market.k + 1, np.int64), np.empty(market.k + 1)
    while n_waiting > 0:
        source = queue[head]
        head, n_waiting = (head + 1) % n_sources, n_waiting - 1
        waits[source] = False
        wanted = market.k - slots.listed[source]
        found = _best(market, slots, source, wanted + 1, pairs, gains)
        left_with = gains[wanted] if found > wanted else 0.0
        for choice in range(min(found, wanted)):
            pair = pairs[choice]
            outbid = take(market, slots, pair, market.utility[pair] - left_with + epsilon)
            n_bids += 1
            if n_bids % patience == 0:
                epsilon *= 4.0
            if outbid >= 0 and not waits[outbid]:
                queue[(head + n_waiting) % n_sources] = outbid
                waits[outbid] = True
                n_waiting += 1


@compiled
def _best(market, slots, source, most, pairs, gains):  # type: ignore[no-untyped-def]
    """The pairs with the largest gains of a source at current prices; returns how many gain."""
    found = 0
    for pair in range(market.pointers[source], market.pointers[source + 1]):
        gain = market.utility[pair] - slots.price[market.target[pair]]
        if gain <= 0.0 or slots.assigned[pair] or (found == most and gain <= gains[most - 1]):
            continue
        position = min(found, most - 1)
        while position > 0 and gains[position - 1] < gain:
            gains[position], pairs[position] = gains[position - 1], pairs[position - 1]
            position -= 1
        gains[position], pairs[position] = gain, pair
        found = min(found + 1, most)
    return found


@compiled
def has_room(slots, target):  # type: ignore[no-untyped-def]
    """Whether a target has a free slot."""
    return slots.room[target] < 0 or slots.taken[target] < slots.room[target]


@compiled
def take(market, slots, pair, bid):  # type: ignore[no-untyped-def]
    """Give a slot to a pair for its bid; returns the source that loses it, or -1."""
    target, outbid = market.target[pair], -1
    slots.assigned[pair] = True
    slots.listed[market.source[pair]] += 1
    room, first = slots.room[target], slots.first[target]
    if room < 0:
        return outbid
    if slots.taken[target] < room:
        _rise(slots, first, slots.taken[target], bid, pair)
        slots.taken[target] += 1
    else:
        loser = slots.holders[first]
        slots.assigned[loser] = False
        outbid = market.source[loser]
        slots.listed[outbid] -= 1
        _sink(slots, first, room, bid, pair)
    if slots.taken[target] == room:
        slots.price[target] = slots.bids[first]
    return outbid


@compiled
def _rise(slots, first, node, bid, pair):  # type: ignore[no-untyped-def]
    """Put a bid at the end of a heap and let it rise above higher ones."""
    while node > 0 and slots.bids[first + (node - 1) // 2] > bid:
        above = (node - 1) // 2
        slots.bids[first + node] = slots.bids[first + above]
        slots.holders[first + node] = slots.holders[first + above]
        node = above
    slots.bids[first + node], slots.holders[first + node] = bid, pair


@compiled
def _sink(slots, first, size, bid, pair):  # type: ignore[no-untyped-def]
    """Put a bid in place of the lowest of a heap and let it sink below lower ones."""
    node = 0
    while 2 * node + 1 < size:
        below = 2 * node + 1
        if below + 1 < size and slots.bids[first + below + 1] < slots.bids[first + below]:
            below += 1
        if slots.bids[first + below] >= bid:
            break
        slots.bids[first + node] = slots.bids[first + below]
        slots.holders[first + node] = slots.holders[first + below]
        node = below
    slots.bids[first + node], slots.holders[first + node] = bid, pair
