"""Results as JSON for other programs; `"schema": 1` never changes its meaning."""

import json
from dataclasses import asdict
from math import isfinite
from typing import Any

from ecosystem_graph.evaluation import Backtest
from ecosystem_graph.evaluation.backtests.frontier import Frontier
from ecosystem_graph.evaluation.backtests.tasks import TaskBacktest
from ecosystem_graph.evaluation.backtests.teams import TeamBacktest
from ecosystem_graph.jobs import Run, TeamRun
from ecosystem_graph.jobs.team_folder import team_rows
from ecosystem_graph.lists.why_not import WhyNot
from ecosystem_graph.ranking import Explanation


def run_json(run: Run) -> str:
    """A run's record with its recommendations as a list of rows."""
    return _json({**run.record, "recommendations": run.recommendations.to_dicts()})


def team_run_json(run: TeamRun) -> str:
    """The one team of a run; of several, the run's record with all of them."""
    rows = team_rows(run)
    if len(rows) == 1:
        return _json({key: value for key, value in rows[0].items() if key != "id"})
    return _json({**run.record, "teams": rows})


def explanation_json(explanation: Explanation) -> str:
    """An explanation, its contributions in order of size."""
    return _json({"schema": 1, **asdict(explanation)})


def why_not_json(why_not: WhyNot) -> str:
    """Why a partner is not in a list; the signals in which it is furthest behind come first."""
    return _json({"schema": 1, "listed": why_not.listed, **asdict(why_not)})


def backtest_json(result: Backtest) -> str:
    """The cutoff and figures of a back-test."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def frontier_json(result: Frontier) -> str:
    """The cutoff and points of a frontier."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def task_json(result: TaskBacktest | TeamBacktest) -> str:
    """The cutoff and figures of the back-test of a task."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False, default=str)


def _finite(value: Any) -> Any:
    """The value with null for what JSON cannot write: a ratio to zero is infinite."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not isfinite(value) else value
