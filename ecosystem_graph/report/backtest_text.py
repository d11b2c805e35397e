"""A back-test as text."""

from collections.abc import Sequence
from datetime import date

from ecosystem_graph.evaluation.backtesting import Backtest
from ecosystem_graph.evaluation.method_result import Outcome
from ecosystem_graph.evaluation.reliability import Reliability
from ecosystem_graph.evaluation.tasks import TaskBacktest
from ecosystem_graph.report.layout import columns


def backtest_text(result: Backtest) -> str:
    """A back-test's setting and figures, the model first, the baselines below it.

    Parameters
    ----------
    result : Backtest

    Returns
    -------
    str
    """
    k = result.k
    span = "all later deals" if result.until is None else f"deals before {result.until}"
    lines = [
        f"Back-test at {result.cutoff}, {span}: {result.n_sources:,} partners, each ranked against "
        f"{result.n_partners:,};",
        f"{result.n_true:.1f} new collaborators each. Mean and 95 % interval over partners.",
        "",
    ]
    header = ("method", f"nDCG@{k}", f"P@{k}", f"R@{k}", f"hit@{k}", "MRR")
    table: list[Sequence[str]] = [(*header, "s")]
    table += [_accuracy(name, outcome) for name, outcome in result.outcomes.items()]
    lines += columns(table, "lrrrrrr")
    lines += [
        "",
        f"nDCG@{k} of the model is {result.ratio.estimate:.3f} x that of "
        f"{result.best_baseline} ({result.ratio.low:.3f} to {result.ratio.high:.3f}).",
    ]
    lines += [
        "",
        "Lists: share of partners listed, inequality and most lists of one. Pairs: mean gain, that",
        "of the side that gains less, share in which both gain, competition; likeness in a list.",
    ]
    told = ("cover", "Gini", "load", "gain", "less", "both", "competition", "alike")
    table = [("method", *told)]
    table += [_lists(name, outcome) for name, outcome in result.outcomes.items()]
    lines += columns(table, "l" + "r" * len(told))
    if result.n_cold:
        lines += ["", f"Cold slice: {result.n_cold} of them with at most one joint win."]
        table = [("method", f"nDCG@{k}", f"hit@{k}", f"nDCG@{k} of {result.n_without} with none")]
        for name, outcome in result.outcomes.items():
            ndcg, hit = outcome.cold["ndcg"], outcome.cold["hit_rate"]
            spread = f"{ndcg.estimate:.3f} [{ndcg.low:.3f}, {ndcg.high:.3f}]"
            none = f"{outcome.without['ndcg'].estimate:.3f}" if outcome.without else "-"
            table.append((name, spread, f"{hit.estimate:.3f}", none))
        lines += columns(table, "lrrr")
    lines += _reliability_lines(result.reliability)
    lines += [
        "",
        f"Candidates: {result.n_candidates:.0f} each, holding "
        f"{result.candidate_recall:.3f} of the new collaborators (mean over partners).",
    ]
    return "\n".join(lines)


def task_text(result: TaskBacktest) -> str:
    """A task's setting and figures, partners new to the lead and known to it apart.

    Parameters
    ----------
    result : TaskBacktest

    Returns
    -------
    str
    """
    span = "all later deals" if result.until == date.max else f"deals before {result.until}"
    lines = [
        f"Back-test of {result.task} at {result.cutoff}, {span}: {result.n_partners:,} partners.",
    ]
    for whom, told in result.outcomes.items():
        of_whom = "new to the one who looks" if whom == "new" else "it has won with before"
        k = result.k
        lines += [
            "",
            f"Partners {of_whom}: {told.n_lists:,} lists, {told.n_true:.1f} to find in each.",
        ]
        table: list[Sequence[str]] = [
            ("method", f"nDCG@{k}", f"P@{k}", f"R@{k}", f"hit@{k}", "MRR")
        ]
        for name, metrics in told.metrics.items():
            ndcg, *others = (
                metrics[key] for key in ("ndcg", "precision", "recall", "hit_rate", "mrr")
            )
            spread = f"{ndcg.estimate:.3f} [{ndcg.low:.3f}, {ndcg.high:.3f}]"
            table.append((name, spread, *(f"{other.estimate:.3f}" for other in others)))
        lines += columns(table, "lrrrrr")
        lines.append(
            f"nDCG@{k} of the model is {told.ratio.estimate:.3f} x that of "
            f"{told.best_baseline} ({told.ratio.low:.3f} to {told.ratio.high:.3f})."
        )
    return "\n".join(lines)


def _reliability_lines(told: Reliability | None) -> list[str]:
    """Probabilities beside what came true, from the least to the most likely tenth."""
    if told is None:
        return ["", "Probabilities: none, there is too little history to say."]
    lines = [
        "",
        f"Probabilities of {told.n:,} pairs listed: {told.said:.3f} said on average, "
        f"{told.came_true:.3f} came true.",
        f"ECE {told.ece:.4f}, slope {told.slope:.2f}, Brier {told.brier:.5f} (always the average: "
        f"{told.brier_constant:.5f}).",
    ]
    said = ("said", *(f"{part.said:.3f}" for part in told.bins))
    true = ("came true", *(f"{part.came_true:.3f}" for part in told.bins))
    return lines + columns([said, true], "l" + "r" * len(told.bins))


def _accuracy(name: str, outcome: Outcome) -> Sequence[str]:
    ndcg, *others = (
        outcome.metrics[key] for key in ("ndcg", "precision", "recall", "hit_rate", "mrr")
    )
    return (
        name,
        f"{ndcg.estimate:.3f} [{ndcg.low:.3f}, {ndcg.high:.3f}]",
        *(f"{other.estimate:.3f}" for other in others),
        f"{outcome.seconds:.1f}",
    )


def _lists(name: str, outcome: Outcome) -> Sequence[str]:
    shares = (outcome.gain, outcome.smaller_gain, outcome.both_gain, outcome.competition)
    return (
        name,
        f"{outcome.coverage:.3f}",
        f"{outcome.gini:.3f}",
        f"{outcome.max_load}",
        *("-" if share is None else f"{share:.4f}" for share in shares),
        f"{outcome.likeness:.4f}",
    )
