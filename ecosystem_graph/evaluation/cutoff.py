"""What every back-test begins with: a span of time, and a model that knows nothing of it."""

from datetime import date

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.recommending import Recommender
from ecosystem_graph.tables import Tables, known_at


def later(day: date, days: int | None) -> date:
    """So many days later; the last day of the calendar if that is before, or no days are given."""
    last = date.max.toordinal()
    return date.fromordinal(min(day.toordinal() + (last if days is None else days), last))


def checked(recommender: Recommender | None, cutoff: date) -> None:
    """Refuse a model that has seen what it would be tested on.

    Raises
    ------
    HistoryError
        If it was fitted on days after the cutoff.
    """
    if recommender is not None and recommender.fitted_as_of_ > cutoff:
        raise HistoryError(
            f"a model fitted as of {recommender.fitted_as_of_} has seen days after the cutoff "
            f"{cutoff}: what it is asked it has been told. Choose a later cutoff, or another model."
        )


def fitted_before(
    cutoff: date, tables: Tables, *, seed: int, for_needs: bool = False
) -> Recommender:
    """A model learnt from nothing but what was known at the cutoff."""
    known = known_at(tables, cutoff)
    return Recommender(random_state=seed).fit(known, cutoff, for_needs=for_needs)
