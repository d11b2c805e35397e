"""Scores of the partners that could join the lead of one customer's requirement."""

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.ranking.candidates import CandidateFinder, Pairs
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import (
    RequirementCandidates,
    RequirementRanker,
)
from ecosystem_graph.ranking.scorer import PairScorer
from ecosystem_graph.ranking.standardizer import ListScale
from ecosystem_graph.signals.features.requirements import Requirements


class RequirementScorer(PairScorer):
    """Scores pairs of the lead of one requirement and a partner that could join it.

    There are no probabilities: the order is learnt, not how often it comes true.

    Parameters
    ----------
    matcher : RequirementRanker
    ranker : AdditiveRanker
        What was learnt of who joins a lead, on the scale of the graph.
    needs : Requirements
        One requirement, with its lead.
    """

    calibration = None

    def __init__(
        self, matcher: RequirementRanker, ranker: AdditiveRanker, needs: Requirements
    ) -> None:
        self.finder = matcher.finder
        self.ranker = ranker
        self.needs = needs
        self._matcher = matcher
        found = matcher.candidates(needs)
        self._found = Pairs(found.leads, found.targets)
        values = self.values(found.leads, found.targets)
        self._lists, self._scores = ranker.listed(values, found.leads)

    def candidates(
        self, sources: NDArray[np.intp], finder: CandidateFinder, depth: int
    ) -> tuple[Pairs, NDArray[np.float64]]:
        """All that could join the lead, however few are asked for; `sources` is the lead."""
        if finder is self.finder:
            return self._found, self._scores
        found = RequirementRanker(finder).candidates(self.needs)
        return Pairs(found.leads, found.targets), self.log_odds(found.leads, found.targets)

    def values(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.float64]:
        """Signals of pairs in their own units, shape (n_pairs, n_signals)."""
        rows = np.zeros(len(targets), dtype=np.intp)
        return self._matcher.values(self.needs, RequirementCandidates(rows, targets, sources))

    def lists(self, sources: NDArray[np.intp]) -> ListScale:
        """Reference distribution of the lead's list."""
        return self._lists
