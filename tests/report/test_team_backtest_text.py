from datetime import date

import pytest

from ecosystem_graph.evaluation.backtests.teams import MEASURES, TeamBacktest
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.report import team_backtest_text
from ecosystem_graph.report.layout import WIDTH


@pytest.fixture
def lines():
    def lines(until):
        measures = dict.fromkeys(MEASURES, Interval(0.25, 0.125, 0.5))
        result = TeamBacktest(
            cutoff=date(2025, 1, 1),
            until=until,
            n_partners=1_000_000,
            n_teams=1_500,
            size=3.25,
            metrics={"model": measures, "real": measures},
            best_baseline="greedy_cover",
            ratio=Interval(1.5, 1.25, 2.0),
        )
        return team_backtest_text(result).splitlines()

    return lines


def test_precision_and_recall_have_intervals_and_the_other_measures_none(lines):
    row = next(line for line in lines(date.max) if line.startswith("model"))
    assert row.split(maxsplit=1)[1] == (
        "0.250 [0.125, 0.500]  0.250 [0.125, 0.500]  0.250     0.250    0.250"
    )


@pytest.mark.parametrize(
    ("until", "span"),
    [(date.max, "all later deals"), (date(2025, 7, 1), "deals before 2025-07-01")],
)
def test_the_span_the_ratio_and_every_figure_are_explained(lines, until, span):
    text = lines(until)
    assert text[0] == f"Back-test of teams at 2025-01-01, {span}: 1,000,000 partners."
    assert "Precision of the model is 1.500 x that of greedy_cover (1.250 to 2.000)." in text
    assert all(len(line) <= WIDTH for line in text)
    legend = " ".join(text[-6:])
    assert all(f"{name}:" in legend for name in ("owned", "strength", "density", "owners", "real"))
