"""What every back-test begins with: a span of time, and a model that knows nothing of it."""

from datetime import date

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.recommending.fitted_model import DEFAULTS, FittedModel
from ecosystem_graph.recommending.fitting import fit_model
from ecosystem_graph.tables import Tables, known_at


def later(day: date, days: int | None) -> date:
    """So many days later; the last day of the calendar if that is before, or no days are given."""
    last = date.max.toordinal()
    return date.fromordinal(min(day.toordinal() + (last if days is None else days), last))


def checked(model: FittedModel | None, cutoff: date) -> None:
    """Refuse a model that has seen what it would be tested on.

    Raises
    ------
    HistoryError
        If it was fitted on days after the cutoff.
    """
    if model is not None and model.fitted_as_of > cutoff:
        raise HistoryError(
            f"the model was fitted as of {model.fitted_as_of}, on data after the cutoff {cutoff} "
            "(leakage). Choose a later cutoff, or another model."
        )


def fitted_before(
    cutoff: date, tables: Tables, *, seed: int, for_requirements: bool = False
) -> FittedModel:
    """A model learnt from nothing but what was known at the cutoff."""
    params = {**DEFAULTS, "random_state": seed}
    return fit_model(known_at(tables, cutoff), cutoff, params, for_requirements=for_requirements)
