"""Results as plain text that fits a terminal."""

import textwrap
from collections.abc import Sequence

import numpy as np
import polars as pl

from ecosystem_graph.evaluation.backtesting import Backtest, Outcome
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.recommending import Run

_WIDTH = 100

#: Rows of a list that are shown.
_SHOWN = 3

#: Capabilities that are named in a row.
_CAPABILITIES = 3


def recommendations_text(rows: pl.DataFrame, graph: EcosystemGraph) -> str:
    """Lists of collaborators: name, score, what either side brings, and why.

    Parameters
    ----------
    rows : polars.DataFrame
        Of a few partners, as :meth:`Recommender.recommend` gives them.
    graph : EcosystemGraph
        For the names.

    Returns
    -------
    str
    """
    lists = [
        _list_text(partner_id, rows.filter(pl.col("partner_id") == partner_id), graph)
        for partner_id in rows["partner_id"].unique(maintain_order=True)
    ]
    return "\n\n".join(lists)


def _list_text(partner_id: str, rows: pl.DataFrame, graph: EcosystemGraph) -> str:
    shown = rows.head(_SHOWN)
    lines = [_wrapped(f"{_who(graph, partner_id)}: {rows.height} collaborators")]
    for row in shown.iter_rows(named=True):
        lines.append(_wrapped(f"{row['rank']:>3}. {_who(graph, row['collaborator_id'])}"))
        told = {
            "score": f"{row['score']:.2f} (log-odds of a joint win)",
            "fills": _capabilities(graph, row.get("gaps_filled", ())),
            "gets": _capabilities(graph, row.get("brings", ())),
            "why": "; ".join(row["evidence"]),
        }
        lines += [_field(name, value) for name, value in told.items() if value]
    if rows.height > shown.height:
        lines.append(f"     and {rows.height - shown.height} more")
    return "\n".join(lines)


def _field(name: str, value: str) -> str:
    return textwrap.fill(
        value, _WIDTH, initial_indent=f"     {name:<6}", subsequent_indent=" " * 11
    )


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, subsequent_indent=" " * 5)


def _who(graph: EcosystemGraph, partner_id: str) -> str:
    name = graph.index.names[graph.index.position(partner_id)]
    return name if name == partner_id else f"{name} ({partner_id})"


def _capabilities(graph: EcosystemGraph, ids: Sequence[str]) -> str:
    names = [graph.taxonomy.name(capability) for capability in ids[:_CAPABILITIES]]
    more = len(ids) - len(names)
    return " · ".join([*names, f"and {more} more"] if more > 0 else names)


def run_text(run: Run, *, everybody: bool) -> str:
    """Say what a run did, with the lists of a few of its partners, or of everybody.

    Parameters
    ----------
    run : Run
    everybody : bool
        Whether to show all lists rather than three.

    Returns
    -------
    str
    """
    counts, model = run.record["counts"], run.record["model"]
    lines = [
        f"As of {run.record['as_of']}: {counts['partners']:,} partners, {counts['won_deals']:,} "
        f"won deals, {counts['pairs_with_joint_wins']:,} pairs with joint wins.",
        _wrapped(f"Model: {model['name']} ({model['why'].rstrip('.')})."),
        f"{counts['rows']:,} recommendations for {counts['lists']:,} partners.",
    ]
    lines += [f"Left out: {what}: {n:,}." for what, n in run.record["left_out"].items() if n]
    if "why_empty" in run.record:
        return "\n".join([*lines, f"No recommendations: {run.record['why_empty']}"])
    rows = run.recommendations
    if not everybody:
        rows = rows.filter(pl.col("partner_id").is_in(_typical_partners(rows, run.graph)))
    return "\n".join([*lines, "", recommendations_text(rows, run.graph)])


def _typical_partners(rows: pl.DataFrame, graph: EcosystemGraph) -> list[str]:
    """Three partners with a list: of many, of some, and of few collaborators so far."""
    there = rows["partner_id"].unique().sort()
    places = graph.index.encode(there)
    order = np.lexsort((places, -graph.degree[places]))
    picks = sorted({0, len(order) // 20, len(order) // 2})
    return there.gather(order[picks]).to_list()


def explanation_text(told: Explanation, graph: EcosystemGraph) -> str:
    """One pair's score, taken apart so that it adds up, and the evidence behind it.

    Parameters
    ----------
    told : Explanation
    graph : EcosystemGraph
        For the names.

    Returns
    -------
    str
    """
    a, b = _who(graph, told.partner_id), _who(graph, told.collaborator_id)
    lines = [_wrapped(f"{a}  with  {b}"), ""]
    if not told.may_be_proposed:
        lines += [
            "Not to be proposed: an opt-out, a status, a restriction or a common owner forbids it.",
            "",
        ]
    table = [("log-odds", "signal", "value")]
    table += [
        (f"{part.log_odds:+.4f}", part.says, f"{_number(part.value)} ({part.unit.split(',')[0]})")
        for part in told.contributions
    ]
    table.append((f"{told.intercept:+.4f}", "starting point: an average pair", ""))
    table.append((f"{told.score:+.4f}", "score: log-odds of a joint win, the sum of the above", ""))
    lines += [*_columns(table, "rll"), ""]
    deals = [
        f"{deal.deal_id} ({deal.closed_on}, team of {deal.team_size})" for deal in told.shared_deals
    ]
    evidence = {
        "won together": deals or ["nothing yet"],
        "shared collaborators": told.shared_collaborators or ["none"],
        "it fills gaps in": told.gaps_filled or ["nothing in demand"],
        "it would gain": told.brings or ["nothing in demand"],
    }
    for name, values in evidence.items():
        lines.append(
            textwrap.fill(
                ", ".join(values[:10]),
                _WIDTH,
                initial_indent=f"{name:<21} ",
                subsequent_indent=" " * 22,
            )
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{round(value, 4):.4g}"


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
    table: list[Sequence[str]] = [(*header, "cover", "Gini", "load", "s")]
    table += [_outcome_row(name, outcome) for name, outcome in result.outcomes.items()]
    lines += _columns(table, "l" + "r" * 9)
    lines += [
        "",
        f"nDCG@{k} of the model is {result.ratio.estimate:.3f} x that of "
        f"{result.best_baseline} ({result.ratio.low:.3f} to {result.ratio.high:.3f}).",
    ]
    if result.n_cold:
        lines += ["", f"Cold slice: {result.n_cold} of them with at most one joint win."]
        table = [("method", f"nDCG@{k}", f"hit@{k}")]
        for name, outcome in result.outcomes.items():
            ndcg, hit = outcome.cold["ndcg"], outcome.cold["hit_rate"]
            spread = f"{ndcg.estimate:.3f} [{ndcg.low:.3f}, {ndcg.high:.3f}]"
            table.append((name, spread, f"{hit.estimate:.3f}"))
        lines += _columns(table, "lrr")
    lines += [
        "",
        f"Candidates: {result.n_candidates:.0f} each, holding "
        f"{result.candidate_recall:.3f} of the new collaborators (mean over partners).",
    ]
    return "\n".join(lines)


def _outcome_row(name: str, outcome: Outcome) -> Sequence[str]:
    ndcg, *others = (
        outcome.metrics[key] for key in ("ndcg", "precision", "recall", "hit_rate", "mrr")
    )
    return (
        name,
        f"{ndcg.estimate:.3f} [{ndcg.low:.3f}, {ndcg.high:.3f}]",
        *(f"{other.estimate:.3f}" for other in others),
        f"{outcome.coverage:.3f}",
        f"{outcome.gini:.3f}",
        f"{outcome.max_load}",
        f"{outcome.seconds:.1f}",
    )


def _columns(table: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Rows with their cells lined up, each column to the left or to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        ).rstrip()
        for row in table
    ]
