"""Lists of collaborators on one graph, made by what a recommender learnt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.ranking import CandidateFinder, Policy, Probability, Scorer, Task, in_shards
from ecosystem_graph.recommending.ranked import Ranked
from ecosystem_graph.recommending.rows import empty_rows, rows


@dataclass(frozen=True, slots=True)
class ListMaker:
    """Makes lists.

    Attributes
    ----------
    finder : CandidateFinder
        Who may be proposed.
    scorers : mapping of Task to Scorer
        What ranks pairs that are new to each other, and those that are not if they may be proposed.
    policy : Policy
    """

    finder: CandidateFinder
    scorers: Mapping[Task, Scorer]
    policy: Policy

    def sources(self, partners: Iterable[str] | None) -> NDArray[np.intp]:
        """Positions of the partners that get a list: those that take part, of those asked for."""
        takes_part = self.finder.eligibility.takes_part
        if partners is None:
            return np.flatnonzero(takes_part)
        asked = np.unique(self.finder.evidence.graph.index.positions(partners))
        return asked[takes_part[asked]]

    def ranked(self, sources: NDArray[np.intp], k: int) -> Ranked:
        """Lists of some partners, in positions."""
        found = []
        for task, scorer in self.scorers.items():
            pairs, scores = scorer.candidates(sources, self.finder)
            term, allowed = self.policy.terms(self.finder.evidence, pairs.sources, pairs.targets)
            known = np.full(len(pairs), task == "repeat")
            columns = (pairs.sources, pairs.targets, scores + term, known)
            found.append([column[allowed] for column in columns])
        return Ranked.best(*(np.concatenate(column) for column in zip(*found, strict=True)), k=k)

    def in_parts(
        self, sources: NDArray[np.intp], k: int, progress: Callable[[int], object] | None = None
    ) -> list[Ranked]:
        """Lists of many partners, on every core; `progress` is told how many more are done."""
        parts = []
        for shard, lists in in_shards(lambda shard: self.ranked(shard, k), sources):
            parts.append(lists)
            if progress is not None:
                progress(len(shard))
        return parts

    def told(self, parts: Sequence[Ranked]) -> pl.DataFrame:
        """Everything an answer says about each pair, with probabilities where they are known."""
        evidence = self.finder.evidence
        calibrated = all(scorer.calibration is not None for scorer in self.scorers.values())
        if calibrated:
            self._list_everybody(parts)

        def told(place: NDArray[np.intp]) -> pl.DataFrame:
            lists = parts[int(place[0])]
            return rows(evidence, lists, self.chance(lists) if calibrated else None)

        frames = [frame for _, frame in in_shards(told, np.arange(len(parts)), size=1)]
        return pl.concat(frames) if frames else empty_rows(evidence, calibrated=calibrated)

    def chance(self, ranked: Ranked) -> Probability:
        """Probability of each pair, of those known to each other by the calibration of theirs."""
        chance = Probability.unknown(len(ranked.sources))
        for task, scorer in self.scorers.items():
            here = ranked.known == (task == "repeat")
            told = scorer.probability(ranked.sources[here], ranked.targets[here])
            if told is not None:
                chance.fill(here, told)
        return chance

    def _list_everybody(self, parts: Sequence[Ranked]) -> None:
        """Make the lists of everybody listed: a probability is read from both sides."""
        for task, scorer in self.scorers.items():
            listed = [lists.targets[lists.known == (task == "repeat")] for lists in parts]
            if sum(map(len, listed)):
                scorer.lists(np.unique(np.concatenate(listed)))
