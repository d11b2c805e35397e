"""Lists in which nobody stands more often than it can take introductions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.recommending.allocation import allocated, worth_of
from ecosystem_graph.recommending.ranked import Ranked

#: What moved a row that stands where it does because better ones were full.
BY_CAPACITY = "moved_by_capacity"


@dataclass(frozen=True, slots=True)
class Allocation:
    """What capacities made of the lists.

    Attributes
    ----------
    lists : Ranked
        At most k a list, nobody in more lists than it has capacity for.
    plain : Ranked
        The same lists without capacities.
    left_short : int
        Lists that are shorter for it.
    """

    lists: Ranked
    plain: Ranked
    left_short: int

    def n_full(self, capacity: NDArray[np.int64]) -> int:
        """Partners that stand in as many lists as they can, of those that stand in any."""
        load = np.bincount(self.lists.targets, minlength=len(capacity))
        return int(((load > 0) & (load >= capacity)).sum())

    @property
    def places_lost(self) -> int:
        """Places of the plain lists that somebody else got."""
        n = int(max(side.targets.max(initial=0) for side in (self.lists, self.plain))) + 1
        ours, theirs = (side.sources * n + side.targets for side in (self.lists, self.plain))
        return int(np.isin(theirs, ours, invert=True).sum())


def capacities(graph: EcosystemGraph, capacity: int | None) -> NDArray[np.int64] | None:
    """Lists each partner may stand in, shape (n_partners,); None where nobody is limited.

    Parameters
    ----------
    graph : EcosystemGraph
        `intro_capacity` of its partners is what counts.
    capacity : int or None
        That of partners whose tables do not say; no limit if None.
    """
    told = graph.tables["partners"]["intro_capacity"]
    if capacity is None and told.null_count() == len(told):
        return None
    return told.fill_null(graph.n_partners if capacity is None else capacity).to_numpy()


def within_capacity(
    pool: Ranked,
    capacity: NDArray[np.int64],
    k: int,
    deeper: Callable[[NDArray[np.intp]], Ranked],
) -> Allocation:
    """Choose from the pool what is worth most over all lists, nobody beyond its capacity.

    A pair is worth the chance of a joint win that its log-odds stand for, less what it loses to
    the prices asked for. Whose pool runs dry chooses again from all its candidates, among what
    the others left.

    Parameters
    ----------
    pool : Ranked
        The best of each list, more than k.
    capacity : ndarray of int, shape (n_partners,)
        From :func:`capacities`.
    k : int
        Length of a list, >= 1.
    deeper : callable
        Positions of partners -> all their candidates.

    Returns
    -------
    Allocation
    """
    plain = pool.head(k)
    n = len(capacity)
    kept = _let_in(pool, capacity, k)
    sought = np.bincount(pool.sources, minlength=n) > 0
    short = sought & (np.bincount(pool.sources[kept], minlength=n) < k)
    parts = [(pool, kept)]
    if short.any():
        kept &= ~short[pool.sources]
        left = capacity - np.bincount(pool.targets[kept], minlength=n)
        more = deeper(np.flatnonzero(short))
        parts.append((more, _let_in(more, left, k)))
    load = sum(np.bincount(part.targets[let_in], minlength=n) for part, let_in in parts)
    lists = Ranked.joined([_with_full(*part, load >= capacity) for part in parts])
    lengths = (np.bincount(side.sources, minlength=n) for side in (lists, plain))
    return Allocation(lists, plain, int(np.less(*lengths).sum()))


def _let_in(pool: Ranked, capacity: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    """Which pairs of the pool are let in, shape (n_pairs,)."""
    return allocated(pool.sources, pool.targets, worth_of(pool.keys), capacity, k)


def _with_full(pool: Ranked, kept: NDArray[np.bool_], full: NDArray[np.bool_]) -> Ranked:
    """The rows that were let in, with the better ones that were full above each."""
    rows, missed = np.flatnonzero(kept), np.flatnonzero(~kept & full[pool.targets])
    lists = pool.chosen(rows)
    begin = np.searchsorted(missed, np.searchsorted(pool.sources, lists.sources))
    missing = np.searchsorted(missed, rows) - begin
    # What follows the last one missed is nobody, and is never looked at.
    best = np.append(pool.targets[missed], -1)[begin]
    return lists.with_full(missing, np.where(missing > 0, best, -1), BY_CAPACITY)
