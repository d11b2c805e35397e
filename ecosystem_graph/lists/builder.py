"""From scored candidates to lists: the ranking loop, reranking, and capacities."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.graph import Ledger
from ecosystem_graph.lists.capacity import Allocation, Room, within_capacity
from ecosystem_graph.lists.reranking import PLAIN, POOL, Reranking
from ecosystem_graph.lists.reranking.diversity import BY_DIVERSITY, Likeness, likeness_priced
from ecosystem_graph.lists.reranking.exposure_price import congestion_prices
from ecosystem_graph.lists.reranking.reciprocity import BY_RECIPROCITY, check_demand, reciprocity
from ecosystem_graph.lists.results.ranked_lists import Candidates, RankedLists
from ecosystem_graph.ranking import CandidateFinder, Policy
from ecosystem_graph.ranking.candidates import Lookup
from ecosystem_graph.ranking.scorer import PairScorer
from ecosystem_graph.ranking.tie_breaking import by_gap_filled
from ecosystem_graph.signals import PairFeatures

#: Further candidates that are scored for a list that capacities leave short, per place in it, at
#: least: all that are usually looked for would take longer than the ranking of 100,000 partners.
_FURTHER = 6

#: Flag of a row whose rank the price on exposure changed.
BY_EXPOSURE = "moved_by_exposure"

#: Candidates of most benefit that are scored beside those likely to join.
_BENEFICIAL = 24

#: Positions of partners and of collaborators -> whether each pair may be proposed.
PairMask = Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.bool_]]

#: Positions of partners and of collaborators, and the score of each pair.
ScoredPairs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]

#: Called with how many more partners are done.
Done = Callable[[int], object]


@dataclass(frozen=True)
class ListBuilder:
    """Builds lists on one graph.

    Attributes
    ----------
    finder : CandidateFinder
        Which partners may be proposed.
    scorers : mapping of str to PairScorer
        By the task they score pairs for: `new`, `repeat` if known collaborators may be proposed,
        or `requirement` alone.
    policy : Policy
    reranking : Reranking
    pair_mask : PairMask or None
        Further pairs that may not be proposed.
    """

    finder: CandidateFinder
    scorers: Mapping[str, PairScorer]
    policy: Policy
    reranking: Reranking = PLAIN
    pair_mask: PairMask | None = None

    def __post_init__(self) -> None:
        if self.reranking.reciprocal:
            check_demand(self.finder.features)

    @cached_property
    def ledger(self) -> Ledger:
        """Introductions made so far."""
        graph, days = self.finder.features.graph, self.reranking
        return Ledger.from_graph(graph, days.rest_days, days.stale_days)

    @cached_property
    def room(self) -> Room | None:
        """Capacity of each partner and its introductions under way; None if no capacity applies."""
        if not self.reranking.limited:
            return None
        return Room.of(self.finder.features.graph, self.ledger, self.reranking.capacity)

    @property
    def capacity(self) -> NDArray[np.int64] | None:
        """Lists each partner may appear in; None if no capacity applies."""
        return None if self.room is None else self.room.left

    @cached_property
    def likeness(self) -> Likeness:
        """Similarity of partners."""
        return Likeness.of(self.finder.features, self.finder.eligibility)

    @property
    def includes_known(self) -> bool:
        """Whether partners that have won together may be proposed to each other."""
        return any(task != "new" for task in self.scorers)

    def task_of(self, source: int, target: int) -> str:
        """The task whose scorer scores a pair."""
        if "requirement" in self.scorers:
            return "requirement"
        return "repeat" if self.finder.features.graph.adjacency[source, target] else "new"

    def sources(self, partners: Iterable[str] | None) -> NDArray[np.intp]:
        """Positions of the requested partners that take part: those that get a list."""
        takes_part = self.finder.eligibility.takes_part
        if partners is None:
            return np.flatnonzero(takes_part)
        requested = np.unique(self.finder.features.graph.index.positions(partners))
        return requested[takes_part[requested]]

    def best_of(self, sources: NDArray[np.intp], depth: int, n_candidates: int) -> RankedLists:
        """The ranking loop: candidates are scored, priced, filtered, and the best kept.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions, in order.
        depth : int
            Length of a list, at most.
        n_candidates : int
            Candidates of each source to choose from, at most.

        Returns
        -------
        RankedLists
        """
        found = [self._allowed(task, sources, n_candidates) for task in self.scorers]
        return RankedLists.best(
            *(np.concatenate(column) for column in zip(*found, strict=True)),
            k=depth,
            order=partial(by_gap_filled, self.finder.features),
        )

    def _allowed(self, task: str, sources: NDArray[np.intp], n_candidates: int) -> Candidates:
        """Candidates of a task that may be listed: both sides, score, whether they are known."""
        pairs, log_odds = self.scorers[task].candidates(sources, self.finder, n_candidates)
        a, b = pairs.sources, pairs.targets
        if task == "new" and (lookup := self._benefit_lookup) is not None:
            a, b, log_odds = self._with_beneficial(lookup, sources, (a, b, log_odds))
        price, allowed = self.policy.terms(self.finder.features, a, b)
        if self.without_history:
            pairs_of = PairFeatures(self.finder.features, a, b)
            allowed = allowed & ((pairs_of.gain > 0) | (pairs_of.reciprocal_gain > 0))
        allowed = allowed & self.ledger.permits(a, b, include_known=self.includes_known)
        if self.capacity is not None:
            allowed &= self.capacity[b] > 0
        if self.pair_mask is not None:
            allowed &= self.pair_mask(a, b)
        a, b = a[allowed], b[allowed]
        return a, b, (log_odds + price)[allowed], self._known(task, a, b)

    @cached_property
    def _benefit_lookup(self) -> Lookup | None:
        """Factors that find candidates by their benefit; None if it does not count."""
        if not self.policy.counts_benefit or self.policy.benefit is None:
            return None
        return self.finder.open_lookup(self.policy.benefit.lookup)

    def _with_beneficial(
        self, lookup: Lookup, sources: NDArray[np.intp], scored: ScoredPairs
    ) -> ScoredPairs:
        """Candidates and their scores, and those of most benefit that are not among them."""
        a, b, log_odds = scored
        depth = min(_BENEFICIAL, self.finder.n_candidates // 5)
        if not depth:
            return scored
        found = self.finder.through(lookup, sources, depth)
        n = self.finder.features.graph.n_partners
        fresh = ~np.isin(found.sources * n + found.targets, a * n + b)
        more, others = found.sources[fresh], found.targets[fresh]
        if not len(more):
            return scored
        scores = self.scorers["new"].log_odds(more, others)
        sides = np.concatenate([a, more]), np.concatenate([b, others])
        return *sides, np.concatenate([log_odds, scores])

    @property
    def without_history(self) -> bool:
        """Whether nobody has won together: only the gaps that partners fill separate them.

        Who fills none, on either side, is then not proposed: there is nothing in its favour.
        """
        features = self.finder.features
        return not features.graph.adjacency.nnz and bool(features.demand.nnz)

    def _known(self, task: str, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.bool_]:
        if task in ("new", "repeat"):
            return np.full(len(a), task == "repeat")
        known: NDArray[np.bool_] = entries_at(self.finder.features.graph.adjacency, a, b) > 0
        return known

    def ranked(self, sources: NDArray[np.intp], k: int) -> RankedLists:
        """Lists of some partners, before capacities are applied."""
        from_pool = self.reranking.reciprocal or self.reranking.diverse
        return self._reordered(self._best(sources, POOL * k if from_pool else k), k).head(k)

    @property
    def allocates_jointly(self) -> bool:
        """Whether a list depends on all others, so that all must be allocated together."""
        if "requirement" in self.scorers:
            return False
        return self.capacity is not None or bool(self.reranking.exposure_price)

    def pools(
        self, sources: NDArray[np.intp], k: int, done: Done | None = None
    ) -> list[RankedLists]:
        """Pools that lists are allocated from, in parts; finished lists without joint allocation.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions, in order.
        k : int
            Length of a list, >= 1.
        done : callable, optional
            Called with how many more partners are done.

        Returns
        -------
        list of RankedLists
        """
        if not self.allocates_jointly:
            return self._in_parts(lambda shard: self.ranked(shard, k), sources, done)
        depth = POOL * k
        return self._in_parts(
            lambda shard: self._reordered(self._best(shard, depth), depth), sources, done
        )

    def settled(self, pool: RankedLists, k: int) -> tuple[RankedLists, Allocation | None]:
        """Lists after the price on exposure and capacities, and the allocation if these apply.

        Parameters
        ----------
        pool : RankedLists
            Of all partners that get a list, from :meth:`pools`.
        k : int
            Length of a list, >= 1.

        Returns
        -------
        tuple of (RankedLists, Allocation or None)
        """
        prices = self._prices(pool, k)
        pool = self._priced(pool, prices)
        if self.room is None:
            return pool.head(k), None

        def further(lists: RankedLists, open_to: NDArray[np.bool_], n_turns: int) -> RankedLists:
            return self._priced(self._with_further(lists, open_to, n_turns, k), prices)

        allocation = within_capacity(pool, self.room.left, k, further)
        return allocation.lists, allocation

    def _prices(self, pool: RankedLists, k: int) -> NDArray[np.float64]:
        """Price on the expected exposure of each partner, shape (n_partners,)."""
        n, strength = self.finder.features.graph.n_partners, self.reranking.exposure_price
        return congestion_prices(pool.sources, pool.targets, pool.sort_key, k, n, strength)

    def _priced(self, lists: RankedLists, prices: NDArray[np.float64]) -> RankedLists:
        if not self.reranking.exposure_price:
            return lists
        return lists.reordered(lists.sort_key - prices[lists.targets], BY_EXPOSURE)

    def _in_parts(
        self,
        work: Callable[[NDArray[np.intp]], RankedLists],
        sources: NDArray[np.intp],
        done: Done | None = None,
    ) -> list[RankedLists]:
        """Lists of chunks of partners, in parallel on all cores."""
        parts = []
        for shard, lists in map_chunks(work, sources):
            parts.append(lists)
            if done is not None:
                done(len(shard))
        return parts

    def _with_further(
        self, lists: RankedLists, open_to: NDArray[np.bool_], n_turns: int, k: int
    ) -> RankedLists:
        """The lists with further candidates among some partners, the fewer the more turns."""
        narrow = replace(self, finder=self.finder.open_only_to(self.finder.open_to & open_to))
        most = self.finder.n_candidates
        n_further = min(max(_FURTHER * k, most // n_turns), most)

        def longer(shard: NDArray[np.intp]) -> RankedLists:
            own = lists.chosen(slice(*np.searchsorted(lists.sources, [shard[0], shard[-1] + 1])))
            found = [narrow._allowed(task, shard, n_further) for task in self.scorers]
            more = own.with_candidates(found, partial(by_gap_filled, self.finder.features))
            return self._reordered(more, int(more.ranks.max(initial=0)))

        return RankedLists.joined(self._in_parts(longer, np.unique(lists.sources)))

    def _best(self, sources: NDArray[np.intp], depth: int) -> RankedLists:
        """The candidates of some partners with the highest scores."""
        scored, all_found = self.finder.n_scored, self.finder.n_candidates
        lists = self.best_of(sources, depth, scored if depth <= scored else all_found)
        listed = np.searchsorted(lists.sources, sources, side="right")
        short = np.diff(listed, prepend=0) < depth
        if depth > scored or scored == all_found or not short.any():
            return lists
        # Filters left too few of the candidates that are scored first: score all of them.
        longer = self.best_of(sources[short], depth, all_found)
        return RankedLists.joined([lists.chosen(~np.isin(lists.sources, sources[short])), longer])

    def _reordered(self, lists: RankedLists, n_picked: int) -> RankedLists:
        """The lists after the reranking steps that need no other list."""
        if self.reranking.reciprocal:
            pairs = PairFeatures(self.finder.features, lists.sources, lists.targets)
            lists = lists.reordered(lists.sort_key + reciprocity(pairs), BY_RECIPROCITY)
        if self.reranking.diverse:
            sides = lists.sources, lists.targets
            priced = likeness_priced(self.likeness, *sides, lists.sort_key, n_picked)
            lists = lists.reordered(priced, BY_DIVERSITY)
        return lists
