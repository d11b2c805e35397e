"""The recommender: a scikit-learn estimator that ranks and explains collaborators."""

from collections.abc import Iterable
from datetime import date
from os import PathLike
from typing import Any, Self

import polars as pl
from sklearn.base import BaseEstimator

from ecosystem_graph.errors import NotFittedError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.why_not import WhyNot
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import COMPETITION_PRICE, Explanation
from ecosystem_graph.ranking.value.benefit import UPLIFT_WEIGHT
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.fitting import fit_model
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.recommending.model_files import load_model, save_model
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.tables import Tables


class Recommender(BaseEstimator):  # type: ignore[misc]
    """Ranks the partners each partner should work with.

    A scikit-learn estimator around two plain objects: the :class:`FittedModel` that `fit` stores in
    `model_`, and a :class:`GraphRanker`, which applies the model to one graph. The ranker of the
    last graph is cached; a service that uses many graphs makes its own rankers.

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
    uplift_weight : float, default 6
        Log-odds of a score per log-odds of winning that an introduction is expected to add, 0 to
        1,000; 0 ranks by the likelihood of a joint win alone.
    random_state : int, default 0
        Seed of the random number generator.

    Attributes
    ----------
    model_ : FittedModel
        The fitted model, with the parameters it was fitted with.

    Notes
    -----
    Parameters that are set after `fit` or `load` apply from the next call on, if they concern the
    ranking of a graph: the price, the candidates, the half-life and the embedding.

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
        uplift_weight: float = UPLIFT_WEIGHT,
        random_state: int = 0,
    ) -> None:
        self.n_candidates = n_candidates
        self.horizon_days = horizon_days
        self.half_life_days = half_life_days
        self.n_components = n_components
        self.competition_price = competition_price
        self.uplift_weight = uplift_weight
        self.random_state = random_state

    def fit(
        self,
        tables: Tables,
        as_of: date | str | None = None,
        *,
        for_requirements: bool = False,
        progress: Progress = silent,
    ) -> Self:
        """Learn the weight of each signal from the pairs that later won together.

        The graph is seen as it was one horizon before `as_of`; candidates found on it are
        compared with the joint wins of the horizon that followed. Where those are few, the same
        is done one horizon further back, up to five times.

        Parameters
        ----------
        tables : Tables
        as_of : datetime.date or ISO str, optional
            Only events before this day are learnt from; by default
            :meth:`Tables.default_as_of`.
        for_requirements : bool, default False
            Whether to learn as well which partners join the lead of a deal, by its requirements,
            if deals name their leads.
        progress : Progress, optional
            Called with the name of each stage.

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
        self.model_ = fit_model(
            tables,
            as_of,
            self.get_params(),
            for_requirements=for_requirements,
            progress=progress,
        )
        return self

    def recommend(
        self,
        graph: EcosystemGraph,
        partners: Iterable[str] | None = None,
        k: int = 10,
        *,
        progress: Progress = silent,
        **options: Any,
    ) -> pl.DataFrame:
        """Ranked collaborators of every partner, or of the requested partners.

        Parameters
        ----------
        graph : EcosystemGraph
        partners : iterable of str, optional
            Ids or exact names; by default all partners that take part. If a requested partner takes
            no part, a warning with the reason is logged: opted out, not active, or bound.
        k : int, default 10
            Length of a list, 1 to 10,000.
        progress : Progress, optional
            Called with how many more partners are done.
        **options
            Fields of :class:`Request`, such as `territories`, `exclude`, `include_known` or
            `requirement`, and of :class:`Reranking`, such as `capacity` or `diverse`.

        Returns
        -------
        polars.DataFrame
            One row per (partner_id, rank). If reranking changed the rank of a row, its flags name
            the step.

        Raises
        ------
        NotFittedError
            If the recommender is not fitted.
        UnknownPartnerError
            If a requested partner is not in the graph.
        UnknownValueError
            If no partner has a requested territory, type, tier or country.
        HistoryError
            If the model has no ranker for the request.
        DataError
            If lists are to be reciprocal and the tables state no needs.
        TypeError, ValueError
            If an option is unknown or out of its range.
        """
        request = Request.of(k=k, partners=partners, **options)
        return self.on(graph).lists(request, progress=progress).rows

    def explain(
        self, graph: EcosystemGraph, partner: str, collaborator: str, **options: Any
    ) -> Explanation:
        """Explain the score of one pair; see :meth:`GraphRanker.explain`.

        Raises
        ------
        NotFittedError
            If the recommender is not fitted.
        UnknownPartnerError
            If one of them is not in the graph.
        """
        return self.on(graph).explain(partner, collaborator, Request.of(**options))

    def why_not(
        self, graph: EcosystemGraph, partner: str, collaborator: str, **options: Any
    ) -> WhyNot:
        """Explain why a collaborator is not in a list; see :meth:`GraphRanker.why_not`.

        Raises
        ------
        NotFittedError
            If the recommender is not fitted.
        UnknownPartnerError
            If one of them is not in the graph.
        """
        return self.on(graph).why_not(partner, collaborator, Request.of(**options))

    def on(self, graph: EcosystemGraph) -> GraphRanker:
        """The model applied to a graph; the ranker of the last graph is cached.

        Parameters
        ----------
        graph : EcosystemGraph

        Returns
        -------
        GraphRanker

        Raises
        ------
        NotFittedError
            If the recommender is not fitted.
        """
        model = self._fitted()
        kept: tuple[FittedModel, GraphRanker] | None = self.__dict__.get("_kept")
        params = self.get_params()
        if kept is None or kept[0] is not model or kept[1].model.params != params:
            kept = None
        if kept is None or kept[1].graph is not graph:
            used = model if model.params == params else model.with_params(**params)
            kept = model, GraphRanker(used, graph)
            self._kept = kept
        return kept[1]

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> None:
        """Write the model to a folder: weights as plain numbers, everything else as text.

        Raises
        ------
        NotFittedError
            If the recommender is not fitted.
        OutputError
            If the folder exists, unless `overwrite`, or cannot be written.
        """
        save_model(self._fitted().with_params(**self.get_params()), path, overwrite=overwrite)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read a model from a folder, or a shipped model by its name.

        Raises
        ------
        ArtifactError
            If there is no such model, or its files are invalid.
        """
        return cls.of(load_model(path))

    @classmethod
    def of(cls, model: FittedModel) -> Self:
        """Recommender around a fitted model."""
        recommender = cls(**model.params)
        recommender.model_ = model
        return recommender

    def _fitted(self) -> FittedModel:
        model: FittedModel | None = self.__dict__.get("model_")
        if model is None:
            raise NotFittedError("this Recommender is not fitted: call fit, or load a model.")
        return model

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_kept"}

    def __sklearn_is_fitted__(self) -> bool:
        return "model_" in self.__dict__
