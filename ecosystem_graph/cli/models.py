"""`models`: what ships."""

import json
from typing import Any

import click

from ecosystem_graph.cli.options import json_option
from ecosystem_graph.cli.saying import say


@click.command()
@json_option
def models(as_json: bool) -> None:
    """List the models that ship: name, what they learnt from, and until when.

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
            f"{fact['name']}: learnt from {fact['fitted_on']} as of {fact['fitted_as_of']}, "
            f"for the tasks {', '.join(fact['tasks'])}{_trial(fact['figures'])}"
        )


def _trial(figures: dict[str, Any] | None) -> str:
    if figures is None:
        return ""
    return (
        f"; nDCG@10 in the trial {figures['ndcg_at_10']:.3f}, {figures['ratio']:.2f} times that of "
        f"{figures['best_baseline']}"
    )
