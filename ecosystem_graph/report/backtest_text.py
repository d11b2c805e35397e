"""Back-tests of lists as text."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from ecosystem_graph.evaluation.backtests.new_collaborators import Backtest
from ecosystem_graph.evaluation.backtests.tasks import TaskBacktest
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.method_result import MethodResult
from ecosystem_graph.evaluation.reliability import Reliability
from ecosystem_graph.report.layout import columns, interval, wrapped

#: Figures of the pairs that a method lists, by their heading.
_MEANINGS: Final = MappingProxyType(
    {
        "uplift": "probability of winning that an introduction is expected to add (uplift)",
        "csat": "customer satisfaction with the listed (csat)",
        "gain": "gain",
        "less": "gain of the side that gains less",
        "both": "share in which both gain",
        "compete": "competition",
    }
)

_LIST_FIGURES: Final = ("cover", "Gini", "load", "similar", *_MEANINGS)


def backtest_text(result: Backtest) -> str:
    """The cutoff and figures of a back-test: the model first, the baselines below it.

    Parameters
    ----------
    result : Backtest

    Returns
    -------
    str
    """
    lines = [
        f"Back-test at {result.cutoff}, {span_text(result.until)}: {result.n_sources:,} partners, "
        f"each ranked against {result.n_partners:,};",
        f"{result.n_true:.1f} new collaborators each. Mean and 95 % interval over partners.",
        "",
        *_accuracy(result),
        "",
        _ratio(result.k, result.ratio, result.best_baseline),
        "",
        *_lists(result),
        "",
    ]
    if result.n_cold:
        lines += [*_cold(result), ""]
    lines += [
        *_probabilities(result.reliability),
        "",
        f"Candidates: {result.n_candidates:.0f} each, holding "
        f"{result.candidate_recall:.3f} of the new collaborators (mean over partners).",
    ]
    return "\n".join(lines)


def task_text(result: TaskBacktest) -> str:
    """The cutoff and figures of a task, apart for partners new to the lead and known to it.

    Parameters
    ----------
    result : TaskBacktest

    Returns
    -------
    str
    """
    lines = [
        f"Back-test of {result.task} at {result.cutoff}, {span_text(result.until)}: "
        f"{result.n_partners:,} partners."
    ]
    headings = {"new": "Partners new to the lead", "known": "Partners the lead has won with before"}
    for group, comparison in result.results.items():
        table = [_header(result.k)]
        table += [(name, *_metrics(values)) for name, values in comparison.metrics.items()]
        lines += [
            "",
            f"{headings[group]}: {comparison.n_lists:,} lists, {comparison.n_true:.1f} to find in "
            "each.",
            *columns(table, "lrrrrr"),
            _ratio(result.k, comparison.ratio, comparison.best_baseline),
        ]
    return "\n".join(lines)


def span_text(until: date | None) -> str:
    """The later deals that count."""
    return "all later deals" if until in (None, date.max) else f"deals before {until}"


def _header(k: int) -> tuple[str, ...]:
    return ("method", f"nDCG@{k}", f"P@{k}", f"R@{k}", f"hit@{k}", "MRR")


def _metrics(values: Mapping[str, Interval]) -> Sequence[str]:
    """The figures below :func:`_header`, nDCG with its interval."""
    others = (values[key].estimate for key in ("precision", "recall", "hit_rate", "mrr"))
    return (interval(values["ndcg"]), *(f"{other:.3f}" for other in others))


def _ratio(k: int, ratio: Interval, best_baseline: str) -> str:
    return (
        f"nDCG@{k} of the model is {ratio.estimate:.3f} x that of {best_baseline} "
        f"({ratio.low:.3f} to {ratio.high:.3f})."
    )


def _accuracy(result: Backtest) -> list[str]:
    """How well each method finds the new collaborators, and the seconds it took."""
    table = [(*_header(result.k), "s")]
    table += [
        (name, *_metrics(method.metrics), f"{method.seconds:.1f}")
        for name, method in result.results.items()
    ]
    return columns(table, "lrrrrrr")


def _lists(result: Backtest) -> list[str]:
    """Whom the lists of each method show, and what the pairs listed add and gain."""
    parts = [
        "Lists: share of partners listed (cover), Gini of exposure, most lists of one partner "
        "(load), similarity of two partners in a list."
    ]
    columns_of = {name: _list_figures(method) for name, method in result.results.items()}
    shown = [
        figure
        for figure in _LIST_FIGURES
        if any(figures[figure] is not None for figures in columns_of.values())
    ]
    if meanings := [_MEANINGS[figure] for figure in shown if figure in _MEANINGS]:
        parts.append(f"Means over the pairs listed: {', '.join(meanings)}.")
    table: list[Sequence[str]] = [("method", *shown)]
    table += [
        (name, *(figures[figure] or "-" for figure in shown))
        for name, figures in columns_of.items()
    ]
    return [wrapped(" ".join(parts)), *columns(table, "l" + "r" * len(shown))]


def _list_figures(method: MethodResult) -> dict[str, str | None]:
    """Figures of a method's lists by heading, None for what the tables do not hold."""

    def share(value: float | None) -> str | None:
        return None if value is None else f"{value:.4f}"

    return {
        "cover": f"{method.coverage:.3f}",
        "Gini": f"{method.gini:.3f}",
        "load": f"{method.max_load}",
        "similar": share(method.likeness),
        "uplift": share(method.uplift),
        "csat": None if method.satisfaction is None else f"{method.satisfaction:.3f}",
        "gain": share(method.gain),
        "less": share(method.smaller_gain),
        "both": share(method.both_gain),
        "compete": share(method.competition),
    }


def _cold(result: Backtest) -> list[str]:
    """How well each method does for partners with little or no history."""
    ndcg = f"nDCG@{result.k}"
    table: list[Sequence[str]] = [
        ("method", ndcg, f"hit@{result.k}", f"{ndcg} of {result.n_without} with none")
    ]
    for name, method in result.results.items():
        none = f"{method.without['ndcg'].estimate:.3f}" if method.without else "-"
        hit = f"{method.cold['hit_rate'].estimate:.3f}"
        table.append((name, interval(method.cold["ndcg"]), hit, none))
    heading = f"Cold slice: {result.n_cold:,} of these partners have at most one joint win."
    return [heading, *columns(table, "lrrr")]


def _probabilities(result: Reliability | None) -> list[str]:
    """Predicted and observed shares of joint wins, from the lowest to the highest tenth."""
    if result is None:
        return ["Probabilities: none, too little history to calibrate."]
    predicted = ("predicted", *(f"{part.predicted:.3f}" for part in result.bins))
    observed = ("observed", *(f"{part.observed:.3f}" for part in result.bins))
    return [
        f"Probabilities of {result.n:,} listed pairs: {result.predicted:.3f} predicted on average, "
        f"{result.observed:.3f} observed.",
        f"ECE {result.ece:.4f}, slope {result.slope:.2f}, Brier {result.brier:.5f} (always the "
        f"average: {result.brier_constant:.5f}).",
        *columns([predicted, observed], "l" + "r" * len(result.bins)),
    ]
