"""Lists in which nobody stands more often than it can take introductions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph, Ledger
from ecosystem_graph.lists.allocation.assignment import allocated, utility_of
from ecosystem_graph.lists.results.ranked_lists import RankedLists

#: Where the capacity of partners that state none is from.
OF_MEDIAN = "median of those stated"

#: Partners that state no capacity and are named.
_NAMED = 10

#: What moved a row that stands where it does because better ones were full.
BY_CAPACITY = "moved_by_capacity"


@dataclass(frozen=True, slots=True)
class Allocation:
    """What capacities made of the lists.

    Attributes
    ----------
    lists : RankedLists
        At most k a list, nobody in more lists than it has capacity for.
    plain : RankedLists
        The same lists without capacities.
    left_short : int
        Lists that are shorter for it.
    """

    lists: RankedLists
    plain: RankedLists
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


@dataclass(frozen=True, eq=False)
class Room:
    """Introductions each partner can take on, and those it is in the middle of.

    Attributes
    ----------
    capacity : ndarray of int, shape (n_partners,)
        Introductions at a time, >= 0.
    taken : ndarray of int, shape (n_partners,)
        Of them, those under way as the ledger has it.
    stated : ndarray of bool, shape (n_partners,)
        Whose `intro_capacity` the tables give.
    of_others : int
        What counts for the others.
    is_median : bool
        Whether that is the median of those that state one.
    """

    capacity: NDArray[np.int64]
    taken: NDArray[np.int64]
    stated: NDArray[np.bool_]
    of_others: int
    is_median: bool

    @classmethod
    def of(cls, graph: EcosystemGraph, ledger: Ledger, capacity: int | None = None) -> Self | None:
        """Read it off a graph's tables; None where nobody is limited.

        Partners without `intro_capacity` have `capacity`, or else the median of those that state
        one, rounded down. Where that is 0 it is the median of those that take any; where nobody
        does, it says nothing of the others, and they are not limited.

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
        told = graph.tables["partners"]["intro_capacity"]
        if capacity is None and told.null_count() == len(told):
            return None
        of_others = _median(told) or graph.n_partners if capacity is None else capacity
        return cls(
            told.fill_null(of_others).cast(pl.Int64).to_numpy(),
            ledger.places_taken,
            told.is_not_null().to_numpy(),
            of_others,
            capacity is None,
        )

    @property
    def left(self) -> NDArray[np.int64]:
        """Introductions each partner can take on now, shape (n_partners,), >= 0."""
        left: NDArray[np.int64] = np.maximum(self.capacity - self.taken, 0)
        return left

    def account(self, graph: EcosystemGraph) -> dict[str, Any]:
        """Whose capacity is what, and how much of it is taken, as plain values."""
        silent = np.flatnonzero(~self.stated)
        return {
            "capacity_from_table": int(self.stated.sum()),
            "capacity_of_others": self.of_others,
            "capacity_of_others_is": OF_MEDIAN if self.is_median else "asked for",
            "others": {
                "partners": len(silent),
                "first": graph.index.ids[silent[:_NAMED]].tolist(),
            },
            "places_taken_by_introductions_under_way": int(
                np.minimum(self.taken, self.capacity).sum()
            ),
            "partners_full_before": int(((self.taken >= self.capacity) & (self.taken > 0)).sum()),
        }


def _median(told: pl.Series) -> int:
    """Median of what is stated, of those above 0 if it is 0; 0 where there is none."""
    stated = told.drop_nulls().to_numpy()
    for some in (stated, stated[stated > 0]):
        if len(some) and (median := int(np.median(some))):
            return median
    return 0


def within_capacity(
    pool: RankedLists,
    capacity: NDArray[np.int64],
    k: int,
    deeper: Callable[[NDArray[np.intp]], RankedLists],
) -> Allocation:
    """Choose from the pool what is worth most over all lists, nobody beyond its capacity.

    A pair is worth the chance of a joint win that its log-odds stand for, less what it loses to
    the prices asked for. Whose pool runs dry chooses again from all its candidates, among what
    the others left.

    Parameters
    ----------
    pool : RankedLists
        The best of each list, more than k.
    capacity : ndarray of int, shape (n_partners,)
        Lists that each may stand in, >= 0.
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
    lists = RankedLists.joined([_with_full(*part, load >= capacity) for part in parts])
    lengths = (np.bincount(side.sources, minlength=n) for side in (lists, plain))
    return Allocation(lists, plain, int(np.less(*lengths).sum()))


def _let_in(pool: RankedLists, capacity: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    """Which pairs of the pool are let in, shape (n_pairs,)."""
    return allocated(pool.sources, pool.targets, utility_of(pool.keys), capacity, k)


def _with_full(pool: RankedLists, kept: NDArray[np.bool_], full: NDArray[np.bool_]) -> RankedLists:
    """The rows that were let in, with the better ones that were full above each."""
    rows, missed = np.flatnonzero(kept), np.flatnonzero(~kept & full[pool.targets])
    lists = pool.chosen(rows)
    begin = np.searchsorted(missed, np.searchsorted(pool.sources, lists.sources))
    missing = np.searchsorted(missed, rows) - begin
    # What follows the last one missed is nobody, and is never looked at.
    best = np.append(pool.targets[missed], -1)[begin]
    return lists.with_full(missing, np.where(missing > 0, best, -1), BY_CAPACITY)
