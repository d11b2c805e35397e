"""Lists within capacity: no partner appears in more of them than it can take introductions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph, Ledger
from ecosystem_graph.lists.allocation.assignment import allocated, utility_of
from ecosystem_graph.lists.results.ranked_lists import RankedLists

#: Source of the default capacity, in a summary, unless a request gives it.
OF_MEDIAN = "median of those stated"

#: Partners without a stated capacity that a summary names, at most.
_NAMED = 10

#: Flag of a row above which better candidates are missing because they were full.
BY_CAPACITY = "moved_by_capacity"

#: Turns in which short lists get further candidates, at most. Eight turns filled 43 % more places
#: than one, at the same cost, where capacities are scarce (10,000 invented partners).
_TURNS = 8

#: Lists of a turn, at least.
_LEAST = 2_048

#: Lists, a mask of partners, and a number of turns -> the lists with further candidates among these
#: partners, the fewer the more turns.
Further = Callable[[RankedLists, NDArray[np.bool_], int], RankedLists]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Lists within capacity, beside the lists without.

    Attributes
    ----------
    lists : RankedLists
        At most k rows a list, no partner in more lists than its capacity.
    plain : RankedLists
        The same lists, capacities ignored.
    left_short : int
        Lists that are shorter because of capacities.
    """

    lists: RankedLists
    plain: RankedLists
    left_short: int

    def n_full(self, capacity: NDArray[np.int64]) -> int:
        """Partners in at least one list that are in as many lists as their capacity."""
        load = np.bincount(self.lists.targets, minlength=len(capacity))
        return int(((load > 0) & (load >= capacity)).sum())

    @property
    def places_lost(self) -> int:
        """Rows of the plain lists that are not in the lists within capacity."""
        n = int(max(side.targets.max(initial=0) for side in (self.lists, self.plain))) + 1
        ours, theirs = (side.sources * n + side.targets for side in (self.lists, self.plain))
        return int(np.isin(theirs, ours, invert=True).sum())


@dataclass(frozen=True, eq=False)
class Room:
    """Capacity of each partner for introductions, and the introductions under way.

    Attributes
    ----------
    capacity : ndarray of int, shape (n_partners,)
        Introductions at a time, >= 0.
    taken : ndarray of int, shape (n_partners,)
        Introductions under way, by the ledger.
    stated : ndarray of bool, shape (n_partners,)
        Whether the tables give the partner's `intro_capacity`.
    default : int
        Capacity of partners whose `intro_capacity` the tables do not give.
    default_is_median : bool
        Whether the default is the median of the stated capacities.
    """

    capacity: NDArray[np.int64]
    taken: NDArray[np.int64]
    stated: NDArray[np.bool_]
    default: int
    default_is_median: bool

    @classmethod
    def of(cls, graph: EcosystemGraph, ledger: Ledger, capacity: int | None = None) -> Self | None:
        """Capacities from a graph's tables; None if no capacity is given.

        Partners without `intro_capacity` have `capacity`, or else the median of the stated
        capacities, rounded down. Where that is 0 it is the median of the capacities above 0; where
        all stated capacities are 0, partners without one are not limited.

        Parameters
        ----------
        graph : EcosystemGraph
        ledger : Ledger
        capacity : int, optional
            >= 0.

        Examples
        --------
        >>> import polars as pl
        >>> from ecosystem_graph import EcosystemGraph, read_tables
        >>> from ecosystem_graph.graph import Ledger
        >>> partners = {"partner_id": ["a", "b", "c"], "name": ["Ann", "Bob", "Cy"]}
        >>> partners["intro_capacity"] = [2, 5, None]
        >>> held = {"partner_id": ["a"], "capability_id": ["crm"]}
        >>> tables = read_tables(
        ...     {"partners": pl.DataFrame(partners), "partner_capabilities": pl.DataFrame(held)}
        ... )
        >>> graph = EcosystemGraph.from_tables(tables, as_of="2025-01-01")
        >>> Room.of(graph, Ledger.from_graph(graph)).left.tolist()
        [2, 5, 3]
        """
        column = graph.tables["partners"]["intro_capacity"]
        if capacity is None and column.null_count() == len(column):
            return None
        default = _median(column) or graph.n_partners if capacity is None else capacity
        return cls(
            column.fill_null(default).cast(pl.Int64).to_numpy(),
            ledger.places_taken,
            column.is_not_null().to_numpy(),
            default,
            capacity is None,
        )

    @property
    def left(self) -> NDArray[np.int64]:
        """Introductions each partner can take on now, shape (n_partners,), >= 0."""
        left: NDArray[np.int64] = np.maximum(self.capacity - self.taken, 0)
        return left

    def summary(self, graph: EcosystemGraph) -> dict[str, Any]:
        """Capacities by source, and how much of them is taken, as plain values."""
        others = np.flatnonzero(~self.stated)
        return {
            "capacity_from_table": int(self.stated.sum()),
            "capacity_of_others": self.default,
            "capacity_of_others_is": OF_MEDIAN if self.default_is_median else "asked for",
            "others": {
                "partners": len(others),
                "first": graph.index.ids[others[:_NAMED]].tolist(),
            },
            "places_taken_by_introductions_under_way": int(
                np.minimum(self.taken, self.capacity).sum()
            ),
            "partners_full_before": int(((self.taken >= self.capacity) & (self.taken > 0)).sum()),
        }


def _median(column: pl.Series) -> int:
    """Median of the stated capacities, or of those above 0 if it is 0; 0 where all are 0."""
    stated = column.drop_nulls().to_numpy()
    for capacities in (stated, stated[stated > 0]):
        if len(capacities) and (median := int(np.median(capacities))):
            return median
    return 0


def within_capacity(
    pool: RankedLists, capacity: NDArray[np.int64], k: int, further: Further
) -> Allocation:
    """Choose the pairs of greatest total utility over all lists, within each partner's capacity.

    The utility of a pair is the probability that its log-odds give, after the prices of reranking.
    Lists that the pool fills are final. The others get further candidates, of partners that are
    below their capacity, and are allocated anew, all together, within what the full lists leave.

    Parameters
    ----------
    pool : RankedLists
        The best candidates of each list, more than k.
    capacity : ndarray of int, shape (n_partners,)
        Lists that each partner may appear in, >= 0.
    k : int
        Length of a list, >= 1.
    further : callable
        Lists, a mask of partners of shape (n_partners,), and the number of turns in which
        candidates are sought -> the same lists with further candidates among these partners.

    Returns
    -------
    Allocation
    """
    plain = pool.head(k)
    n = len(capacity)
    kept = _within(pool, capacity, k)
    has_list = np.bincount(pool.sources, minlength=n) > 0
    short = has_list & (np.bincount(pool.sources[kept], minlength=n) < k)
    parts = [(pool, kept)]
    if short.any():
        more = _lengthened(pool, kept, short, capacity, k, further)
        kept = kept & ~short[pool.sources]
        left = capacity - np.bincount(pool.targets[kept], minlength=n)
        parts = [(pool, kept), (more, _within(more, left, k))]
    load = sum(np.bincount(part.targets[mask], minlength=n) for part, mask in parts)
    lists = RankedLists.joined([_with_full(*part, load >= capacity) for part in parts])
    lengths = (np.bincount(side.sources, minlength=n) for side in (lists, plain))
    return Allocation(lists, plain, int(np.less(*lengths).sum()))


def _lengthened(
    pool: RankedLists,
    kept: NDArray[np.bool_],
    short: NDArray[np.bool_],
    capacity: NDArray[np.int64],
    k: int,
    further: Further,
) -> RankedLists:
    """The lists of the `short` partners with further candidates, found in turns.

    All at once they would find the same few partners. So a turn looks among the partners whose free
    places are not all claimed by those before it.
    """
    parts, turns = [], _turns(pool, kept, short)
    left = capacity - np.bincount(pool.targets[kept], minlength=len(capacity))
    for turn in turns:
        lists, open_to = pool.chosen(turn[pool.sources]), left > 0
        if open_to.any():
            lists = further(lists, open_to, len(turns))
            open_ones = lists.chosen(open_to[lists.targets])
            claimed = _within(open_ones, left, k)
            left -= np.bincount(open_ones.targets[claimed], minlength=len(left))
        parts.append(lists)
    return RankedLists.joined(parts)


def _turns(
    pool: RankedLists, kept: NDArray[np.bool_], short: NDArray[np.bool_]
) -> list[NDArray[np.bool_]]:
    """Masks of the short partners: those with the fewest places first, then by the best pair."""
    first = pool.ranks == 1
    waiting = short[pool.sources[first]]
    partners, best = pool.sources[first][waiting], pool.sort_key[first][waiting]
    places = np.bincount(pool.sources[kept], minlength=len(short))[partners]
    n_turns = min(_TURNS, -(-len(partners) // _LEAST))
    masks = np.zeros((n_turns, len(short)), dtype=np.bool_)
    for mask, turn in zip(masks, np.array_split(np.lexsort((-best, places)), n_turns), strict=True):
        mask[partners[turn]] = True
    return list(masks)


def _within(pool: RankedLists, capacity: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    """Mask of the pairs of the pool that are listed, shape (n_pairs,)."""
    return allocated(pool.sources, pool.targets, utility_of(pool.sort_key), capacity, k)


def _with_full(pool: RankedLists, kept: NDArray[np.bool_], full: NDArray[np.bool_]) -> RankedLists:
    """The listed rows, each with how many better candidates were full, and the best of them."""
    rows, missed = np.flatnonzero(kept), np.flatnonzero(~kept & full[pool.targets])
    lists = pool.chosen(rows)
    begin = np.searchsorted(missed, np.searchsorted(pool.sources, lists.sources))
    missing = np.searchsorted(missed, rows) - begin
    # The -1 follows the last missed candidate, so that every index is valid.
    best = np.append(pool.targets[missed], -1)[begin]
    return lists.with_full(missing, np.where(missing > 0, best, -1), BY_CAPACITY)
