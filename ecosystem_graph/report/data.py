"""Results as JSON for other programs; `"schema": 1` never changes its meaning."""

import json
from dataclasses import asdict
from math import isfinite
from typing import Any

from ecosystem_graph.evaluation import Backtest
from ecosystem_graph.evaluation.frontier import Frontier
from ecosystem_graph.evaluation.tasks import TaskBacktest
from ecosystem_graph.evaluation.teams import TeamBacktest
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


def explanation_json(told: Explanation) -> str:
    """An explanation, its contributions in the order of their share."""
    return _json({"schema": 1, **asdict(told)})


def why_not_json(told: WhyNot) -> str:
    """Why somebody is not in a list, the signals it is most behind in first."""
    return _json({"schema": 1, "listed": told.listed, **asdict(told)})


def backtest_json(result: Backtest) -> str:
    """A back-test's setting and figures."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def frontier_json(result: Frontier) -> str:
    """A frontier's setting and points."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def task_json(result: TaskBacktest | TeamBacktest) -> str:
    """A task's setting and figures."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False, default=str)


def _finite(value: Any) -> Any:
    """The same with null for what JSON cannot write: a ratio over nothing is infinite."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not isfinite(value) else value
