"""Fitting a model to the tables of a vendor."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from ecosystem_graph.arguments import check_kind
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import AdditiveRanker, Calibration, CandidateFinder, Task
from ecosystem_graph.ranking.training.windows import (
    TrainingWindows,
    learn_pairs,
    learn_requirements,
)
from ecosystem_graph.ranking.value.learning.fitting import fit_value_models
from ecosystem_graph.recommending.fitted_model import (
    FittedModel,
    candidate_finder,
    check_parameters,
    features_on,
)
from ecosystem_graph.tables import Tables, as_date
from ecosystem_graph.tables.opening.forking import check_alive


def fit_model(
    tables: Tables,
    as_of: date | str | None,
    params: Mapping[str, Any],
    *,
    for_requirements: bool = False,
    at_hand: Iterable[CandidateFinder] = (),
    progress: Progress = silent,
) -> FittedModel:
    """Learn the weight of each signal from the pairs that later won together.

    Parameters
    ----------
    tables : Tables
    as_of : datetime.date or ISO str or None
        Only events before this day are learnt from; by default
        :meth:`Tables.default_as_of`.
    params : mapping of str to int or float
        Parameters of the model.
    for_requirements : bool, default False
        Whether to learn as well which partners join the lead of a deal, by its requirements, if
        deals name their leads.
    at_hand : iterable of CandidateFinder, optional
        Finders of past days of the same tables, made with the same parameters, to be reused.
    progress : Progress, optional
        Called with the name of each stage.

    Returns
    -------
    FittedModel

    Raises
    ------
    HistoryError
        If too few pairs won together within the horizons before `as_of`.
    TypeError, ValueError
        If a parameter is out of its range, or `tables` are not Tables.
    """
    check_kind("tables", tables, Tables, "Tables, from read_tables or load_dataset")
    check_alive()
    check_parameters(params)
    day = tables.default_as_of() if as_of is None else as_date(as_of)
    seed = params["random_state"]
    progress("building the graphs of the past")
    windows = TrainingWindows(
        tables, day, params["horizon_days"], partial(candidate_finder, params), at_hand
    )
    rankers: dict[Task, AdditiveRanker] = {}
    calibrations: dict[Task, Calibration] = {}
    tasks: tuple[Task, ...] = ("new", "repeat")
    for task in tasks:
        progress(f"learning to rank {'new' if task == 'new' else 'known'} collaborators")
        # Without enough repeated wins the model has no such ranker, and using it raises an error.
        with suppress(*([] if task == "new" else [HistoryError])):
            rankers[task], calibration = learn_pairs(windows, task, seed)
            if calibration is not None:
                calibrations[task] = calibration
    requirement_ranker = None
    if for_requirements:
        progress("learning to rank for requirements")
        with suppress(HistoryError):
            requirement_ranker = learn_requirements(windows, seed)
    progress("learning what teams win and which introductions are accepted")
    winning, accepting = fit_value_models(tables, day, partial(features_on, params))
    return FittedModel(
        params,
        rankers,
        calibrations,
        requirement_ranker,
        day,
        tables.source,
        winning=winning,
        accepting=accepting,
    )
