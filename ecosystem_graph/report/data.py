"""Results as JSON for other programs; `"schema": 1` never changes its meaning."""

import json
from dataclasses import asdict
from math import isfinite
from typing import Any

from ecosystem_graph.evaluation import Backtest
from ecosystem_graph.evaluation.tasks import TaskBacktest
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.recommending import Run
from ecosystem_graph.recommending.why_not import WhyNot


def run_json(run: Run) -> str:
    """A run's record with its recommendations as a list of rows."""
    return _json({**run.record, "recommendations": run.recommendations.to_dicts()})


def explanation_json(told: Explanation) -> str:
    """An explanation, its contributions in the order of their share."""
    return _json({"schema": 1, **asdict(told)})


def why_not_json(told: WhyNot) -> str:
    """Why somebody is not in a list, the signals it is most behind in first."""
    return _json({"schema": 1, "listed": told.listed, **asdict(told)})


def backtest_json(result: Backtest) -> str:
    """A back-test's setting and figures."""
    return _json(_finite({"schema": 1, **asdict(result)}))


def task_json(result: TaskBacktest) -> str:
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
