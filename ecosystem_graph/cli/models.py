"""`models`: the shipped models."""

import json
from typing import Any

import click

from ecosystem_graph.cli.options import json_option
from ecosystem_graph.cli.saying import say


@click.command(short_help="List the shipped models.")
@json_option
def models(as_json: bool) -> None:
    """List the shipped models: name, training data and its last date, tasks, accuracy.

    \b
    Example:
      ecosystem-graph models
    """
    from ecosystem_graph.recommending.model_files import describe_models

    facts = describe_models()
    if as_json:
        say(json.dumps({"schema": 1, "models": facts}, indent=2, ensure_ascii=False))
        return
    for fact in facts:
        say(
            f"{fact['name']}: fitted on {fact['fitted_on']} as of {fact['fitted_as_of']}, "
            f"for the tasks {', '.join(fact['tasks'])}{_accuracy(fact['figures'])}"
        )


def _accuracy(figures: dict[str, Any] | None) -> str:
    if figures is None:
        return ""
    return (
        f"; nDCG@10 in validation {figures['ndcg_at_10']:.3f}, "
        f"{figures['ratio']:.2f} times that of {figures['best_baseline']}"
    )
