"""A frontier as text."""

from collections.abc import Sequence

from ecosystem_graph.evaluation.backtests.frontier import Frontier, Point
from ecosystem_graph.report.backtest_text import span_text
from ecosystem_graph.report.layout import columns


def frontier_text(result: Frontier) -> str:
    """The cutoff of a frontier, and a row for the plain ranking and for each capacity or price.

    Parameters
    ----------
    result : Frontier

    Returns
    -------
    str
    """
    k, plain = result.k, result.points[0]
    lines = [
        f"Frontier at {result.cutoff}, {span_text(result.until)}: "
        f"{result.n_sources:,} lists of {k}",
        f"from {result.n_candidates:.0f} candidates each, among {result.n_partners:,} partners.",
        "",
    ]
    table: list[Sequence[str]] = [
        ("lists", f"nDCG@{k}", "of plain", f"hit@{k}", "cover", "Gini", "load", "top 1 %", "never")
    ]
    table += [_spread(point, plain) for point in result.points]
    lines += columns(table, "l" + "r" * 8)
    lines += [
        "",
        "cover, never: share of partners in some list, in none; load: most lists of one partner;",
        "top 1 %: share of all places taken by the most listed 1 % of partners.",
        "",
    ]
    table = [("lists", "short", "empty", "won", "of plain", "expected", "of plain", "gap")]
    table += [_wins(point, plain) for point in result.points]
    lines += columns(table, "l" + "r" * 7)
    lines += [
        "",
        "won: listed pairs that then won together; expected: the sum of their probabilities;",
        "gap: the most by which these lists can fall short of the optimum within capacity.",
    ]
    return "\n".join(lines)


def _name(point: Point) -> str:
    if point.capacity is not None:
        return f"capacity {point.capacity:,}"
    return f"price {point.exposure_price:g}" if point.exposure_price else "plain"


def _spread(point: Point, plain: Point) -> Sequence[str]:
    return (
        _name(point),
        f"{point.ndcg.estimate:.4f} [{point.ndcg.low:.4f}, {point.ndcg.high:.4f}]",
        _share(point.ndcg.estimate, plain.ndcg.estimate),
        f"{point.hit_rate.estimate:.3f}",
        f"{point.coverage:.3f}",
        f"{point.gini:.3f}",
        f"{point.maximal_load:,}",
        f"{point.top_1_percent_share:.3f}",
        f"{point.share_never_recommended:.3f}",
    )


def _wins(point: Point, plain: Point) -> Sequence[str]:
    return (
        _name(point),
        f"{point.n_short:,}",
        f"{point.n_empty:,}",
        f"{point.observed_wins:,}",
        _share(point.observed_wins, plain.observed_wins),
        "-" if point.expected_wins is None else f"{point.expected_wins:,.1f}",
        _share(point.expected_wins, plain.expected_wins),
        "-" if point.capacity is None else f"{point.short_of_optimum:.3%}",
    )


def _share(part: float | None, whole: float | None) -> str:
    return "-" if part is None or not whole else f"{part / whole:.3f}"
