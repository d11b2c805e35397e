"""A ranker at work on one graph: scores of pairs, and one probability for both sides of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.ranking.calibration import Calibration
from ecosystem_graph.ranking.candidates import CandidateFinder, Pairs, Task
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.standardizer import ListScale, ListScales


@dataclass(frozen=True, eq=False)
class Probability:
    """Probability that each pair wins together within the horizon, shape (n_pairs,) each.

    Attributes
    ----------
    mean, low, high : ndarray
        0..1; the bounds of the 90 % interval.
    n : ndarray of int
        Past pairs that each is estimated from.
    """

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]

    @classmethod
    def from_parts(cls, n_pairs: int, parts: Iterable[tuple[NDArray[np.bool_], Self]] = ()) -> Self:
        """Of so many pairs, those of some under masks; 0, with n = 0, where none is given.

        Examples
        --------
        >>> one = Probability(np.array([0.2]), np.array([0.1]), np.array([0.4]), np.array([250]))
        >>> Probability.from_parts(3, [(np.array([False, True, False]), one)]).mean
        array([0. , 0.2, 0. ])
        """
        mean, low, high = np.zeros((3, n_pairs))
        n = np.zeros(n_pairs, dtype=np.int64)
        for mask, part in parts:
            mean[mask], low[mask], high[mask], n[mask] = part.mean, part.low, part.high, part.n
        return cls(mean, low, high, n)


class PairScorer(Protocol):
    """What scores ordered pairs of one graph: for a task, or for one customer's requirement.

    Attributes
    ----------
    finder : CandidateFinder
        Of everybody eligible: whose candidates make up the lists that pairs are compared in.
    ranker : AdditiveRanker
        On the scale of the graph.
    calibration : Calibration or None
        Without it there are no probabilities.
    """

    finder: CandidateFinder
    ranker: AdditiveRanker
    calibration: Calibration | None

    def candidates(
        self, sources: NDArray[np.intp], finder: CandidateFinder, depth: int
    ) -> tuple[Pairs, NDArray[np.float64]]:
        """Candidates of some partners among those a finder proposes, and their scores.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions, in order.
        finder : CandidateFinder
            It may propose only some partners. A pair's score does not depend on it.
        depth : int
            Candidates of each source, at most. A pair's score does not depend on it either.

        Returns
        -------
        tuple of (Pairs, ndarray of shape (n_pairs,))
            Log-odds before any policy.
        """
        ...

    def values(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.float64]:
        """Signals of pairs in their own units, shape (n_pairs, n_signals)."""
        ...

    def lists(self, sources: NDArray[np.intp]) -> ListScale:
        """Reference distributions of the lists of some partners, positions in order, each once."""
        ...

    def log_odds(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.float64]:
        """Scores of any pairs, before any policy, shape (n_pairs,)."""
        lists = self.lists(np.unique(sources))
        return self.ranker.score(self.values(sources, targets), sources, lists)

    def beyond(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which signals of any pairs go beyond what was learnt on, shape (n_pairs, n_signals)."""
        lists = self.lists(np.unique(sources))
        return self.ranker.beyond(self.values(sources, targets), sources, lists)

    def probability(
        self,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        ours: NDArray[np.float64] | None = None,
    ) -> Probability | None:
        """Chance of a joint win of each pair, the same whichever side asks.

        Read off the calibration at the mean of the two sides' scores.

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions.
        ours : ndarray of shape (n_pairs,), optional
            :meth:`log_odds` of the pairs, where they are at hand.
        """
        if self.calibration is None:
            return None
        told = self.calibration
        step = told.step(self.mutual(sources, targets, ours))
        return Probability(told.probability[step], told.low[step], told.high[step], told.n[step])

    def mutual(
        self,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        ours: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Mean of the scores the two sides of each pair give each other, shape (n_pairs,)."""
        ours = self.log_odds(sources, targets) if ours is None else ours
        together = np.argsort(targets, kind="stable")  # a list is looked into once for all of them
        theirs = np.empty(len(targets))
        theirs[together] = self.log_odds(targets[together], sources[together])
        mean: NDArray[np.float64] = (ours + theirs) / 2
        return mean


class Scorer(PairScorer):
    """Scores candidates of a graph for a task.

    Parameters
    ----------
    finder : CandidateFinder
        Of everybody eligible.
    ranker : AdditiveRanker
        On the scale of the graph.
    task : {"new", "repeat"}
    calibration : Calibration, optional

    Attributes
    ----------
    list_scales : ListScales
        Reference distributions of the lists made so far: each is worked out once.
    """

    def __init__(
        self,
        finder: CandidateFinder,
        ranker: AdditiveRanker,
        task: Task,
        calibration: Calibration | None = None,
    ) -> None:
        self.finder = finder
        self.ranker = ranker
        self.task = task
        self.calibration = calibration
        self.list_scales = ListScales(finder.features.graph.n_partners, len(ranker.names))

    def candidates(
        self,
        sources: NDArray[np.intp],
        finder: CandidateFinder | None = None,
        depth: int | None = None,
    ) -> tuple[Pairs, NDArray[np.float64]]:
        """Candidates and their scores; everybody's, and as many as are usually scored, by default.

        See :meth:`PairScorer.candidates`.
        """
        finder, depth = finder or self.finder, depth or self.finder.n_scored
        if finder is self.finder and depth == finder.n_scored:
            pairs, _, scores = self._computed_lists(sources)
            return pairs, scores
        pairs = finder.of_task(self.task, sources, depth)
        values = self.values(pairs.sources, pairs.targets)
        return pairs, self.ranker.score(values, pairs.sources, self.lists(sources))

    def values(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.float64]:
        """Signals of pairs in their own units, shape (n_pairs, n_signals)."""
        return feature_matrix(self.finder.features, self.ranker.names, sources, targets)

    def lists(self, sources: NDArray[np.intp]) -> ListScale:
        """Reference distributions of the lists of some partners; each is worked out once.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions, in order, each once.

        Returns
        -------
        ListScale
        """
        missing = sources[~self.list_scales.made[sources]]
        for _ in map_chunks(self._remember, missing):
            pass
        return self.list_scales.of(sources)

    def _remember(self, sources: NDArray[np.intp]) -> None:
        self._computed_lists(sources)

    def _computed_lists(
        self, sources: NDArray[np.intp]
    ) -> tuple[Pairs, ListScale, NDArray[np.float64]]:
        pairs = self.finder.of_task(self.task, sources, self.finder.n_scored)
        values = self.values(pairs.sources, pairs.targets)
        lists, scores = self.ranker.listed(values, pairs.sources)
        self.list_scales.add(lists, sources)
        return pairs, lists, scores
