"""Who could join a partner in serving one customer's need: candidates, learning, scores."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import row_of_entries, tidy
from ecosystem_graph.arrays.path_kernels import best_paths
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.ranking.candidates import CandidateFinder
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.standardizer import Scale
from ecosystem_graph.signals import REQUIREMENT_SIGNALS, SIGNALS
from ecosystem_graph.signals.features.requirements import RequirementPairs, Requirements

#: What the partners of a deal face in demand may come from that very deal: they are not read.
_LEAKING = frozenset({"gain", "reciprocal_gain", "mutual_gain"})

#: Partners looked up through what is asked for, and kept for each capability.
_THROUGH_NEED = 400
_TOP_HOLDERS = 500

#: Deals whose candidates tell what is usual on a graph.
_USUAL_DEALS = 200


@dataclass(frozen=True, eq=False, slots=True)
class RequirementCandidates:
    """Candidates of needs: place of the need, position of the partner, and the lead's."""

    rows: NDArray[np.intp]
    targets: NDArray[np.intp]
    leads: NDArray[np.intp]

    def chosen(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> "RequirementCandidates":
        """Some of them: a mask, or their places."""
        return RequirementCandidates(self.rows[kept], self.targets[kept], self.leads[kept])


class RequirementRanker:
    """Finds and scores partners for needs on one graph.

    Parameters
    ----------
    finder : CandidateFinder
    names : tuple of str, optional
        Signals that a fitted ranker weighs, in its order; those that would be learnt now unless
        given, among them every signal registered since.
    """

    def __init__(self, finder: CandidateFinder, names: tuple[str, ...] | None = None) -> None:
        self.finder = finder
        self.names = _learnt() if names is None else names
        needs = finder.features.delivered
        open_needs = tidy(needs.multiply(finder.open_to.astype(np.float64).reshape(-1, 1)).tocsr())
        standing = finder.ground.ties.rank
        self._top_holders = largest_per_row(tidy(open_needs.T), _TOP_HOLDERS, standing)

    def candidates(self, needs: Requirements) -> RequirementCandidates:
        """Partners new to the lead, those it knows, and those that serve what is asked for."""
        leads = np.unique(needs.leads)
        found = [self.finder.new(leads), self.finder.known(leads)]
        n = self.finder.features.graph.n_partners
        keys = []
        for pairs in found:
            begin = np.searchsorted(pairs.sources, needs.leads)
            size = np.searchsorted(pairs.sources, needs.leads, side="right") - begin
            rows = np.repeat(np.arange(len(needs)), size)
            within = np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)
            keys.append(rows * n + pairs.targets[np.repeat(begin, size) + within])
        ties = self.finder.ground.ties
        serving = best_paths(
            needs.asked,
            self._top_holders,
            np.arange(len(needs)),
            tidy(self.finder.ground.apart[needs.leads]),
            self.finder.open_to,
            _THROUGH_NEED,
            ties._replace(start=ties.rank[needs.leads]),
        )
        rows, places = np.nonzero(serving >= 0)
        keys.append(rows * n + serving[rows, places])
        once = np.unique(np.concatenate(keys))
        rows, targets = once // n, once % n
        matches = RequirementCandidates(rows, targets, needs.leads[rows])
        return matches.chosen(self.finder.permits(matches.leads, targets))

    def values(self, needs: Requirements, matches: RequirementCandidates) -> NDArray[np.float64]:
        """Signals of each match, shape (n_matches, n_signals)."""
        n_pair = len(self.names) - len(REQUIREMENT_SIGNALS)
        pairs = RequirementPairs(needs, matches.rows, matches.targets)
        values = np.empty((len(matches.rows), len(self.names)), order="F")
        values[:, :n_pair] = feature_matrix(
            self.finder.features, self.names[:n_pair], matches.leads, matches.targets
        )
        for column, signal in enumerate(REQUIREMENT_SIGNALS.values(), n_pair):
            values[:, column] = signal.of(pairs)
        return values

    def values_in_chunks(
        self, needs: Requirements, matches: RequirementCandidates
    ) -> NDArray[np.float64]:
        """Signals of each match, as :meth:`values`, computed on every core."""

        def values(chunk: NDArray[np.intp]) -> NDArray[np.float64]:
            here = np.zeros(len(needs), dtype=bool)
            here[chunk] = True
            return self.values(needs, matches.chosen(here[matches.rows]))

        parts = [part for _, part in map_chunks(values, np.arange(len(needs)))]
        return np.concatenate(parts) if parts else np.empty((0, len(self.names)))

    def usual_scale(self) -> Scale:
        """What is usual among candidates of needs on the graph: those of its latest deals."""
        features = self.finder.features
        graph = features.graph
        latest = np.argsort(graph.age_days, kind="stable")
        asking = np.diff(graph.requirements.indptr)[latest] > 0
        joint = graph.team_size[latest] > 1
        deals = np.sort(latest[asking & joint][:_USUAL_DEALS])
        by_deal = tidy(graph.incidence[:, deals].T)
        # Any member may stand for whoever led; which one must not depend on what it is called.
        rows = row_of_entries(by_deal)
        members = by_deal.indices[np.lexsort((graph.fingerprints[by_deal.indices], rows))]
        leads = members[by_deal.indptr[:-1]].astype(np.intp) if len(deals) else deals
        facts = graph.deals[deals].select("territory", "industry", need_id="deal_id")
        asked = graph.tables["deal_requirements"].filter(
            pl.col("deal_id").is_in(facts["need_id"].implode())
        )
        asked = asked.select("capability_id", "weight", need_id="deal_id")
        needs = Requirements.of(features, leads, facts, asked)
        return Scale.of(self.names, self.values_in_chunks(needs, self.candidates(needs)))

    def scored(
        self, ranker: AdditiveRanker, needs: Requirements
    ) -> tuple[RequirementCandidates, NDArray[np.float64]]:
        """Candidates of each requirement, and their scores before any policy."""
        matches = self.candidates(needs)
        _, scores = ranker.listed(self.values(needs, matches), matches.rows)
        return matches, scores


def _learnt() -> tuple[str, ...]:
    """Signals of a pair and of a requirement that a ranker would learn from now."""
    learnt = [name for name, signal in SIGNALS.items() if signal.learnt and name not in _LEAKING]
    return (*learnt, *REQUIREMENT_SIGNALS)
