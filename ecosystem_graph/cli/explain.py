"""`explain`: one pair's score, taken apart."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ecosystem_graph.cli.options import (
    LENGTH,
    as_of_option,
    data_argument,
    ignored_roles_option,
    json_option,
    list_options,
    model_option,
    quiet_option,
    seed_option,
    tables_of,
)
from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.recommending.request import Question


@click.command(short_help="Explain the score of a pair.")
@data_argument
@click.argument("partner")
@click.argument("collaborator")
@click.option(
    "--why-not", "absent", is_flag=True, help="Explain why COLLABORATOR is not in the list."
)
@click.option(
    "--run",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="RUN",
    help="With --why-not: explain what happened to COLLABORATOR in this run on DATA.",
)
@click.option(
    "-k",
    type=LENGTH,
    default=10,
    show_default=True,
    help="With --why-not: number of collaborators in the list.",
)
@list_options
@ignored_roles_option
@as_of_option
@model_option
@seed_option
@json_option
@quiet_option
@click.pass_context
def explain(
    ctx: click.Context,
    /,
    data: str,
    partner: str,
    collaborator: str,
    absent: bool,
    run: Path | None,
    k: int,
    as_of: date | None,
    model: str | None,
    seed: int,
    as_json: bool,
    ignored_roles: tuple[str, ...],
    quiet: bool,
    **asked: Any,
) -> None:
    """Explain the score of COLLABORATOR for PARTNER: contributions that add up, and the evidence.

    Both are named by id or exact name.

    --why-not explains why COLLABORATOR is not in the list that `recommend` makes for PARTNER: what
    keeps it out, what separates it from the last one in the list, and what would bring it in. With
    --run the list is the one of that run; with options of `recommend`, the one they make; with
    neither, the one ordered by score alone. --capacity and --exposure-price need the lists of all
    partners, which takes as long as a run.

    \b
    Examples:
      ecosystem-graph explain horizon2020 999997930 999984059
      ecosystem-graph explain acme p-0042 p-0107 --why-not
      ecosystem-graph explain acme p-0042 p-0107 --why-not --run runs/first
    """
    from ecosystem_graph.jobs import absence_explained, explained
    from ecosystem_graph.report import (
        explanation_json,
        explanation_text,
        why_not_json,
        why_not_text,
    )

    given = _given(ctx)
    if given and not absent:
        raise click.UsageError(f"{', '.join(given)} can only be used with --why-not.")
    if run is not None and (more := [name for name in given if name not in ("--run", "--model")]):
        raise click.UsageError(f"{', '.join(more)} cannot be combined with --run.")
    tables = tables_of(data, None, quiet=quiet, ignored_roles=ignored_roles)
    if absent:
        why, graph = absence_explained(
            tables,
            partner,
            collaborator,
            question=_question(k, seed, **asked),
            run=run,
            as_of=as_of,
            model=model,
        )
        say(why_not_json(why) if as_json else why_not_text(why, graph))
        return
    explanation, graph = explained(
        tables, partner, collaborator, as_of=as_of, model=model, seed=seed
    )
    say(explanation_json(explanation) if as_json else explanation_text(explanation))


def _given(ctx: click.Context) -> list[str]:
    """Options given that only --why-not takes; with --run, --as-of and --seed too."""
    about_both = {
        "data",
        "partner",
        "collaborator",
        "absent",
        "as_json",
        "quiet",
        "model",
        "ignored_roles",
    }
    if ctx.params["run"] is None:
        about_both |= {"as_of", "seed"}
    return [
        one.opts[0]
        for one in ctx.command.params
        if one.name not in about_both
        and ctx.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE
    ]


def _question(
    k: int,
    seed: int,
    *,
    territory: tuple[str, ...],
    kind: tuple[str, ...],
    include_known: bool,
    max_competition: float | None,
    **wishes: Any,
) -> "Question":
    """The request that the options of the list make."""
    from ecosystem_graph.lists.reranking import Reranking
    from ecosystem_graph.recommending.request import Question

    return Question(
        k=k,
        territories=territory,
        types=kind,
        include_known=include_known,
        max_competition=max_competition,
        wishes=Reranking(**wishes),
        seed=seed,
    )
