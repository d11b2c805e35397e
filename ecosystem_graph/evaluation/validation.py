"""How well the method did on the last year on record: the figures a model is saved with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.new_collaborators import Backtest, backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import CandidateFinder
from ecosystem_graph.recommending.fitted_model import DEFAULTS
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.tables import Tables

#: What a user would pick instead; slower or weaker ones are left to `evaluate`.
_BASELINES = ("popularity", "recent_popularity", "adamic_adar")


@dataclass(frozen=True, slots=True)
class Validation:
    """Back-test figures of the method, and what can be used again.

    Attributes
    ----------
    figures : dict or None
        Plain values; None where there was too little history for a test.
    finder : CandidateFinder or None
        Of the graph as of the cutoff of the test, where it was made.
    """

    figures: dict[str, Any] | None
    finder: CandidateFinder | None = None


def validate(
    tables: Tables, day: date, *, seed: int = 0, progress: Progress = silent
) -> Validation:
    """Back-test a model fitted one horizon before a day, on that horizon.

    Parameters
    ----------
    tables : Tables
    day : datetime.date
        Nothing dated on or after it is looked at.
    seed : int, default 0
    progress : Progress, optional
        Called with the name of each stage.

    Returns
    -------
    Validation
    """
    horizon = int(DEFAULTS["horizon_days"])
    cutoff = day - timedelta(days=min(horizon, day.toordinal() - 1))
    progress("learning from before the validation")
    protocol = BacktestProtocol(cutoff, horizon, seed=seed)
    ranker = None
    try:
        model = protocol.fitted(tables)
        ranker = GraphRanker(model, EcosystemGraph.from_tables(tables, cutoff))
        result = backtest(tables, protocol, model=ranker, baselines=_BASELINES, progress=progress)
    except HistoryError:
        return Validation(None, None if ranker is None else ranker.finder)
    return Validation(_figures(result, horizon), ranker.finder)


def _figures(result: Backtest, horizon: int) -> dict[str, Any]:
    """What a manifest says of a back-test, as plain values."""
    model, best = result.results["model"], result.results[result.best_baseline]
    figures = {
        "cutoff": result.cutoff.isoformat(),
        "horizon_days": horizon,
        "lists": result.n_sources,
        "ndcg_at_10": _rounded(model.metrics["ndcg"].estimate),
        "best_baseline": result.best_baseline,
        "best_baseline_ndcg_at_10": _rounded(best.metrics["ndcg"].estimate),
        "ratio": _rounded(result.ratio.estimate),
        "ratio_low": _rounded(result.ratio.low),
        "ratio_high": _rounded(result.ratio.high),
        "candidate_recall": _rounded(result.candidate_recall),
    }
    if result.reliability is not None:
        figures |= {
            "ece": _rounded(result.reliability.ece),
            "calibration_slope": _rounded(result.reliability.slope),
        }
    return figures


def _rounded(value: float) -> float:
    return round(float(value), 4)
