"""The recommender: learns from a vendor's past, ranks collaborators, explains each."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from os import PathLike
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import (
    COMPETITION_PRICE,
    AdditiveRanker,
    CandidateFinder,
    Explanation,
    Policy,
    Task,
    feature_matrix,
    fit_ranker,
    in_shards,
    pair_explanation,
    training_set,
    wins_after,
)
from ecosystem_graph.recommending.rows import Ranked, empty_rows, rows
from ecosystem_graph.signals import Evidence
from ecosystem_graph.tables import Tables, as_date

#: Partners to learn from, at most; more change the weights by less than their noise.
_TRAINING_SOURCES = 4_000


class Recommender(BaseEstimator):  # type: ignore[misc]
    """Ranks the partners each partner should work with.

    Parameters
    ----------
    n_candidates : int, default 400
        Candidates scored per partner, >= 1.
    horizon_days : int, default 365
        The score is the log-odds of a joint win within this many days, >= 1.
    half_life_days : float, default 540
        Days after which a deal counts half in ties and demand, > 0.
    n_components : int, default 64
        Dimensions of the embedding, >= 1.
    competition_price : float, default 3
        Log-odds taken off the score of two partners that compete in all their business, >= 0;
        in proportion for others.
    random_state : int, default 0
        Seeds everything drawn at random.

    Attributes
    ----------
    rankers_ : dict of str to AdditiveRanker
        One for pairs new to each other, `new`; one for those that are not, `repeat`, if there
        was enough history of them.
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

    def fit(self, tables: Tables, as_of: date | str | None = None) -> Self:
        """Learn how much each signal counts, from who went on to win together.

        The graph is seen as it was one horizon before `as_of`; candidates found on it are
        compared with the joint wins of the horizon that followed.

        Parameters
        ----------
        tables : Tables
        as_of : datetime.date or ISO str, optional
            Only what happened before it is learnt from; by default as
            :meth:`Tables.default_as_of` says.

        Returns
        -------
        Recommender

        Raises
        ------
        HistoryError
            If too few pairs won together within the horizon before `as_of`.
        ValueError
            If a parameter is out of its range.
        """
        self._check_parameters()
        day = tables.default_as_of() if as_of is None else as_date(as_of)
        # The calendar begins on day 1, and nothing is known on it.
        before = date.fromordinal(max(day.toordinal() - self.horizon_days, 1))
        earlier = EcosystemGraph.from_tables(tables, before)
        finder = self.finder(earlier)
        won_later = wins_after(earlier, tables, until=day)
        rankers: dict[Task, AdditiveRanker] = {"new": self._learnt("new", finder, won_later)}
        # Without enough of them, `recommend` says so to whoever asks for known collaborators.
        with suppress(HistoryError):
            rankers["repeat"] = self._learnt("repeat", finder, won_later)
        self.rankers_ = rankers
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
        finder: CandidateFinder | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> pl.DataFrame:
        """Ranked collaborators of every partner, or of those asked for.

        Parameters
        ----------
        graph : EcosystemGraph
        partners : iterable of str, optional
            Ids or exact names; everybody that takes part unless given.
        k : int, default 10
            Length of a list, >= 1.
        include_known : bool, default False
            Whether partners that have won together may be proposed to each other again.
        max_competition : float, optional
            Partners that compete in more of their business than this, 0..1, are not proposed.
        finder : CandidateFinder, optional
            From :meth:`finder`, to propose only some partners.
        progress : callable, optional
            Told the number of partners done, each time some are.

        Returns
        -------
        polars.DataFrame
            One row per (partner_id, rank); see the README for its columns.

        Raises
        ------
        UnknownPartnerError
            If a partner asked for is not in the graph.
        HistoryError
            If known collaborators are asked for and no history taught how to rank them.
        """
        self._check_fitted(include_known)
        if k < 1:
            raise ValueError(f"k must be at least 1. Got {k!r}.")
        finder = finder or self.finder(graph)
        sources = self._sources(finder, partners)
        frames = []

        def listed(shard: NDArray[np.intp]) -> pl.DataFrame:
            known, limit = include_known, max_competition
            ranked = self.ranked(finder, shard, k, include_known=known, max_competition=limit)
            return rows(finder.evidence, ranked)

        for shard, frame in in_shards(listed, sources):
            frames.append(frame)
            if progress is not None:
                progress(len(shard))
        return pl.concat(frames) if frames else empty_rows(finder.evidence)

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
        finder = self.finder(graph)
        source, target = graph.index.positions([partner, collaborator])
        known = bool(graph.adjacency[source, target])
        self._check_fitted(include_known=known)
        permitted = finder.eligibility.permits(np.array([source]), np.array([target]))
        return pair_explanation(
            finder.evidence,
            self.rankers_["repeat" if known else "new"],
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
        kept: CandidateFinder | None = getattr(self, "_kept_finder", None)
        if kept is not None and kept.evidence.graph is graph and open_to is None:
            return kept
        evidence = Evidence(
            graph,
            half_life_days=self.half_life_days,
            n_components=self.n_components,
            random_state=self.random_state,
        )
        finder = CandidateFinder(evidence, n_candidates=self.n_candidates, open_to=open_to)
        self._kept_finder = finder if open_to is None else None
        return finder

    def ranked(
        self,
        finder: CandidateFinder,
        sources: NDArray[np.intp],
        k: int,
        *,
        include_known: bool = False,
        max_competition: float | None = None,
    ) -> Ranked:
        """Lists of some partners, in positions.

        Parameters
        ----------
        finder : CandidateFinder
            From :meth:`finder`.
        sources : ndarray of shape (n_sources,)
            Positions of the partners.
        k : int
            Length of a list, >= 1.
        include_known : bool, default False
        max_competition : float, optional

        Returns
        -------
        Ranked
        """
        policy = self._policy(max_competition)
        found = [self._scored("new", finder, sources, policy)]
        if include_known:
            found.append(self._scored("repeat", finder, sources, policy))
        return Ranked.best(*(np.concatenate(column) for column in zip(*found, strict=True)), k=k)

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

    def _learnt(self, task: Task, finder: CandidateFinder, won_later: csr_array) -> AdditiveRanker:
        rng = np.random.default_rng(self.random_state)
        return fit_ranker(
            training_set(finder, won_later, task=task, n_sources=_TRAINING_SOURCES, rng=rng)
        )

    def _sources(self, finder: CandidateFinder, partners: Iterable[str] | None) -> NDArray[np.intp]:
        takes_part = finder.eligibility.takes_part
        if partners is None:
            return np.flatnonzero(takes_part)
        asked = np.unique(finder.evidence.graph.index.positions(partners))
        return asked[takes_part[asked]]

    def _scored(
        self, task: Task, finder: CandidateFinder, sources: NDArray[np.intp], policy: Policy
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        pairs = finder.new(sources) if task == "new" else finder.known(sources)
        ranker = self.rankers_[task]
        values = feature_matrix(finder.evidence, ranker.names, pairs.sources, pairs.targets)
        term, allowed = policy.terms(finder.evidence, pairs.sources, pairs.targets)
        scores = ranker.score(values) + term
        return pairs.sources[allowed], pairs.targets[allowed], scores[allowed]

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

    def _check_parameters(self) -> None:
        self._policy()
        for name in ("n_candidates", "horizon_days", "n_components"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1. Got {getattr(self, name)!r}.")
        if not 0 < self.half_life_days < np.inf:
            raise ValueError(
                f"half_life_days must be positive and finite. Got {self.half_life_days!r}."
            )
