"""Training a model and validating the method that trained it."""

from dataclasses import replace
from datetime import date

from ecosystem_graph.evaluation.validation import validate
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.recommending.fitted_model import DEFAULTS, FittedModel
from ecosystem_graph.recommending.fitting import fit_model
from ecosystem_graph.tables import Tables, as_date


def train(
    tables: Tables,
    as_of: date | str | None = None,
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> FittedModel:
    """Fit a model for pairs and requirements, with back-test figures of the method.

    The method is validated with a model fitted to what was known one horizon earlier, tested on the
    horizon that followed; the returned model is fitted to all data.

    Parameters
    ----------
    tables : Tables
    as_of : datetime.date or ISO str, optional
        Only events before this day are learnt from; by default
        :meth:`Tables.default_as_of`.
    seed : int, default 0
    progress : Progress, optional
        Called with the name of each stage.

    Returns
    -------
    FittedModel
        With `figures`, unless there is too little history for a validation.

    Raises
    ------
    HistoryError
        If too few pairs won together within the horizons before `as_of`.
    """
    day = tables.default_as_of() if as_of is None else as_date(as_of)
    validation = validate(tables, day, seed=seed, progress=progress)
    params = {**DEFAULTS, "random_state": seed}
    progress("learning from the past")
    at_hand = [] if validation.finder is None else [validation.finder]
    model = fit_model(tables, day, params, for_requirements=True, at_hand=at_hand)
    return replace(model, figures=validation.figures)
