"""`models`: what ships."""

import json

import click

from ecosystem_graph.cli.options import json_option


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
        click.echo(json.dumps({"schema": 1, "models": facts}, indent=2, ensure_ascii=False))
        return
    for fact in facts:
        click.echo(
            f"{fact['name']}: learnt from {fact['fitted_on']} as of {fact['fitted_as_of']}, "
            f"for {' and '.join(fact['tasks'])} collaborators"
        )
