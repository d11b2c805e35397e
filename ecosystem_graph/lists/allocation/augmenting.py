"""Compiled augmenting paths: fill as many lists as capacities allow.

Where slots are scarce an auction leaves some sources with an empty list. Each of them is served
by moving slots: it takes one from a source that holds two or more, directly or along a chain of
sources that each give up their only slot for another. No assignment serves more sources.

References
----------
Berge, C. (1957). Two theorems in graph theory. PNAS 43(9). doi:10.1073/pnas.43.9.842 (a matching
is as large as can be once no path augments it)
"""

import numpy as np

from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.lists.allocation.auction import has_room, take

#: Marks targets through which no further source can be served, however slots move.
_CLOSED = 2**62


@compiled
def serve(market, slots, order):  # type: ignore[no-untyped-def]
    """Give each source with an empty list a slot, in `order`, where a path to one exists."""
    n_sources, n_targets = len(market.pointers) - 1, len(slots.room)
    seen = np.zeros(n_targets, np.int64)  # the last search that visited each target
    trail = np.empty(n_targets, np.int64)
    steps = np.empty((n_sources, 4), np.int64)
    for search in range(1, n_sources + 1):
        source = order[search - 1]
        if slots.listed[source] == 0:
            last, pair, slot, n_seen = _path(market, slots, source, search, seen, trail, steps)
            if last < 0:
                seen[trail[:n_seen]] = _CLOSED
            else:
                _move(market, slots, steps, last, pair, slot)


@compiled
def _path(market, slots, source, search, seen, trail, steps):  # type: ignore[no-untyped-def]
    """The shortest augmenting path to a slot that can be spared, by breadth-first search.

    A step is (source, previous step, pair, slot): the source would give up the slot to the pair of
    the source of the previous step.
    """
    steps[0, 0], steps[0, 1] = source, -1
    now, end, n_seen = 0, 1, 0
    while now < end:
        source, least, spare_pair, spare_slot = steps[now, 0], np.inf, -1, -1
        start = market.pointers[source]
        utility = market.utility[start : market.pointers[source + 1]]
        for pair in start + np.argsort(-utility, kind="mergesort"):
            target = market.target[pair]
            if slots.assigned[pair] or seen[target] >= search:
                continue
            seen[target], trail[n_seen] = search, target
            n_seen += 1
            if has_room(slots, target):
                return now, pair, -1, n_seen
            first = slots.first[target]
            for slot in range(first, first + slots.taken[target]):
                holder = slots.holders[slot]
                if slots.listed[market.source[holder]] > 1:
                    loss = market.utility[holder] - market.utility[pair]
                    if loss < least:
                        least, spare_pair, spare_slot = loss, pair, slot
                else:
                    steps[end, 0], steps[end, 1] = market.source[holder], now
                    steps[end, 2], steps[end, 3] = pair, slot
                    end += 1
        if spare_pair >= 0:
            return now, spare_pair, spare_slot, n_seen
        now += 1
    return -1, -1, -1, n_seen


@compiled
def _move(market, slots, steps, last, pair, slot):  # type: ignore[no-untyped-def]
    """Move slots along a path; a source that lost a slot takes another that is free."""
    loser = -1
    if slot < 0:
        take(market, slots, pair, 0.0)
    else:
        loser = market.source[slots.holders[slot]]
        _replace(market, slots, slot, pair)
    while steps[last, 1] >= 0:
        _replace(market, slots, steps[last, 3], steps[last, 2])
        last = steps[last, 1]
    if loser >= 0:
        _fill(market, slots, loser)


@compiled
def _replace(market, slots, slot, pair):  # type: ignore[no-untyped-def]
    holder = slots.holders[slot]
    slots.assigned[holder], slots.assigned[pair] = False, True
    slots.listed[market.source[holder]] -= 1
    slots.listed[market.source[pair]] += 1
    slots.holders[slot] = pair


@compiled
def _fill(market, slots, source):  # type: ignore[no-untyped-def]
    """Give a source free slots, in order of utility, until its list is full."""
    while slots.listed[source] < market.k:
        best = np.int64(-1)
        for pair in range(market.pointers[source], market.pointers[source + 1]):
            free = not slots.assigned[pair] and has_room(slots, market.target[pair])
            if free and (best < 0 or market.utility[pair] > market.utility[best]):
                best = np.int64(pair)
        if best < 0:
            return
        take(market, slots, best, 0.0)
