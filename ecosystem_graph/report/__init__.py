"""Results as text for people and as JSON for programs; `str` of a result is its text."""

from ecosystem_graph.evaluation.backtests.frontier import Frontier
from ecosystem_graph.evaluation.backtests.new_collaborators import Backtest
from ecosystem_graph.evaluation.backtests.tasks import TaskBacktest
from ecosystem_graph.evaluation.backtests.teams import TeamBacktest
from ecosystem_graph.jobs import Run, TeamRun
from ecosystem_graph.printing import print_as
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.report.backtest_text import backtest_text, task_text
from ecosystem_graph.report.capacity_text import others_capacity_text
from ecosystem_graph.report.data import (
    backtest_json,
    explanation_json,
    frontier_json,
    run_json,
    task_json,
    team_run_json,
    why_not_json,
)
from ecosystem_graph.report.explanation_text import explanation_text
from ecosystem_graph.report.frontier_text import frontier_text
from ecosystem_graph.report.recommendations_text import recommendations_text
from ecosystem_graph.report.run_text import run_text
from ecosystem_graph.report.team_backtest_text import team_backtest_text
from ecosystem_graph.report.team_text import team_run_text, team_text
from ecosystem_graph.report.why_not_text import why_not_text
from ecosystem_graph.teams import Team

__all__ = [
    "backtest_json",
    "backtest_text",
    "explanation_json",
    "explanation_text",
    "frontier_json",
    "frontier_text",
    "others_capacity_text",
    "recommendations_text",
    "run_json",
    "run_text",
    "task_json",
    "task_text",
    "team_backtest_text",
    "team_run_json",
    "team_run_text",
    "team_text",
    "why_not_json",
    "why_not_text",
]

print_as(Backtest, backtest_text)
print_as(Explanation, explanation_text)
print_as(Frontier, frontier_text)
print_as(Run, run_text)
print_as(TaskBacktest, task_text)
print_as(Team, team_text)
print_as(TeamBacktest, team_backtest_text)
print_as(TeamRun, team_run_text)
