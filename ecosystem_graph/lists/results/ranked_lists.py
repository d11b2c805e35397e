"""Pairs in the order of their lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.vectors import run_starts
from ecosystem_graph.errors import ScoreError
from ecosystem_graph.ranking.tie_breaking import PairOrder, best_of_lists, by_position

#: Selects rows: a mask, indices, or a slice.
Rows = NDArray[np.bool_] | NDArray[np.intp] | slice

#: Pairs that may be listed: sources, targets, scores, and whether the two have won together before.
Candidates = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class RankedLists:
    """Pairs in the order of their lists.

    Attributes
    ----------
    sources, targets : ndarray of shape (n_rows,)
        Positions.
    ranks : ndarray of shape (n_rows,)
        From 1 in each list.
    scores : ndarray of shape (n_rows,)
    known : ndarray of bool, shape (n_rows,)
        Whether the two have won together before.
    utility : ndarray of shape (n_rows,) or None
        Sort key of reordered lists, in log-odds: the score and the prices of reranking. None if the
        lists are ordered by score.
    moved : mapping of str to ndarray of bool, shape (n_rows,)
        Rows whose rank a reranking step changed, by the flag of the step.
    full : tuple of ndarray of shape (n_rows,), or None
        Number of better candidates that are missing from the list above each row because they were
        full, and the position of the best of them, -1 where there is none.
    """

    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    ranks: NDArray[np.int32]
    scores: NDArray[np.float64]
    known: NDArray[np.bool_]
    utility: NDArray[np.float64] | None = None
    moved: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    full: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None

    @classmethod
    def best(
        cls,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        scores: NDArray[np.float64],
        known: NDArray[np.bool_],
        *,
        k: int,
        order: PairOrder = by_position,
    ) -> Self:
        """The k best targets of each source, by score, ties by position or another order.

        Raises
        ------
        ScoreError
            If a score is not finite.

        Examples
        --------
        >>> pairs = np.array([0, 0, 1]), np.array([1, 2, 0]), np.array([-2.0, -1.0, -3.0])
        >>> RankedLists.best(*pairs, known=np.zeros(3, dtype=bool), k=1).targets
        array([2, 0])
        """
        if not np.isfinite(scores).all():
            n_wrong = int((~np.isfinite(scores)).sum())
            raise ScoreError(
                f"the scores of {n_wrong:,} of {len(scores):,} pairs are not finite numbers, so "
                "nothing can be ranked. Look for extreme weights in the model and in the tables; "
                "`ecosystem-graph check` lists what is wrong with the tables."
            )
        together = np.argsort(sources, kind="stable")
        groups = sources[together]
        best = best_of_lists(groups, targets[together], scores[together], k, order)
        chosen = together[best]
        return cls(
            sources[chosen],
            targets[chosen],
            _ranks(groups[best]),
            scores[chosen],
            known[chosen],
        )

    def with_candidates(self, found: Sequence[Candidates], order: PairOrder = by_position) -> Self:
        """The lists by score, with further candidates; those that are in them already are left.

        Parameters
        ----------
        found : sequence of tuple
            Sources, targets, scores, and whether the two have won together before.
        order : PairOrder
            Order of candidates with equal scores.

        Examples
        --------
        >>> known = np.zeros(2, dtype=bool)
        >>> pairs = np.array([0, 0]), np.array([1, 2]), np.array([-2.0, -1.0])
        >>> lists = RankedLists.best(*pairs, known, k=2)
        >>> more = np.array([0, 0]), np.array([3, 1]), np.array([-1.5, -2.0]), known
        >>> lists.with_candidates([more]).targets
        array([2, 3, 1])
        """
        own = self.sources, self.targets, self.scores, self.known
        n = 1 + max(targets.max(initial=0) for _, targets, _, _ in (own, *found))
        listed, parts = self.sources * n + self.targets, [own]
        for sources, targets, scores, known in found:
            new = np.isin(sources * n + targets, listed, invert=True)
            parts.append((sources[new], targets[new], scores[new], known[new]))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return self.best(*columns, k=max(1, len(columns[0])), order=order)

    @classmethod
    def empty(cls) -> Self:
        """No lists."""
        none = np.empty(0, dtype=np.intp)
        return cls(none, none, none.astype(np.int32), np.empty(0), np.empty(0, dtype=np.bool_))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Lists of several parts in one, in the order of the partners they are for.

        Examples
        --------
        >>> len(RankedLists.joined([RankedLists.empty(), RankedLists.empty()]))
        0
        """
        parts = parts or [cls.empty()]
        sources = np.concatenate([part.sources for part in parts])
        in_order = bool((sources[1:] >= sources[:-1]).all())
        order = slice(None) if in_order else np.argsort(sources, kind="stable")

        def column(values: Callable[[Self], NDArray[Any]]) -> NDArray[Any]:
            return np.concatenate([values(part) for part in parts])[order]

        plain = all(part.utility is None for part in parts)
        known, full = [part.full for part in parts if part.full is not None], None
        if len(known) == len(parts):
            missing, best = zip(*known, strict=True)
            full = np.concatenate(missing)[order], np.concatenate(best)[order]
        return cls(
            sources[order],
            column(lambda part: part.targets),
            column(lambda part: part.ranks),
            column(lambda part: part.scores),
            column(lambda part: part.known),
            None if plain else column(lambda part: part.sort_key),
            {by: column(partial(_moved, by=by)) for by in parts[0].moved},
            full,
        )

    def parts(self, size: int = 256) -> list[Self]:
        """The lists in parts of `size` partners, at least one part."""
        begins = run_starts(self.sources)[::size]
        bounds = [0, *begins[1:].tolist(), len(self)]
        return [self._at(slice(*bound), self.ranks[slice(*bound)]) for bound in pairwise(bounds)]

    def __len__(self) -> int:
        return len(self.sources)

    @property
    def sort_key(self) -> NDArray[np.float64]:
        """Log-odds that the lists are ordered by, shape (n_rows,)."""
        return self.scores if self.utility is None else self.utility

    @property
    def of_one_score(self) -> int:
        """Number of lists of two or more rows that all have the same score."""
        return of_one_score(self.sources, self.scores)

    def reordered(self, utility: NDArray[np.float64], by: str) -> Self:
        """The same lists in the order of another utility; ties keep their order."""
        order = np.lexsort((self.ranks, -utility, self.sources))
        ranks = _ranks(self.sources[order])
        moved = {**self.moved, by: _scattered(ranks, order) != self.ranks}
        return replace(self, utility=utility, moved=moved)._at(order, ranks)

    def chosen(self, rows: Rows) -> Self:
        """Some of the rows, each list numbered anew."""
        return self._at(rows, _ranks(self.sources[rows]))

    def with_full(self, missing: NDArray[np.intp], best: NDArray[np.intp], by: str) -> Self:
        """The same lists, with how many better candidates were full, and the best of them."""
        moved = {**self.moved, by: missing > 0}
        return replace(self, moved=moved, full=(missing, best))

    def head(self, k: int) -> Self:
        """The first k of each list."""
        return self.chosen(self.ranks <= k)

    def _at(self, rows: Rows, ranks: NDArray[np.int32]) -> Self:
        return replace(
            self,
            sources=self.sources[rows],
            targets=self.targets[rows],
            ranks=ranks,
            scores=self.scores[rows],
            known=self.known[rows],
            utility=None if self.utility is None else self.utility[rows],
            moved={name: moved[rows] for name, moved in self.moved.items()},
            full=None if self.full is None else (self.full[0][rows], self.full[1][rows]),
        )


def of_one_score(sources: NDArray[np.intp], scores: NDArray[np.float64]) -> int:
    """Number of lists of two or more rows with a single score; equal sources are adjacent.

    Examples
    --------
    >>> of_one_score(np.array([0, 0, 1, 1, 2]), np.array([-5.0, -5.0, -4.0, -5.0, -5.0]))
    1
    """
    if len(sources) == 0:
        return 0
    begins = run_starts(sources)
    several = np.diff(np.append(begins, len(sources))) > 1
    lowest, highest = (limit.reduceat(scores, begins) for limit in (np.minimum, np.maximum))
    return int((several & (lowest == highest)).sum())


def _ranks(sources: NDArray[np.intp]) -> NDArray[np.int32]:
    """Ranks from 1 in each run of equal sources, which come in order."""
    ranks = np.arange(1, len(sources) + 1) - np.searchsorted(sources, sources)
    return ranks.astype(np.int32)


def _scattered(values: NDArray[np.int32], indices: NDArray[np.intp]) -> NDArray[np.int32]:
    """Values written to indices of a new array."""
    out = np.empty_like(values)
    out[indices] = values
    return out


def _moved(lists: RankedLists, by: str) -> NDArray[np.bool_]:
    return lists.moved[by]
