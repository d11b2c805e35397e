"""How a back-test is run: what is known, what counts, and how many lists of which length."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.recommending.fitted_model import DEFAULTS, FittedModel
from ecosystem_graph.recommending.fitting import fit_model
from ecosystem_graph.tables import Tables, known_at


@dataclass(frozen=True, slots=True)
class BacktestProtocol:
    """The protocol of a back-test.

    Attributes
    ----------
    cutoff : date
        Everything before it is known to the methods, nothing after.
    horizon_days : int or None
        Only wins within this many days after the cutoff count; all on record if None.
    k : int
        Length of the lists, >= 1.
    n_lists : int
        Partners, or later deals, that are sampled to make lists or teams for.
    seed : int
        Of the sample, the model, the baselines and the bootstrap.

    Examples
    --------
    >>> BacktestProtocol(date(2025, 1, 1), horizon_days=31).until
    datetime.date(2025, 2, 1)
    """

    cutoff: date
    horizon_days: int | None = None
    k: int = 10
    n_lists: int = 1_500
    seed: int = 0

    @property
    def until(self) -> date | None:
        """Wins from this day on do not count; None if all do."""
        return None if self.horizon_days is None else days_after(self.cutoff, self.horizon_days)

    def rng(self) -> np.random.Generator:
        """A new generator, the same each time."""
        return np.random.default_rng(self.seed)

    def check(self, model: FittedModel | None) -> None:
        """Refuse a model that was fitted on what it would be tested on.

        Raises
        ------
        HistoryError
            If it was fitted on days after the cutoff.
        """
        if model is not None and model.fitted_as_of > self.cutoff:
            raise HistoryError(
                f"the model was fitted as of {model.fitted_as_of}, on data after the cutoff "
                f"{self.cutoff} (leakage). Choose a later cutoff, or another model."
            )

    def fitted(self, tables: Tables, *, for_requirements: bool = False) -> FittedModel:
        """A model fitted on what was known at the cutoff.

        Raises
        ------
        HistoryError
            If that is too little.
        """
        return fit_model(
            known_at(tables, self.cutoff),
            self.cutoff,
            {**DEFAULTS, "random_state": self.seed},
            for_requirements=for_requirements,
        )


def days_after(day: date, days: int) -> date:
    """The day so many days later, or the last day of the calendar if that comes first.

    Examples
    --------
    >>> days_after(date(2024, 12, 31), 1), days_after(date.max, 1)
    (datetime.date(2025, 1, 1), datetime.date(9999, 12, 31))
    """
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
