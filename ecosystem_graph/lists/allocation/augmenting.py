"""Compiled augmenting paths: as many lists filled as places allow.

Where places are scarce an auction leaves some sources with an empty list. Each of them is served
by moving places: it takes one from a source that holds two or more, if need be over others that
hold one and move on to another. No way of giving out the places serves more sources.

References
----------
Berge, C. (1957). Two theorems in graph theory. PNAS 43(9). doi:10.1073/pnas.43.9.842 (a matching
is as large as can be once no path augments it)
"""

import numpy as np

from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.lists.allocation.auction import has_room, take

#: Marks targets through which nobody more can be served, whatever else moves.
_CLOSED = 2**62


@compiled
def serve(market, places, order):  # type: ignore[no-untyped-def]
    """Give each source with an empty list a place, in `order`, as far as there is a way."""
    n_sources, n_targets = len(market.pointers) - 1, len(places.room)
    seen = np.zeros(n_targets, np.int64)  # the last search that came by each target
    trail = np.empty(n_targets, np.int64)
    steps = np.empty((n_sources, 4), np.int64)
    for search in range(1, n_sources + 1):
        source = order[search - 1]
        if places.listed[source] == 0:
            last, pair, place, n_seen = _way(market, places, source, search, seen, trail, steps)
            if last < 0:
                seen[trail[:n_seen]] = _CLOSED
            else:
                _move(market, places, steps, last, pair, place)


@compiled
def _way(market, places, source, search, seen, trail, steps):  # type: ignore[no-untyped-def]
    """The shortest way to a place that can be spared, breadth first.

    A step is a source that would take the place of the one it leads to: (source, step before,
    pair, place), the pair and the place being those the source before would get from it.
    """
    steps[0, 0], steps[0, 1] = source, -1
    now, end, n_seen = 0, 1, 0
    while now < end:
        source, least, spare_pair, spare_place = steps[now, 0], np.inf, -1, -1
        start = market.pointers[source]
        worth = market.worth[start : market.pointers[source + 1]]
        for pair in start + np.argsort(-worth, kind="mergesort"):
            target = market.target[pair]
            if places.stands[pair] or seen[target] >= search:
                continue
            seen[target], trail[n_seen] = search, target
            n_seen += 1
            if has_room(places, target):
                return now, pair, -1, n_seen
            first = places.first[target]
            for place in range(first, first + places.taken[target]):
                holder = places.holders[place]
                if places.listed[market.source[holder]] > 1:
                    loss = market.worth[holder] - market.worth[pair]
                    if loss < least:
                        least, spare_pair, spare_place = loss, pair, place
                else:
                    steps[end, 0], steps[end, 1] = market.source[holder], now
                    steps[end, 2], steps[end, 3] = pair, place
                    end += 1
        if spare_pair >= 0:
            return now, spare_pair, spare_place, n_seen
        now += 1
    return -1, -1, -1, n_seen


@compiled
def _move(market, places, steps, last, pair, place):  # type: ignore[no-untyped-def]
    """Move places along a way found, and let who lost one take another that is free."""
    loser = -1
    if place < 0:
        take(market, places, pair, 0.0)
    else:
        loser = market.source[places.holders[place]]
        _replace(market, places, place, pair)
    while steps[last, 1] >= 0:
        _replace(market, places, steps[last, 3], steps[last, 2])
        last = steps[last, 1]
    if loser >= 0:
        _fill(market, places, loser)


@compiled
def _replace(market, places, place, pair):  # type: ignore[no-untyped-def]
    holder = places.holders[place]
    places.stands[holder], places.stands[pair] = False, True
    places.listed[market.source[holder]] -= 1
    places.listed[market.source[pair]] += 1
    places.holders[place] = pair


@compiled
def _fill(market, places, source):  # type: ignore[no-untyped-def]
    """Give a source free places, the worthiest first, as long as it has room in its list."""
    while places.listed[source] < market.k:
        best = np.int64(-1)
        for pair in range(market.pointers[source], market.pointers[source + 1]):
            free = not places.stands[pair] and has_room(places, market.target[pair])
            if free and (best < 0 or market.worth[pair] > market.worth[best]):
                best = np.int64(pair)
        if best < 0:
            return
        take(market, places, best, 0.0)
