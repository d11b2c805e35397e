"""`explain`: one pair's score, taken apart."""

from datetime import date

import click

from ecosystem_graph.cli.options import (
    LENGTH,
    Number,
    as_of_option,
    data_argument,
    ignored_roles_option,
    json_option,
    model_option,
    quiet_option,
    seed_option,
    tables_of,
)
from ecosystem_graph.cli.saying import say


@click.command()
@data_argument
@click.argument("partner")
@click.argument("collaborator")
@click.option("--why-not", "absent", is_flag=True, help="Say why COLLABORATOR is not listed.")
@click.option(
    "-k",
    type=LENGTH,
    default=10,
    show_default=True,
    help="Length of the list --why-not is about.",
)
@click.option(
    "--max-competition",
    type=Number(0, 1),
    metavar="X",
    help="The limit of the list --why-not is about.",
)
@ignored_roles_option
@as_of_option
@model_option
@seed_option
@json_option
@quiet_option
def explain(
    data: str,
    partner: str,
    collaborator: str,
    absent: bool,
    k: int,
    max_competition: float | None,
    as_of: date | None,
    model: str | None,
    seed: int,
    as_json: bool,
    ignored_roles: tuple[str, ...],
    quiet: bool,
) -> None:
    """Explain the score of COLLABORATOR for PARTNER: contributions that add up, and the evidence.

    Both are named by id or exact name.

    --why-not says why COLLABORATOR is not in the list of PARTNER that `recommend` makes, by the
    score alone, without capacities or other options: what keeps it out, what separates it from the
    last of the list, and what would bring it there.

    \b
    Examples:
      ecosystem-graph explain horizon2020 999997930 999984059
      ecosystem-graph explain acme p-0042 p-0107 --why-not
    """
    from ecosystem_graph.recommending import absence_explained, explained
    from ecosystem_graph.report import (
        explanation_json,
        explanation_text,
        why_not_json,
        why_not_text,
    )

    tables = tables_of(data, None, quiet=quiet, ignored_roles=ignored_roles)
    if absent:
        why, graph = absence_explained(
            tables,
            partner,
            collaborator,
            k=k,
            max_competition=max_competition,
            as_of=as_of,
            model=model,
            seed=seed,
        )
        say(why_not_json(why) if as_json else why_not_text(why, graph))
        return
    told, graph = explained(tables, partner, collaborator, as_of=as_of, model=model, seed=seed)
    say(explanation_json(told) if as_json else explanation_text(told, graph))
