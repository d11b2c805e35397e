"""A back-test of teams as text."""

from collections.abc import Mapping, Sequence

from ecosystem_graph.evaluation.backtests.teams import LARGEST, MEASURES, TeamBacktest
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.report.backtest_text import span_text
from ecosystem_graph.report.layout import columns, interval, wrapped

#: Measures shown with their intervals; there is no room for those of the others.
_WITH_INTERVAL = ("precision", "recall")

_LEGEND = (
    "precision, recall: of the members beside the lead. owned: share of the demand for which some "
    "member holds the capability; strength: how strongly. density: share of pairs that had won "
    "together. likeliest: the partners most likely to join, one by one. owners: the default team "
    "of `team`, in which every member but the lead owns a capability. real: the teams of the deals."
)


def team_backtest_text(result: TeamBacktest) -> str:
    """The cutoff and figures of a back-test of teams: the model first, the real teams last.

    Parameters
    ----------
    result : TeamBacktest

    Returns
    -------
    str
    """
    table: list[Sequence[str]] = [("method", *MEASURES)]
    table += [(name, *_figures(measures)) for name, measures in result.metrics.items()]
    lines = [
        f"Back-test of teams at {result.cutoff}, {span_text(result.until)}: "
        f"{result.n_partners:,} partners.",
        wrapped(
            f"{result.n_teams:,} deals, given their lead and requirements: {result.size:.1f} "
            f"members each, as many proposed ({LARGEST} beside the lead at most)."
        ),
        "",
        *columns(table, "l" + "r" * len(MEASURES)),
        "",
        wrapped(
            f"Precision of the model is {result.ratio.estimate:.3f} x that of "
            f"{result.best_baseline} ({result.ratio.low:.3f} to {result.ratio.high:.3f})."
        ),
        wrapped(_LEGEND),
    ]
    return "\n".join(lines)


def _figures(measures: Mapping[str, Interval]) -> list[str]:
    return [
        interval(measures[key]) if key in _WITH_INTERVAL else f"{measures[key].estimate:.3f}"
        for key in MEASURES
    ]
