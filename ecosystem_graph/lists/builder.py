"""Lists of collaborators on one graph, made by what a recommender learnt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.graph import Ledger
from ecosystem_graph.lists.capacity import Allocation, Room, within_capacity
from ecosystem_graph.lists.diversity import BY_DIVERSITY, Likeness, likeness_priced
from ecosystem_graph.lists.exposure_price import congestion_prices
from ecosystem_graph.lists.ranked_lists import RankedLists
from ecosystem_graph.lists.reciprocity import BY_RECIPROCITY, check_demand, reciprocity
from ecosystem_graph.lists.reranking import PLAIN, POOL, Reranking
from ecosystem_graph.lists.rows import empty_rows, rows
from ecosystem_graph.ranking import CandidateFinder, Policy, Probability, Scorer, Task
from ecosystem_graph.ranking.tie_breaking import by_gap_filled
from ecosystem_graph.signals import PairFeatures

#: Lists whose joint wins to be expected are told with and without capacities, at most.
_TOLD_OF = 4_096

#: What moved a row that stands elsewhere for the price on exposure.
BY_EXPOSURE = "moved_by_exposure"


@dataclass(frozen=True, slots=True)
class Listing:
    """Lists of collaborators.

    Attributes
    ----------
    rows : polars.DataFrame
        One row per (partner_id, rank).
    account : dict or None
        What capacities made of the lists, as plain values; None where nobody is limited.
    """

    rows: pl.DataFrame
    account: dict[str, Any] | None


@dataclass(frozen=True)
class ListMaker:
    """Makes lists.

    Attributes
    ----------
    finder : CandidateFinder
        Who may be proposed.
    scorers : mapping of Task to Scorer
        What ranks pairs that are new to each other, and those that are not if they may be proposed.
    policy : Policy
    wishes : Reranking
        What reorders the lists.
    """

    finder: CandidateFinder
    scorers: Mapping[Task, Scorer]
    policy: Policy
    wishes: Reranking = PLAIN

    def __post_init__(self) -> None:
        if self.wishes.reciprocal:
            check_demand(self.finder.features)

    @cached_property
    def ledger(self) -> Ledger:
        """Introductions made so far."""
        wishes = self.wishes
        return Ledger.from_graph(self.finder.features.graph, wishes.rest_days, wishes.stale_days)

    @cached_property
    def room(self) -> Room | None:
        """Introductions each partner can take on; None where nobody is limited."""
        if not self.wishes.limited:
            return None
        return Room.of(self.finder.features.graph, self.ledger, self.wishes.capacity)

    @property
    def capacity(self) -> NDArray[np.int64] | None:
        """Lists each partner may stand in; None where nobody is limited."""
        return None if self.room is None else self.room.left

    @cached_property
    def likeness(self) -> Likeness:
        """What makes two partners look alike."""
        return Likeness.of(self.finder.features, self.finder.eligibility)

    def sources(self, partners: Iterable[str] | None) -> NDArray[np.intp]:
        """Positions of the partners that get a list: those that take part, of those asked for."""
        takes_part = self.finder.eligibility.takes_part
        if partners is None:
            return np.flatnonzero(takes_part)
        asked = np.unique(self.finder.features.graph.index.positions(partners))
        return asked[takes_part[asked]]

    def ranked(self, sources: NDArray[np.intp], k: int) -> RankedLists:
        """Lists of some partners, in positions, before anybody is full."""
        asked = self.wishes.reciprocal or self.wishes.diverse
        return self._reordered(self._best(sources, POOL * k if asked else k), k).head(k)

    def listing(
        self, sources: NDArray[np.intp], k: int, progress: Callable[[int], object] | None = None
    ) -> Listing:
        """Lists of many partners, nobody in more of them than it can take."""
        parts, account = self.pools(sources, k, progress), None
        if self.shares_out:
            lists, account = self.settled(RankedLists.joined(parts), k)
            parts = lists.parts()
        return Listing(self.told(parts), account)

    @property
    def shares_out(self) -> bool:
        """Whether a list depends on all the others, so that they must be settled together."""
        return self.capacity is not None or bool(self.wishes.exposure_price)

    def pools(
        self, sources: NDArray[np.intp], k: int, progress: Callable[[int], object] | None = None
    ) -> list[RankedLists]:
        """What each list is settled from, in parts: the list itself where none are shared out.

        Parameters
        ----------
        sources : ndarray of shape (n_sources,)
            Positions, in order.
        k : int
            Length of a list, >= 1.
        progress : callable, optional
            Told how many more partners are done.

        Returns
        -------
        list of RankedLists
        """
        if not self.shares_out:
            return self._in_parts(lambda shard: self.ranked(shard, k), sources, progress)
        depth = POOL * k
        return self._in_parts(
            lambda shard: self._reordered(self._best(shard, depth), depth), sources, progress
        )

    def settled(self, pool: RankedLists, k: int) -> tuple[RankedLists, dict[str, Any] | None]:
        """Lists that share out places, and an account of it where capacities limit anybody.

        Parameters
        ----------
        pool : RankedLists
            Of everybody that gets a list, from :meth:`pools`.
        k : int
            Length of a list, >= 1.

        Returns
        -------
        tuple of (RankedLists, dict or None)
        """
        prices = self._prices(pool, k)
        pool = self._priced(pool, prices)
        if self.room is None:
            return pool.head(k), None
        allocation = within_capacity(
            pool, self.room.left, k, lambda short: self._priced(self._all(short), prices)
        )
        return allocation.lists, self._account(allocation, self.room)

    def _prices(self, pool: RankedLists, k: int) -> NDArray[np.float64]:
        """What each partner loses for the lists it can be expected in, shape (n_partners,)."""
        n, strength = self.finder.features.graph.n_partners, self.wishes.exposure_price
        return congestion_prices(pool.sources, pool.targets, pool.keys, k, n, strength)

    def _priced(self, lists: RankedLists, prices: NDArray[np.float64]) -> RankedLists:
        if not self.wishes.exposure_price:
            return lists
        return lists.reordered(lists.keys - prices[lists.targets], BY_EXPOSURE)

    def _in_parts(
        self,
        work: Callable[[NDArray[np.intp]], RankedLists],
        sources: NDArray[np.intp],
        progress: Callable[[int], object] | None = None,
    ) -> list[RankedLists]:
        """Lists on every core; `progress` is told how many more are done."""
        parts = []
        for shard, lists in map_chunks(work, sources):
            parts.append(lists)
            if progress is not None:
                progress(len(shard))
        return parts

    def _all(self, sources: NDArray[np.intp]) -> RankedLists:
        """All candidates of some partners, in the order they would be listed in."""
        depth = len(self.scorers) * self.finder.n_candidates
        return RankedLists.joined(
            self._in_parts(lambda shard: self._reordered(self._best(shard, depth), depth), sources)
        )

    def _best(self, sources: NDArray[np.intp], depth: int) -> RankedLists:
        """The candidates of some partners with the highest scores."""
        scored, all_found = self.finder.n_scored, self.finder.n_candidates
        lists = self.best_of(sources, depth, scored if depth <= scored else all_found)
        listed = np.searchsorted(lists.sources, sources, side="right")
        short = np.diff(listed, prepend=0) < depth
        if depth > scored or scored == all_found or not short.any():
            return lists
        # Filters took too many of those that are usually scored: look at all there are.
        longer = self.best_of(sources[short], depth, all_found)
        return RankedLists.joined([lists.chosen(~np.isin(lists.sources, sources[short])), longer])

    def best_of(self, sources: NDArray[np.intp], depth: int, n_candidates: int) -> RankedLists:
        """The best of so many candidates of each, by score, as many as asked for at most."""
        found = []
        for task, scorer in self.scorers.items():
            pairs, scores = scorer.candidates(sources, self.finder, n_candidates)
            term, allowed = self.policy.terms(self.finder.features, pairs.sources, pairs.targets)
            allowed = allowed & self.ledger.permits(
                pairs.sources, pairs.targets, include_known="repeat" in self.scorers
            )
            if self.capacity is not None:
                allowed &= self.capacity[pairs.targets] > 0
            known = np.full(len(pairs), task == "repeat")
            columns = (pairs.sources, pairs.targets, scores + term, known)
            found.append([column[allowed] for column in columns])
        return RankedLists.best(
            *(np.concatenate(column) for column in zip(*found, strict=True)),
            k=depth,
            order=partial(by_gap_filled, self.finder.features),
        )

    def _reordered(self, lists: RankedLists, n_picked: int) -> RankedLists:
        """The lists in the order asked for, as far as a list can tell it alone."""
        if self.wishes.reciprocal:
            pairs = PairFeatures(self.finder.features, lists.sources, lists.targets)
            lists = lists.reordered(lists.keys + reciprocity(pairs), BY_RECIPROCITY)
        if self.wishes.diverse:
            sides = lists.sources, lists.targets
            priced = likeness_priced(self.likeness, *sides, lists.keys, n_picked)
            lists = lists.reordered(priced, BY_DIVERSITY)
        return lists

    def told(self, parts: Sequence[RankedLists]) -> pl.DataFrame:
        """Everything an answer says about each pair, with probabilities where they are known."""
        features, calibrated = self.finder.features, self.calibrated
        if calibrated:
            self.list_everybody(parts)

        def told(place: NDArray[np.intp]) -> pl.DataFrame:
            lists = parts[int(place[0])]
            chance = self.chance(lists) if calibrated else None
            flags = {"beyond_learnt": self.beyond(lists), **self._met(lists)}
            return rows(features, lists, chance, flags)

        frames = [frame for _, frame in map_chunks(told, np.arange(len(parts)), size=1)]
        return pl.concat(frames) if frames else empty_rows(features, calibrated=calibrated)

    def _met(self, lists: RankedLists) -> dict[str, NDArray[np.bool_]]:
        """What the ledger says of each row, by the name of the flag."""
        flags = self.ledger.flags(lists.sources, lists.targets)
        if self.room is not None:
            flags["introductions_under_way"] = self.room.taken[lists.targets] > 0
        return flags

    @property
    def calibrated(self) -> bool:
        """Whether what scores mean as probabilities is known."""
        return all(scorer.calibration is not None for scorer in self.scorers.values())

    def _account(self, allocation: Allocation, room: Room) -> dict[str, Any]:
        """What capacities made of the lists, as plain values."""
        account: dict[str, Any] = {
            **room.account(self.finder.features.graph),
            "partners_full": allocation.n_full(room.left),
            "places_lost": allocation.places_lost,
            "lists_left_short": allocation.left_short,
        }
        if self.calibrated:
            told_of = _evenly(np.unique(allocation.plain.sources), _TOLD_OF)
            sides = {"plain": allocation.plain, "allocated": allocation.lists}
            expected = {name: self._expected(lists, told_of) for name, lists in sides.items()}
            account["expected_joint_wins"] = {"lists": len(told_of), **expected}
        return account

    def _expected(self, lists: RankedLists, sources: NDArray[np.intp]) -> float:
        """Joint wins to be expected of the lists of some partners: the sum of probabilities."""
        parts = lists.chosen(np.isin(lists.sources, sources)).parts()
        self.list_everybody(parts)
        chances = map_chunks(
            lambda place: float(self.chance(parts[int(place[0])]).mean.sum()),
            np.arange(len(parts)),
            size=1,
        )
        return round(sum(chance for _, chance in chances), 3)

    def chance(self, ranked: RankedLists) -> Probability:
        """Probability of each pair, of those known to each other by the calibration of theirs."""
        chance = Probability.unknown(len(ranked.sources))
        term, _ = self.policy.terms(self.finder.features, ranked.sources, ranked.targets)
        for task, scorer in self.scorers.items():
            here = ranked.known == (task == "repeat")
            # Scores and terms are multiples of 2**-32: what is left is the log-odds exactly.
            ours = (ranked.scores - term)[here]
            told = scorer.probability(ranked.sources[here], ranked.targets[here], ours)
            if told is not None:
                chance.fill(here, told)
        return chance

    def beyond(self, ranked: RankedLists) -> NDArray[np.bool_]:
        """Whether any signal of each pair goes beyond what was learnt on."""
        past = np.zeros(len(ranked.sources), dtype=bool)
        for task, scorer in self.scorers.items():
            here = ranked.known == (task == "repeat")
            if here.any():
                signals = scorer.beyond(ranked.sources[here], ranked.targets[here])
                past[here] = signals.any(axis=1)
        return past

    def list_everybody(self, parts: Sequence[RankedLists]) -> None:
        """Make the lists of everybody listed: a probability is read from both sides."""
        for task, scorer in self.scorers.items():
            listed = [lists.targets[lists.known == (task == "repeat")] for lists in parts]
            if sum(map(len, listed)):
                scorer.lists(np.unique(np.concatenate(listed)))


def _evenly(sources: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """At most n of some partners, evenly spread over them."""
    places = np.linspace(0, len(sources) - 1, min(len(sources), n)).round().astype(np.intp)
    return sources[places]
