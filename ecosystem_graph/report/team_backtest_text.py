"""A back-test of teams as text."""

from collections.abc import Sequence
from datetime import date

from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.teams import LARGEST, MEASURES, TeamBacktest
from ecosystem_graph.report.layout import columns, wrapped

#: Measures told with their intervals; of the others there is no room for them.
_MAIN = ("precision", "recall")


def team_backtest_text(result: TeamBacktest) -> str:
    """A back-test's setting and figures, the model first, the real teams last.

    Parameters
    ----------
    result : TeamBacktest

    Returns
    -------
    str
    """
    span = "all later deals" if result.until == date.max else f"deals before {result.until}"
    table: list[Sequence[str]] = [("method", *MEASURES)]
    table += [
        (
            name,
            *(
                _spread(measures[key]) if key in _MAIN else f"{measures[key].estimate:.3f}"
                for key in MEASURES
            ),
        )
        for name, measures in result.metrics.items()
    ]
    ratio = result.ratio
    return "\n".join(
        [
            f"Back-test of teams at {result.cutoff}, {span}: {result.n_partners:,} partners.",
            wrapped(
                f"{result.n_teams:,} deals, their lead and need given: {result.size:.1f} members "
                f"each, as many proposed ({LARGEST} beside the lead at most)."
            ),
            "",
            *columns(table, "l" + "r" * len(MEASURES)),
            "",
            wrapped(
                f"Precision of the model is {ratio.estimate:.3f} x that of {result.best_baseline} "
                f"({ratio.low:.3f} to {ratio.high:.3f})."
            ),
            wrapped(
                "precision, recall: of the members beside the lead. owned: share of the demand "
                "somebody in the team holds something for; strength: how strongly. density: share "
                "of pairs that had won together. likeliest: who is likeliest to join, one by one. "
                "owners: the team the command forms by default, owners alone."
            ),
        ]
    )


def _spread(interval: Interval) -> str:
    return f"{interval.estimate:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
