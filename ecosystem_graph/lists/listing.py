"""Lists as they are shown: rows with probabilities and flags, and a summary of capacities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.lists.builder import Done, ListBuilder
from ecosystem_graph.lists.capacity import Allocation
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.lists.results.rows import empty_rows, rows
from ecosystem_graph.ranking import Probability

#: Lists whose expected joint wins the summary compares with and without capacities, at most.
_COMPARED = 4_096


@dataclass(frozen=True, slots=True)
class Listing:
    """Lists of collaborators.

    Attributes
    ----------
    rows : polars.DataFrame
        One row per (partner_id, rank).
    allocation : dict or None
        Effect of capacities on the lists, as plain values; None if no capacity applies.
    """

    rows: pl.DataFrame
    allocation: dict[str, Any] | None


def listing(
    builder: ListBuilder, sources: NDArray[np.intp], k: int, done: Done | None = None
) -> Listing:
    """Lists of many partners, within the capacity of each collaborator.

    Parameters
    ----------
    builder : ListBuilder
    sources : ndarray of shape (n_sources,)
        Positions, in order.
    k : int
        Length of a list, >= 1.
    done : callable, optional
        Called with how many more partners are done.

    Returns
    -------
    Listing
    """
    parts, summary = builder.pools(sources, k, done), None
    if builder.allocates_jointly:
        lists, allocation = builder.settled(RankedLists.joined(parts), k)
        parts, summary = lists.parts(), allocation_summary(builder, allocation)
    return Listing(described(builder, parts), summary)


def described(builder: ListBuilder, parts: Sequence[RankedLists]) -> pl.DataFrame:
    """Rows of lists, with all columns of each pair.

    Parameters
    ----------
    builder : ListBuilder
        What built the lists.
    parts : sequence of RankedLists
        Several parts are described in parallel.

    Returns
    -------
    polars.DataFrame
    """
    features, calibrated = builder.finder.features, is_calibrated(builder)
    requirement = getattr(builder.scorers.get("requirement"), "needs", None)
    benefit = builder.policy.benefit
    if calibrated:
        _score_lists_of_targets(builder, parts)

    def of_part(number: NDArray[np.intp]) -> pl.DataFrame:
        lists = parts[int(number[0])]
        chance = _chance(builder, lists) if calibrated else None
        return rows(features, lists, chance, _flags(builder, lists), requirement, benefit)

    frames = [frame for _, frame in map_chunks(of_part, np.arange(len(parts)), size=1)]
    if frames:
        return pl.concat(frames)
    return empty_rows(features, calibrated=calibrated, requirement=requirement, benefit=benefit)


def is_calibrated(builder: ListBuilder) -> bool:
    """Whether scores are calibrated, so that they can be read as probabilities."""
    return all(scorer.calibration is not None for scorer in builder.scorers.values())


def allocation_summary(
    builder: ListBuilder, allocation: Allocation | None
) -> dict[str, Any] | None:
    """Effect of capacities on the lists, as plain values; None if no capacity applies."""
    room = builder.room
    if allocation is None or room is None:
        return None
    summary: dict[str, Any] = {
        **room.summary(builder.finder.features.graph),
        "partners_full": allocation.n_full(room.left),
        "places_lost": allocation.places_lost,
        "lists_left_short": allocation.left_short,
    }
    if is_calibrated(builder):
        compared = _evenly(np.unique(allocation.plain.sources), _COMPARED)
        sides = {"plain": allocation.plain, "allocated": allocation.lists}
        expected = {name: _expected(builder, lists, compared) for name, lists in sides.items()}
        summary["expected_joint_wins"] = {"lists": len(compared), **expected}
    return summary


def _expected(builder: ListBuilder, lists: RankedLists, sources: NDArray[np.intp]) -> float:
    """Expected joint wins in the lists of some partners: the sum of probabilities."""
    parts = lists.chosen(np.isin(lists.sources, sources)).parts()
    _score_lists_of_targets(builder, parts)
    chances = map_chunks(
        lambda number: float(_chance(builder, parts[int(number[0])]).mean.sum()),
        np.arange(len(parts)),
        size=1,
    )
    return round(sum(chance for _, chance in chances), 3)


def _chance(builder: ListBuilder, lists: RankedLists) -> Probability:
    """Probability of each pair, of known ones by their own calibration."""
    parts = []
    price, _ = builder.policy.terms(builder.finder.features, lists.sources, lists.targets)
    for task, scorer in builder.scorers.items():
        mask = _of_task(lists, task)
        # Scores and prices are multiples of 2**-32: the difference is the log-odds exactly.
        log_odds = (lists.scores - price)[mask]
        of_task = scorer.probability(lists.sources[mask], lists.targets[mask], log_odds)
        if of_task is not None:
            parts.append((mask, of_task))
    return Probability.from_parts(len(lists), parts)


def _flags(builder: ListBuilder, lists: RankedLists) -> dict[str, NDArray[np.bool_]]:
    """Flags of each row by name: signals outside the training range, and the ledger's."""
    beyond = np.zeros(len(lists.sources), dtype=bool)
    for task, scorer in builder.scorers.items():
        mask = _of_task(lists, task)
        if mask.any():
            signals = scorer.beyond(lists.sources[mask], lists.targets[mask])
            beyond[mask] = signals.any(axis=1)
    flags = {"beyond_learnt": beyond, **builder.ledger.flags(lists.sources, lists.targets)}
    if builder.room is not None:
        flags["introductions_under_way"] = builder.room.taken[lists.targets] > 0
    return flags


def _score_lists_of_targets(builder: ListBuilder, parts: Sequence[RankedLists]) -> None:
    """Score the lists of all listed partners: a probability depends on the lists of both sides."""
    for task, scorer in builder.scorers.items():
        listed = [lists.targets[_of_task(lists, task)] for lists in parts]
        if sum(map(len, listed)):
            scorer.lists(np.unique(np.concatenate(listed)))


def _of_task(lists: RankedLists, task: str) -> NDArray[np.bool_]:
    """Mask of the rows that a task scored."""
    if task == "requirement":
        return np.ones(len(lists), dtype=bool)
    mask: NDArray[np.bool_] = lists.known == (task == "repeat")
    return mask


def _evenly(sources: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """At most n of some partners, evenly spread over them."""
    chosen = np.linspace(0, len(sources) - 1, min(len(sources), n)).round().astype(np.intp)
    return sources[chosen]
