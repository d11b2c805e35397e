"""Results as text for people and as JSON for programs."""

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
