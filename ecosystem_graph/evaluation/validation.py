"""How well the method did on the last year on record: the figures a model is saved with."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.new_collaborators import backtest
from ecosystem_graph.recommending import Recommender
from ecosystem_graph.tables import Tables, known_at

#: What a user would pick instead; slower or weaker ones are left to `evaluate`.
_BASELINES = ("popularity", "recent_popularity", "adamic_adar")


def trial(
    tables: Tables,
    day: date,
    *,
    recommender: Recommender | None = None,
    seed: int = 0,
    progress: Callable[[str], object] | None = None,
) -> dict[str, Any] | None:
    """Back-test of a model learnt one horizon before a day, on that horizon.

    Parameters
    ----------
    tables : Tables
    day : datetime.date
        Nothing dated on or after it is looked at.
    recommender : Recommender, optional
        Parameters to try. It is fitted as of one horizon before the day, and fitting it as of the
        day after that need not see the same graph anew.
    seed : int, default 0
    progress : callable, optional
        Told what is being worked on.

    Returns
    -------
    dict or None
        Plain values; None where there is too little history for a trial.
    """
    recommender = recommender or Recommender(random_state=seed)
    horizon = recommender.horizon_days
    cutoff = day - timedelta(days=min(horizon, day.toordinal() - 1))
    say = progress or (lambda _: None)
    say("learning from before the trial")
    try:
        told = backtest(
            tables,
            cutoff,
            recommender=recommender.fit(known_at(tables, cutoff), cutoff),
            horizon_days=horizon,
            seed=seed,
            baselines=_BASELINES,
            progress=progress,
        )
    except HistoryError:
        return None
    model, best = told.outcomes["model"], told.outcomes[told.best_baseline]
    figures = {
        "cutoff": cutoff.isoformat(),
        "horizon_days": horizon,
        "lists": told.n_sources,
        "ndcg_at_10": _rounded(model.metrics["ndcg"].estimate),
        "best_baseline": told.best_baseline,
        "best_baseline_ndcg_at_10": _rounded(best.metrics["ndcg"].estimate),
        "ratio": _rounded(told.ratio.estimate),
        "ratio_low": _rounded(told.ratio.low),
        "ratio_high": _rounded(told.ratio.high),
        "candidate_recall": _rounded(told.candidate_recall),
    }
    if told.reliability is not None:
        figures |= {
            "ece": _rounded(told.reliability.ece),
            "calibration_slope": _rounded(told.reliability.slope),
        }
    return figures


def _rounded(value: float) -> float:
    return round(float(value), 4)
