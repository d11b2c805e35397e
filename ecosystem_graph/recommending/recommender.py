"""The recommender: learns from a vendor's past, ranks collaborators, explains each."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from os import PathLike
from typing import Self

import numpy as np
import polars as pl
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import (
    AdditiveRanker,
    CandidateFinder,
    Explanation,
    Task,
    explanation,
    feature_matrix,
    fit_ranker,
    training_set,
    wins_after,
)
from ecosystem_graph.recommending.rows import Ranked, empty_rows, rows
from ecosystem_graph.signals import Evidence
from ecosystem_graph.tables import Tables, as_date

#: Partners whose lists are worked out together.
_SHARD = 256

#: Partners to learn from, at most; more change the weights by less than their noise.
_TRAINING_SOURCES = 6_000


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
    random_state : int, default 0
        Seeds everything drawn at random.

    Attributes
    ----------
    rankers_ : dict of str to AdditiveRanker
        One for pairs new to each other, `new`; one for those that are not, `repeat`, if there
        was enough history of them.
    fitted_as_of_ : datetime.date
        Nothing dated on or after it was learnt from.

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
        random_state: int = 0,
    ) -> None:
        self.n_candidates = n_candidates
        self.horizon_days = horizon_days
        self.half_life_days = half_life_days
        self.n_components = n_components
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
        earlier = EcosystemGraph.from_tables(tables, day - timedelta(days=self.horizon_days))
        finder = self._finder(earlier)
        won_later = wins_after(earlier, tables, until=day)
        rankers: dict[Task, AdditiveRanker] = {"new": self._learnt("new", finder, won_later)}
        try:
            rankers["repeat"] = self._learnt("repeat", finder, won_later)
        except HistoryError:
            pass  # `recommend` says so to whoever asks for known collaborators
        self.rankers_ = rankers
        self.fitted_as_of_ = day
        return self

    def recommend(
        self,
        graph: EcosystemGraph,
        partners: Iterable[str] | None = None,
        k: int = 10,
        *,
        include_known: bool = False,
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
        finder = self._finder(graph)
        sources = self._sources(finder, partners)
        shards = [sources[start : start + _SHARD] for start in range(0, len(sources), _SHARD)]
        lists = Parallel(n_jobs=-1, prefer="threads", return_as="generator")(
            delayed(self._ranked)(finder, shard, k, include_known) for shard in shards
        )
        frames = [
            rows(finder.evidence, ranked) for ranked in _watched(lists, shards, progress)
        ]
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
        finder = self._finder(graph)
        source, target = graph.index.positions([partner, collaborator])
        known = bool(graph.adjacency[source, target])
        self._check_fitted(include_known=known)
        permitted = finder.eligibility.permits(np.array([source]), np.array([target]))
        ranker = self.rankers_["repeat" if known else "new"]
        return explanation(finder.evidence, ranker, source, target, permitted=bool(permitted[0]))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to a folder: weights as plain numbers, everything else as text.

        Raises
        ------
        OutputError
            If the folder exists or cannot be written.
        """
        from ecosystem_graph.recommending.model_files import save

        save(self, path)

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

    def _learnt(
        self, task: Task, finder: CandidateFinder, won_later: object
    ) -> AdditiveRanker:
        rng = np.random.default_rng(self.random_state)
        return fit_ranker(
            training_set(finder, won_later, task=task, n_sources=_TRAINING_SOURCES, rng=rng)
        )

    def _finder(self, graph: EcosystemGraph) -> CandidateFinder:
        """What is worked out once per graph; the last graph's is kept."""
        kept: CandidateFinder | None = getattr(self, "_kept_finder", None)
        if kept is not None and kept.evidence.graph is graph:
            return kept
        evidence = Evidence(
            graph,
            half_life_days=self.half_life_days,
            n_components=self.n_components,
            random_state=self.random_state,
        )
        self._kept_finder = CandidateFinder(evidence, n_candidates=self.n_candidates)
        return self._kept_finder

    def _sources(
        self, finder: CandidateFinder, partners: Iterable[str] | None
    ) -> NDArray[np.intp]:
        takes_part = finder.eligibility.takes_part
        if partners is None:
            return np.flatnonzero(takes_part)
        asked = np.unique(finder.evidence.graph.index.positions(partners))
        return asked[takes_part[asked]]

    def _ranked(
        self, finder: CandidateFinder, sources: NDArray[np.intp], k: int, include_known: bool
    ) -> Ranked:
        found = [self._scored("new", finder, sources)]
        if include_known:
            found.append(self._scored("repeat", finder, sources))
        return Ranked.best(*(np.concatenate(column) for column in zip(*found, strict=True)), k=k)

    def _scored(
        self, task: Task, finder: CandidateFinder, sources: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        pairs = finder.new(sources) if task == "new" else finder.known(sources)
        ranker = self.rankers_[task]
        values = feature_matrix(finder.evidence, ranker.names, pairs.sources, pairs.targets)
        return pairs.sources, pairs.targets, ranker.score(values)

    def _check_fitted(self, include_known: bool) -> None:
        if not hasattr(self, "rankers_"):
            raise ValueError("this Recommender has not learnt yet: call fit, or load a model.")
        if include_known and "repeat" not in self.rankers_:
            raise HistoryError(
                "too little history of partners winning together again to rank known "
                "collaborators. Ask for new ones only, or use the model that ships, `default`."
            )

    def _check_parameters(self) -> None:
        for name in ("n_candidates", "horizon_days", "n_components"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1. Got {getattr(self, name)!r}.")
        if not 0 < self.half_life_days < np.inf:
            raise ValueError(
                f"half_life_days must be positive and finite. Got {self.half_life_days!r}."
            )


def _watched(
    lists: Iterable[Ranked],
    shards: list[NDArray[np.intp]],
    progress: Callable[[int], object] | None,
) -> Iterator[Ranked]:
    for shard, ranked in zip(shards, lists, strict=True):
        yield ranked
        if progress is not None:
            progress(len(shard))
