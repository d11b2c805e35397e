"""`explain`: one pair's score, taken apart."""

from datetime import date

import click

from ecosystem_graph.cli.options import (
    as_of_option,
    data_argument,
    json_option,
    model_option,
    quiet_option,
    seed_option,
    tables_of,
)


@click.command()
@data_argument
@click.argument("partner")
@click.argument("collaborator")
@as_of_option
@model_option
@seed_option
@json_option
@quiet_option
def explain(
    data: str,
    partner: str,
    collaborator: str,
    as_of: date | None,
    model: str | None,
    seed: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Explain the score of COLLABORATOR for PARTNER: contributions that add up, and the evidence.

    Both are named by id or exact name.

    \b
    Example:
      ecosystem-graph explain horizon2020 999997930 999984059
    """
    from ecosystem_graph.recommending import explained
    from ecosystem_graph.report import explanation_json, explanation_text

    tables = tables_of(data, None, quiet=quiet)
    told, graph = explained(tables, partner, collaborator, as_of=as_of, model=model, seed=seed)
    click.echo(explanation_json(told) if as_json else explanation_text(told, graph))
