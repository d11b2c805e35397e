"""Candidate generation: a few hundred partners to score for each, out of the whole ecosystem."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import column_scaled, row_scaled, tidy
from ecosystem_graph.arrays.list_kernels import best_columns, fuse
from ecosystem_graph.arrays.path_kernels import best_paths, best_paths_twice
from ecosystem_graph.arrays.ties import Ties
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.graph import Eligibility
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.network.embedding import LEAST_AFFINITY

#: Pairs that have never won together, or those that have.
Task = Literal["new", "repeat"]

#: Sparse factors, (n_partners, n_keys) and (n_keys, n_partners), whose product ranks partners.
Lookup = tuple[csr_array, csr_array]

#: Partners kept per capability or market when candidates are looked up through it.
_TOP_HOLDERS = 500

#: Ties of a shared collaborator that are followed, the strongest: a hub's weakest thousands cost
#: most of the search and find nobody (candidate recall .443 with, .441 without, Horizon 2020 at
#: 2018-01-01, one year).
_ONWARD = 500

#: Candidates of a partner that are scored: the best of those found. Lists of 10 to 50 chosen from
#: these are as good as from 400 (nDCG@10 +.9 and -.5 %, recall@50 -.8 and -.1 %, Horizon 2020 at
#: 2017-01-01 and 2018-01-01, one year).
_SCORED = 120

#: Gaps of a partner through which candidates are looked up, the ones most in demand.
_WIDEST_GAPS = 8

#: Partners with the longest vectors, among which embedding neighbours are searched: nearly all
#: relevant ones of tens of thousands of partners, and enough of a million.
_FINDABLE = 16_384

#: Sources whose embedding neighbours are computed at a time.
_BLOCK = 128


@dataclass(frozen=True, slots=True)
class Pairs:
    """Ordered pairs of positions, pairs of one source adjacent.

    Attributes
    ----------
    sources, targets : ndarray of shape (n_pairs,)
    """

    sources: NDArray[np.intp]
    targets: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.sources)


class Ground:
    """Data of a graph that every candidate search uses, whoever may be proposed.

    Parameters
    ----------
    features : GraphFeatures
        The graph, and what the signals derive from it.
    """

    def __init__(self, features: GraphFeatures) -> None:
        self.features = features
        self.eligibility = Eligibility.from_graph(features.graph)

    @cached_property
    def ties(self) -> Ties:
        """Tie order: partners nearest in standing to the source come first."""
        return Ties.next_to(self.features.graph.tie_rank)

    @cached_property
    def apart(self) -> csr_array:
        """Nonzero where two may never be proposed to each other; the diagonal included."""
        return self.eligibility.apart()

    @cached_property
    def barred(self) -> csr_array:
        """Nonzero where a pair may not be proposed as new; the diagonal included."""
        return tidy(self.features.graph.adjacency + self.apart)

    @cached_property
    def onward(self) -> csr_array:
        """Strongest ties of each shared collaborator, as shares of all its ties."""
        return largest_per_row(self.features.tie_shares, _ONWARD, self.ties.rank)

    @cached_property
    def lookups(self) -> list[Lookup]:
        """Pairs of sparse factors; the rows of a product rank the partners of one kind.

        The second, an inverted index, holds everybody.
        """
        features, graph = self.features, self.features.graph
        everyone = csr_array(np.ones((graph.n_partners, 1)))
        kinds = [
            (features.delivered_share, features.delivered),
            (
                largest_per_row(features.gaps, _WIDEST_GAPS),
                row_scaled(graph.held, 1 + np.log1p(features.activity)),
            ),
            (graph.territories, row_scaled(graph.territories, 1 + features.seats)),
            (everyone, row_scaled(everyone, 1 + features.seats)),
        ]
        return [(first, tidy(columns.T)) for first, columns in kinds]


class CandidateFinder:
    """Finds candidates through several kinds of evidence and merges them by reciprocal rank.

    Collaborators of collaborators (twice: rare ones, and recent strong ties), partners that hold
    what is in demand and lacking, partners active where the same things are asked for, embedding
    neighbours, and the most active partners of the source's market and of all. Each kind finds only
    a part of the later collaborators; merged they find more than a longer list of any one kind.

    Parameters
    ----------
    features : GraphFeatures
        The graph, and what the signals derive from it.
    n_candidates : int, default 400
        Default number of candidates per source, >= 1.
    open_to : ndarray of bool, shape (n_partners,), optional
        Mask of the partners that may be proposed; default: everybody eligible.
    ground : Ground, optional
        Of another finder on the same graph, to share its data.
    """

    def __init__(
        self,
        features: GraphFeatures,
        *,
        n_candidates: int = 400,
        open_to: NDArray[np.bool_] | None = None,
        ground: Ground | None = None,
    ) -> None:
        self.features = features
        self.n_candidates = n_candidates
        self.ground = Ground(features) if ground is None else ground
        self.eligibility = self.ground.eligibility
        eligible = self.eligibility.takes_part
        self.open_to = eligible if open_to is None else eligible & open_to

    def open_only_to(self, open_to: NDArray[np.bool_]) -> "CandidateFinder":
        """Finder that proposes only some partners, sharing the data of the graph."""
        return CandidateFinder(
            self.features, n_candidates=self.n_candidates, open_to=open_to, ground=self.ground
        )

    @property
    def n_scored(self) -> int:
        """Default number of candidates of each source that are scored and standardized together."""
        return min(_SCORED, self.n_candidates)

    def of_task(self, task: Task, sources: NDArray[np.intp], depth: int | None = None) -> Pairs:
        """New candidates of each source, `depth` at most, or all partners it has won with."""
        return self.new(sources, depth) if task == "new" else self.known(sources)

    def new(self, sources: NDArray[np.intp], depth: int | None = None) -> Pairs:
        """Candidates that each source has never won with.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions.
        depth : int, optional
            Candidates of each source at most, `n_candidates` unless given; each kind of evidence
            proposes as many before they are merged.

        Returns
        -------
        Pairs
            In the order of `sources`, then of position.
        """
        k = depth or self.n_candidates
        features, ground = self.features, self.ground
        bounds = sources, ground.barred, self.open_to, k, ground.ties
        damped, strengths = features.log_damped, features.strengths.data
        lists = [
            *best_paths_twice(damped, strengths, self._onward, *bounds),
            *(best_paths(first, second, *bounds) for first, second in self._lookups),
            self._embedding_neighbours(sources, k),
        ]
        ranks = np.concatenate([np.arange(1, found.shape[1] + 1) for found in lists])
        n = features.graph.n_partners
        merged = fuse(np.hstack(lists), ranks, n, k, ground.ties, sources)
        return self._permitted(sources, merged)

    def known(self, sources: NDArray[np.intp]) -> Pairs:
        """Everybody eligible each source has won with, the `n_candidates` strongest ties at most.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions.

        Returns
        -------
        Pairs
            In the order of `sources`, then of position.
        """
        ties = self.features.ties[sources]
        repeated = np.repeat(sources, np.diff(ties.indptr))
        ties.data *= self.permits(repeated, ties.indices.astype(np.intp))
        standing = self.features.graph.tie_rank
        strongest = largest_per_row(tidy(ties), self.n_candidates, standing)
        repeated = np.repeat(sources, np.diff(strongest.indptr))
        return Pairs(repeated, strongest.indices.astype(np.intp))

    def _permitted(self, sources: NDArray[np.intp], lists: NDArray[np.int32]) -> Pairs:
        """Pairs in order of position; those barred were not found, but some seek in vain."""
        lists = np.sort(lists[self.eligibility.takes_part[sources]], axis=1)
        sources = sources[self.eligibility.takes_part[sources]]
        found = lists >= 0
        return Pairs(np.repeat(sources, found.sum(axis=1)), lists[found].astype(np.intp))

    def permits(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each pair may be proposed, shape (n_pairs,)."""
        permitted: NDArray[np.bool_] = self.eligibility.permits(sources, targets)
        return permitted & self.open_to[targets]

    @cached_property
    def _onward(self) -> csr_array:
        """Those of the ground, to partners that may be proposed alone where these are fewer."""
        onward = self.ground.onward
        if np.array_equal(self.open_to, self.eligibility.takes_part):
            return onward
        return column_scaled(onward, self.open_to.astype(np.float64))

    def through(self, lookup: Lookup, sources: NDArray[np.intp], depth: int) -> Pairs:
        """New candidates of each source that come first in a product of two sparse factors.

        Parameters
        ----------
        lookup : tuple of csr_array
            Of shapes (n_partners, n_keys) and (n_keys, n_partners), from :meth:`open_lookup`.
        sources : ndarray of shape (n_sources,)
            Positions.
        depth : int
            Candidates of each source at most.

        Returns
        -------
        Pairs
            In the order of `sources`, then of position.
        """
        first, second = lookup
        barred, ties = self.ground.barred, self.ground.ties
        found = best_paths(first, second, sources, barred, self.open_to, depth, ties)
        return self._permitted(sources, found)

    def open_lookup(self, lookup: Lookup) -> Lookup:
        """A lookup with the best open partners of each key alone."""
        first, index = lookup
        if not self.open_to.all():
            index = column_scaled(index, self.open_to.astype(np.float64))
        most = max(_TOP_HOLDERS, self.n_candidates)
        return first, largest_per_row(index, most, self.ground.ties.rank)

    @cached_property
    def _lookups(self) -> list[Lookup]:
        """Those of the ground, with the best open partners of each column alone."""
        return [self.open_lookup(lookup) for lookup in self.ground.lookups]

    @cached_property
    def _findable(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Open partners with the longest vectors, in order, and these as columns.

        In units of the least affinity that counts: what is less than one apart is equal.
        """
        found = self.features.embedding.found
        open_to = np.flatnonzero(self.open_to)
        length = np.einsum("ij,ij->i", found[open_to], found[open_to])
        standing = self.features.graph.tie_rank[open_to]
        longest = np.lexsort((standing, -length))[:_FINDABLE]
        kept = np.sort(open_to[longest])
        return kept, np.ascontiguousarray(found[kept].T / np.float32(LEAST_AFFINITY))

    def _embedding_neighbours(self, sources: NDArray[np.intp], k: int) -> NDArray[np.int32]:
        columns, found = self._findable
        seeking = self.features.embedding.seeking
        barred, ties = self.ground.barred, self.ground.ties
        lists = []
        for block in np.split(sources, range(_BLOCK, len(sources), _BLOCK)):
            affinity = seeking[block] @ found
            np.rint(affinity, out=affinity)
            lists.append(best_columns(affinity, columns, block, barred, k, 1.0, ties))
        return np.vstack(lists)
