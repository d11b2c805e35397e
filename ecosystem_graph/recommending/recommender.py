"""The recommender: learns from a vendor's past, ranks collaborators, explains each."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from os import PathLike
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from ecosystem_graph.arguments import (
    LONGEST_LIST,
    check_kind,
    check_real,
    check_whole,
    checked_partners,
)
from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph, Ledger
from ecosystem_graph.graph.ledger import REST_DAYS, STALE_DAYS
from ecosystem_graph.lists.builder import ListMaker
from ecosystem_graph.lists.capacity import Room
from ecosystem_graph.lists.ranked_lists import RankedLists
from ecosystem_graph.lists.reranking import PLAIN, UNLIMITED, Reranking
from ecosystem_graph.lists.rows import rows_for
from ecosystem_graph.ranking import (
    COMPETITION_PRICE,
    AdditiveRanker,
    Calibration,
    CandidateFinder,
    Explanation,
    Policy,
    Scorer,
    Task,
    pair_explanation,
    usual_scale,
)
from ecosystem_graph.ranking.requirement_ranker import RequirementCandidates, RequirementRanker
from ecosystem_graph.ranking.tie_breaking import by_gap_filled
from ecosystem_graph.ranking.training.windows import Windows, learn_needs, learn_pairs
from ecosystem_graph.ranking.without_history import by_gain_alone
from ecosystem_graph.recommending.absence import warn_of_those_without_part
from ecosystem_graph.recommending.requirement import Requirement, needs_of
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables import Tables, as_date
from ecosystem_graph.tables.opening.forking import check_alive

#: Ranges of the parameters that are whole numbers, and of the others, both ends included.
_WHOLE = {
    "n_candidates": (1, 1_000_000),
    "horizon_days": (1, 36_500),
    "n_components": (1, 4_096),
    "random_state": (0, 2**32 - 1),
}
_REAL = {"half_life_days": (0.01, 1e6), "competition_price": (0.0, 1_000.0)}


@dataclass(slots=True)
class _AtWork:
    """What works on one graph, and on that one whatever else is asked meanwhile."""

    finder: CandidateFinder
    scorers: dict[Task, Scorer] = field(default_factory=dict)
    matcher: tuple[RequirementRanker, AdditiveRanker] | None = None


class Recommender(BaseEstimator):  # type: ignore[misc]
    """Ranks the partners each partner should work with.

    Parameters
    ----------
    n_candidates : int, default 400
        Candidates scored per partner, 1 to 1,000,000.
    horizon_days : int, default 365
        The score is the log-odds of a joint win within this many days, 1 to 36,500.
    half_life_days : float, default 540
        Days after which a deal counts half in ties and demand, 0.01 to 1,000,000.
    n_components : int, default 64
        Dimensions of the embedding, 1 to 4,096.
    competition_price : float, default 1.5
        Log-odds taken off the score of two partners that compete in all their business, 0 to
        1,000; in proportion for others.
    random_state : int, default 0
        Seeds everything drawn at random.

    Attributes
    ----------
    rankers_ : dict of str to AdditiveRanker
        One for pairs new to each other, `new`; one for those that are not, `repeat`, if there
        was enough history of them.
    calibrations_ : dict of str to Calibration
        What scores mean as probabilities, for the tasks with enough history to tell. They hold on
        the ecosystem learnt from alone.
    need_ranker_ : AdditiveRanker or None
        What ranks partners for a customer's need, if that was learnt.
    figures_ : dict or None
        How well the method did in a trial, where one was made.
    fitted_as_of_ : datetime.date
        Nothing dated on or after it was learnt from.
    fitted_on_ : str
        Where the tables it learnt from came from.

    Examples
    --------
    >>> import ecosystem_graph as eg
    >>> eg.Recommender(n_candidates=100)
    Recommender(n_candidates=100)
    """

    def __init__(
        self,
        n_candidates: int = 400,
        *,
        horizon_days: int = 365,
        half_life_days: float = 540.0,
        n_components: int = 64,
        competition_price: float = COMPETITION_PRICE,
        random_state: int = 0,
    ) -> None:
        self.n_candidates = n_candidates
        self.horizon_days = horizon_days
        self.half_life_days = half_life_days
        self.n_components = n_components
        self.competition_price = competition_price
        self.random_state = random_state

    def fit(
        self, tables: Tables, as_of: date | str | None = None, *, for_needs: bool = False
    ) -> Self:
        """Learn how much each signal counts, from who went on to win together.

        The graph is seen as it was one horizon before `as_of`; candidates found on it are
        compared with the joint wins of the horizon that followed. Where those are few, the same
        is done one horizon further back, up to five times.

        Parameters
        ----------
        tables : Tables
        as_of : datetime.date or ISO str, optional
            Only what happened before it is learnt from; by default as
            :meth:`Tables.default_as_of` says.
        for_needs : bool, default False
            Whether to learn as well who joins the lead of a deal, by what it asks for, where deals
            name their leads.

        Returns
        -------
        Recommender

        Raises
        ------
        HistoryError
            If too few pairs won together within the horizons before `as_of`.
        ValueError
            If a parameter is out of its range.
        """
        check_kind("tables", tables, Tables, "Tables, from read_tables or load_dataset")
        check_alive()
        self.check_parameters()
        day = tables.default_as_of() if as_of is None else as_date(as_of)
        windows = Windows(tables, day, self.horizon_days, self._finder_as_of)
        self._forget()
        self.rankers_: dict[Task, AdditiveRanker] = {}
        self.calibrations_: dict[Task, Calibration] = {}
        self._learn("new", windows)
        # Without enough of them, `recommend` says so to whoever asks for known collaborators.
        with suppress(HistoryError):
            self._learn("repeat", windows)
        self.need_ranker_: AdditiveRanker | None = None
        self.figures_: dict[str, Any] | None = None
        if for_needs:
            with suppress(HistoryError):
                self.need_ranker_ = learn_needs(windows, self.random_state)
        self.fitted_as_of_ = day
        self.fitted_on_ = tables.source
        return self

    def recommend(
        self,
        graph: EcosystemGraph,
        partners: Iterable[str] | None = None,
        k: int = 10,
        *,
        include_known: bool = False,
        max_competition: float | None = None,
        reciprocal: bool = False,
        diverse: bool = False,
        capacity: int | None = None,
        exposure_price: float = 0.0,
        rest_days: int = REST_DAYS,
        stale_days: int = STALE_DAYS,
        finder: CandidateFinder | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> pl.DataFrame:
        """Ranked collaborators of every partner, or of those asked for.

        Parameters
        ----------
        graph : EcosystemGraph
        partners : iterable of str, optional
            Ids or exact names; everybody that takes part unless given. Of those that take no part a
            warning is logged that says why: opted out, not active, or bound.
        k : int, default 10
            Length of a list, >= 1.
        include_known : bool, default False
            Whether partners that have won together may be proposed to each other again.
        max_competition : float, optional
            Partners that compete in more of their business than this, 0..1, are not proposed.
        reciprocal : bool, default False
            Whether to rank by what the two sides gain as well.
        diverse : bool, default False
            Whether to thin out partners that are just like a better one in the list.
        capacity : int, optional
            Lists a partner may stand in whose `intro_capacity` is not in the tables, >= 0; the
            median of those in the tables unless given. Nobody is limited where neither says so.
        exposure_price : float, default 0
            Log-odds a partner loses each time it is expected in e times as many lists, >= 0.
        rest_days : int, default 365
            Days for which a pair that declined an introduction, or lost, is not proposed again,
            >= 0; pairs with one under way are not proposed at all.
        stale_days : int, default 90
            Days for which an introduction under way takes one of the places of both sides, >= 0.
        finder : CandidateFinder, optional
            From :meth:`finder`, to propose only some partners.
        progress : callable, optional
            Told the number of partners done, each time some are.

        Returns
        -------
        polars.DataFrame
            One row per (partner_id, rank); see the README for its columns. What moved a row
            that does not stand where its score would put it is among its flags; :class:`Reranking`
            says in which order lists are reordered.

        Raises
        ------
        UnknownPartnerError
            If a partner asked for is not in the graph.
        HistoryError
            If known collaborators are asked for and no history taught how to rank them.
        DataError
            If lists are to be reciprocal and nothing says what anybody needs.
        """
        check_graph(graph)
        check_whole("k", k, 1, LONGEST_LIST)
        partners = None if partners is None else checked_partners(partners)
        lists = self.lists(
            finder or self.finder(graph),
            include_known=include_known,
            max_competition=max_competition,
            wishes=Reranking(
                reciprocal,
                diverse,
                capacity,
                exposure_price,
                rest_days=rest_days,
                stale_days=stale_days,
            ),
        )
        if partners is not None:
            warn_of_those_without_part(graph, lists.finder.eligibility, partners)
        return lists.listing(lists.sources(partners), k, progress).rows

    def lists(
        self,
        finder: CandidateFinder,
        *,
        include_known: bool = False,
        max_competition: float | None = None,
        wishes: Reranking = PLAIN,
    ) -> ListMaker:
        """What makes the lists of :meth:`recommend`, in positions as well as in words.

        Parameters
        ----------
        finder : CandidateFinder
            From :meth:`finder`.
        include_known, max_competition
            As for :meth:`recommend`.
        wishes : Reranking
            What reorders the lists.

        Returns
        -------
        ListMaker
        """
        self._check_fitted(include_known)
        tasks: tuple[Task, ...] = ("new", "repeat") if include_known else ("new",)
        scorers = {task: self.scorer(task, finder.features.graph) for task in tasks}
        return ListMaker(finder, scorers, self._policy(max_competition), wishes)

    def explain(self, graph: EcosystemGraph, partner: str, collaborator: str) -> Explanation:
        """Take one pair's score apart into contributions, with the evidence behind it.

        Parameters
        ----------
        graph : EcosystemGraph
        partner, collaborator : str
            Ids or exact names.

        Returns
        -------
        Explanation

        Raises
        ------
        UnknownPartnerError
            If one of them is not in the graph.
        """
        check_graph(graph)
        finder = self.finder(graph)
        named = checked_partners([partner, collaborator])
        source, target = graph.index.positions(named)
        known = bool(graph.adjacency[source, target])
        self._check_fitted(include_known=known)
        pair = np.array([source]), np.array([target])
        permitted = finder.eligibility.permits(*pair)
        permitted &= Ledger.from_graph(graph).permits(*pair, include_known=known)
        return pair_explanation(
            self.scorer("repeat" if known else "new", graph),
            self._policy(),
            source,
            target,
            permitted=bool(permitted[0]),
        )

    def finder(
        self, graph: EcosystemGraph, open_to: NDArray[np.bool_] | None = None
    ) -> CandidateFinder:
        """Finder of candidates on a graph; the last one made is kept.

        Parameters
        ----------
        graph : EcosystemGraph
        open_to : ndarray of bool, shape (n_partners,), optional
            Partners that may be proposed; everybody eligible unless given.

        Returns
        -------
        CandidateFinder
        """
        kept = self._on(graph).finder
        return kept if open_to is None else kept.open_only_to(open_to)

    def _on(self, graph: EcosystemGraph) -> _AtWork:
        """What works on a graph; the last is kept, one graph and its parts in one piece."""
        kept = self._kept()
        if kept is None or kept.finder.features.graph is not graph:
            features = GraphFeatures(
                graph,
                half_life_days=self.half_life_days,
                n_components=self.n_components,
                random_state=self.random_state,
            )
            kept = _AtWork(CandidateFinder(features, n_candidates=self.n_candidates))
            self._kept_at_work: _AtWork | None = kept
        return kept

    def _kept(self) -> _AtWork | None:
        """What worked last, if it was made with the parameters as they are now."""
        kept: _AtWork | None = getattr(self, "_kept_at_work", None)
        names = ("half_life_days", "n_components", "random_state")
        same = (
            kept is not None
            and kept.finder.n_candidates == self.n_candidates
            and all(getattr(kept.finder.features, name) == getattr(self, name) for name in names)
        )
        return kept if same else None

    def _forget(self) -> None:
        """Let go of what was learnt before; what a graph shows stays."""
        kept = getattr(self, "_kept_at_work", None)
        self._kept_at_work = None if kept is None else _AtWork(kept.finder)

    def _finder_as_of(self, tables: Tables, day: date) -> CandidateFinder:
        """Finder on what tables showed on a day; the last one made if it is on just that."""
        kept = self._kept()
        if kept is not None and kept.finder.features.graph.shows(tables, day):
            return kept.finder
        return self.finder(EcosystemGraph.from_tables(tables, day))

    def scorer(self, task: Task, graph: EcosystemGraph) -> Scorer:
        """What was learnt for a task at work on a graph; those of the last graph are kept.

        Parameters
        ----------
        task : {"new", "repeat"}
        graph : EcosystemGraph

        Returns
        -------
        Scorer
        """
        work = self._on(graph)
        if task not in work.scorers:
            learnt = self.rankers_[task]
            if not graph.adjacency.nnz:
                learnt = by_gain_alone(learnt)
            ranker = learnt.on(usual_scale(work.finder, task, learnt.names))
            calibration = self.calibrations_.get(task)
            work.scorers[task] = Scorer(work.finder, ranker, task, calibration)
        return work.scorers[task]

    def recommend_for(
        self,
        graph: EcosystemGraph,
        requirement: Requirement,
        k: int = 10,
        *,
        max_competition: float | None = None,
        rest_days: int = REST_DAYS,
        stale_days: int = STALE_DAYS,
        finder: CandidateFinder | None = None,
    ) -> pl.DataFrame:
        """Partners that could join the lead of a customer's need, new and known ones in one list.

        Parameters
        ----------
        graph : EcosystemGraph
        requirement : Requirement
            With a lead.
        k : int, default 10
            Length of the list, >= 1.
        max_competition : float, optional
            Partners that compete with the lead in more of its business than this, 0..1, are not
            proposed.
        rest_days, stale_days
            As for :meth:`recommend`.
        finder : CandidateFinder, optional
            From :meth:`finder`, to propose only some partners.

        Returns
        -------
        polars.DataFrame
            As :meth:`recommend`, and `covers`: what each has of what is asked for.

        Raises
        ------
        RequirementError
            If it names no lead, or no capability anybody has heard of.
        UnknownPartnerError
            If the lead or somebody to leave out is not in the graph.
        HistoryError
            If nothing was learnt about needs.
        """
        self._check_fitted(include_known=False)
        check_graph(graph)
        check_kind("requirement", requirement, Requirement, "a Requirement")
        check_whole("k", k, 1, LONGEST_LIST)
        finder = finder or self.finder(graph)
        matcher, ranker = self.matcher(graph)
        needs = needs_of(finder.features, requirement)
        matches, scores = matcher.scored(ranker, needs, finder)
        pairs = matches.leads, matches.targets
        term, allowed = self._policy(max_competition).terms(finder.features, *pairs)
        allowed &= ~np.isin(matches.targets, graph.index.positions(requirement.exclude))
        ledger = Ledger.from_graph(graph, rest_days, stale_days)
        allowed &= ledger.permits(*pairs, include_known=True)
        room = Room.of(graph, ledger)
        if room is not None:
            allowed &= room.left[matches.targets] > 0
        known = entries_at(graph.adjacency, *pairs) > 0
        a, b = (side[allowed] for side in pairs)
        order = partial(by_gap_filled, finder.features)
        ranked = RankedLists.best(a, b, (scores + term)[allowed], known[allowed], k=k, order=order)
        here = RequirementCandidates(np.zeros_like(ranked.targets), ranked.targets, ranked.sources)
        flags = {
            "beyond_learnt": matcher.beyond(ranker, needs, here),
            **ledger.flags(ranked.sources, ranked.targets),
        }
        return rows_for(finder.features, ranked, needs, flags)

    def matcher(self, graph: EcosystemGraph) -> tuple[RequirementRanker, AdditiveRanker]:
        """What finds partners for a customer's need, and the weights that rank them.

        Those of the last graph are kept.

        Raises
        ------
        HistoryError
            If nothing was learnt about needs.
        """
        if self.need_ranker_ is None:
            raise HistoryError(
                "this model has not learnt to rank for a requirement: too few won deals with "
                "requirements name their lead, or it was not asked to. Learn from deals whose "
                "deal_partners rows say who led, or rank without a requirement."
            )
        work = self._on(graph)
        if work.matcher is None:
            matcher = RequirementRanker(work.finder)
            work.matcher = matcher, self.need_ranker_.on(matcher.usual_scale())
        return work.matcher

    def ranked(self, finder: CandidateFinder, sources: NDArray[np.intp], k: int) -> RankedLists:
        """Lists of some partners in positions, in the order of the score, whoever is full.

        Parameters
        ----------
        finder : CandidateFinder
            From :meth:`finder`.
        sources : ndarray of shape (n_sources,)
            Positions of the partners.
        k : int
            Length of a list, >= 1.

        Returns
        -------
        RankedLists
        """
        return self.lists(finder, wishes=UNLIMITED).ranked(sources, k)

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> None:
        """Write the model to a folder: weights as plain numbers, everything else as text.

        Raises
        ------
        OutputError
            If the folder exists, unless `overwrite`, or cannot be written.
        """
        from ecosystem_graph.recommending.model_files import save

        self._check_fitted(include_known=False)
        save(self, path, overwrite=overwrite)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read a model from a folder, or one that ships by its name.

        Raises
        ------
        ArtifactError
            If there is none, or it is not what it says it is.
        """
        from ecosystem_graph.recommending.model_files import load

        return load(cls, path)

    def _learn(self, task: Task, windows: Windows) -> None:
        ranker, calibration = learn_pairs(windows, task, self.random_state)
        self.rankers_[task] = ranker
        if calibration is not None:
            self.calibrations_[task] = calibration

    def _policy(self, max_competition: float | None = None) -> Policy:
        return Policy(self.competition_price, max_competition)

    def _check_fitted(self, include_known: bool) -> None:
        if not hasattr(self, "rankers_"):
            raise ValueError("this Recommender has not learnt yet: call fit, or load a model.")
        if include_known and "repeat" not in self.rankers_:
            raise HistoryError(
                "too little history of partners winning together again to rank known "
                "collaborators. Ask for new ones only, or use the model that ships, `default`."
            )

    def check_parameters(self) -> None:
        """Refuse parameters out of their range.

        Raises
        ------
        TypeError
            If one is not a number of its kind.
        ValueError
            If one is out of its range.
        """
        for name, (least, most) in _WHOLE.items():
            check_whole(name, getattr(self, name), least, most)
        for name, (lowest, highest) in _REAL.items():
            check_real(name, getattr(self, name), lowest, highest)


def check_graph(graph: object) -> None:
    """Refuse what is no graph, or cannot be used in this process.

    Raises
    ------
    TypeError
        If it is something else.
    ForkedError
        If this process was forked from one that worked on tables.
    """
    check_kind("graph", graph, EcosystemGraph, "an EcosystemGraph, by EcosystemGraph.from_tables")
    check_alive()
