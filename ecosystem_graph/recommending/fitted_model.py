"""A fitted model: weights, calibrations, and their origin."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from ecosystem_graph.arguments import check_real, check_whole
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import (
    COMPETITION_PRICE,
    AdditiveRanker,
    Calibration,
    CandidateFinder,
    Task,
)
from ecosystem_graph.ranking.value.accepting import constant_acceptance
from ecosystem_graph.ranking.value.benefit import UPLIFT_WEIGHT
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import assumed_winning
from ecosystem_graph.signals import GraphFeatures

#: Parameters of a model and their defaults; :class:`Recommender` describes each.
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "n_candidates": 400,
        "horizon_days": 365,
        "half_life_days": 540.0,
        "n_components": 64,
        "competition_price": COMPETITION_PRICE,
        "uplift_weight": UPLIFT_WEIGHT,
        "random_state": 0,
    }
)

#: Ranges of the parameters that are whole numbers, and of the others, both ends included.
_WHOLE = {
    "n_candidates": (1, 1_000_000),
    "horizon_days": (1, 36_500),
    "n_components": (1, 4_096),
    "random_state": (0, 2**32 - 1),
}
_REAL = {
    "half_life_days": (0.01, 1e6),
    "competition_price": (0.0, 1_000.0),
    "uplift_weight": (0.0, 1_000.0),
}

#: The task of ranking for a customer's requirement, beside those of :data:`Task`.
REQUIREMENT = "requirement"


def check_parameters(params: Mapping[str, Any]) -> None:
    """Refuse parameters of a model that are missing, unknown or out of their range.

    Raises
    ------
    TypeError
        If one is missing, unknown, or not a number of its kind.
    ValueError
        If one is out of its range.
    """
    if params.keys() != DEFAULTS.keys():
        differ = ", ".join(sorted(params.keys() ^ DEFAULTS.keys()))
        raise TypeError(f"parameters must be {', '.join(DEFAULTS)}. Missing or unknown: {differ}.")
    for name, (least, most) in _WHOLE.items():
        check_whole(name, params[name], least, most)
    for name, (lowest, highest) in _REAL.items():
        check_real(name, params[name], lowest, highest)


def features_on(params: Mapping[str, Any], graph: EcosystemGraph) -> GraphFeatures:
    """Features of a graph, with the parameters of a model."""
    names = ("half_life_days", "n_components", "random_state")
    return GraphFeatures(graph, **{name: params[name] for name in names})


def candidate_finder(params: Mapping[str, Any], graph: EcosystemGraph) -> CandidateFinder:
    """Finder of candidates on a graph, with the parameters of a model."""
    return CandidateFinder(features_on(params, graph), n_candidates=params["n_candidates"])


@dataclass(frozen=True, eq=False)
class FittedModel:
    """Weights and calibrations learnt from a vendor's past; immutable, without a graph.

    Attributes
    ----------
    params : mapping of str to int or float
        Parameters it was fitted with; :class:`Recommender` describes each.
    rankers : mapping of str to AdditiveRanker
        `new`, for pairs that have not won together; `repeat`, for pairs that have, if there was
        enough history of them.
    calibrations : mapping of str to Calibration
        Probabilities by score, for the tasks with enough history. They are valid only on the
        ecosystem the model was fitted on.
    requirement_ranker : AdditiveRanker or None
        Ranker of partners for a customer's requirement, if it was fitted.
    fitted_as_of : datetime.date
        The model uses only events before this day.
    fitted_on : str
        Source of the tables it was fitted on.
    winning : Logit
        Log-odds that a team wins a deal, learnt from deals won and lost, or assumed.
    accepting : Logit
        Log-odds that an introduction is accepted, learnt from decided ones, or a constant.
    figures : mapping or None
        Back-test figures of the method, where it was validated.

    Raises
    ------
    TypeError, ValueError
        If a parameter is missing, unknown or out of its range.

    Examples
    --------
    >>> import ecosystem_graph as eg
    >>> model = eg.load_model("default")
    >>> model.fitted_on, sorted(model.rankers)
    ('horizon2020', ['new', 'repeat'])
    """

    params: Mapping[str, Any]
    rankers: Mapping[Task, AdditiveRanker]
    calibrations: Mapping[Task, Calibration]
    requirement_ranker: AdditiveRanker | None
    fitted_as_of: date
    fitted_on: str
    figures: Mapping[str, Any] | None = None
    winning: Logit = field(default_factory=assumed_winning)
    accepting: Logit = field(default_factory=constant_acceptance)

    def __post_init__(self) -> None:
        check_parameters(self.params)
        object.__setattr__(self, "params", dict(sorted(self.params.items())))

    def __repr__(self) -> str:
        tasks = ", ".join(self.all_rankers())
        return f"FittedModel for {tasks}, fitted on {self.fitted_on} as of {self.fitted_as_of}"

    def all_rankers(self) -> dict[str, AdditiveRanker]:
        """Every ranker by its task: `new`, `repeat`, `requirement`."""
        rankers: dict[str, AdditiveRanker] = dict(self.rankers.items())
        if self.requirement_ranker is not None:
            rankers[REQUIREMENT] = self.requirement_ranker
        return rankers

    def ranker(self, task: Task) -> AdditiveRanker:
        """The ranker of a task.

        Raises
        ------
        HistoryError
            If there was too little history to learn one.
        """
        if task not in self.rankers:
            raise HistoryError(
                "too little history of partners winning together again to rank known "
                "collaborators. Ask for new ones only, or use the model that ships, `default`."
            )
        return self.rankers[task]

    def with_params(self, **changed: Any) -> Self:
        """The same weights with other parameters, such as another price on competition."""
        return replace(self, params={**self.params, **changed})

    def digest(self) -> str:
        """SHA-256 of every learnt number, whatever the parameters, in hexadecimal."""
        digest = hashlib.sha256()
        for task, ranker in sorted(self.all_rankers().items()):
            digest.update(repr((task, ranker.names, ranker.intercept)).encode())
            for learnt in (ranker.coefficients, ranker.least, ranker.most):
                digest.update(learnt.tobytes())
        for name, model in (("winning", self.winning), ("accepting", self.accepting)):
            digest.update(repr((name, model.names, model.intercept, model.n)).encode())
            digest.update(model.coefficients.tobytes() + model.covariance.tobytes())
        for name, calibration in sorted(self.calibrations.items()):
            digest.update(name.encode())
            digest.update(calibration.above.tobytes() + calibration.probability.tobytes())
        return digest.hexdigest()
