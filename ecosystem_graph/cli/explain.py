"""`explain`: one pair's score, taken apart."""

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
    model_option,
    quiet_option,
    seed_option,
)
from ecosystem_graph.cli.requests import check_not_reordered, list_options, request_of
from ecosystem_graph.cli.running import tables_of
from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.recommending.requests.requirement import Requirement

#: What only --why-not takes.
_FOR_WHY_NOT = {"run", "k", "reciprocal", "diverse", "capacity", "exposure_price"}

#: What may stand beside --run, which decides the rest.
_WITH_A_RUN = {"data", "partner", "collaborator", "absent", "run", "as_json", "quiet", "model"}


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
@click.option("--deal", metavar="ID", help="Explain who joins PARTNER in what this deal requires.")
@click.option(
    "--requirement",
    "need",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Explain who joins PARTNER in a customer requirement described in TOML or JSON.",
)
@ignored_roles_option
@as_of_option
@model_option
@seed_option
@json_option
@quiet_option
@click.pass_context
def explain(
    ctx: click.Context, /, data: str, partner: str, collaborator: str, **options: Any
) -> None:
    """Explain the score of COLLABORATOR for PARTNER: contributions that add up, and the evidence.

    Both are named by id or exact name. With --deal or --requirement PARTNER leads, and the score is
    that of joining it there. Filters say whether the pair may be proposed under them.

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
    from ecosystem_graph.jobs import explain_pair, why_not_listed
    from ecosystem_graph.report import (
        explanation_json,
        explanation_text,
        why_not_json,
        why_not_text,
    )

    absent, run, as_json = (options.pop(name) for name in ("absent", "run", "as_json"))
    _check(ctx, absent=absent, run=run)
    request = request_of(options, requirement=_requirement(options.pop("need")))
    check_not_reordered(request)
    tables = tables_of(data, None, quiet=options["quiet"], ignored_roles=options["ignored_roles"])
    by = {name: options[name] for name in ("as_of", "model", "seed")}
    if absent:
        why, graph = why_not_listed(tables, partner, collaborator, request, run=run, **by)
        say(why_not_json(why) if as_json else why_not_text(why, graph))
        return
    explanation, graph = explain_pair(tables, partner, collaborator, request, **by)
    say(explanation_json(explanation) if as_json else explanation_text(explanation))


def _requirement(need: Path | None) -> "Requirement | None":
    from ecosystem_graph.recommending.requests.requirement import read_requirement

    return None if need is None else read_requirement(need)


def _check(ctx: click.Context, *, absent: bool, run: Path | None) -> None:
    """Refuse options that only --why-not takes without it, and those that a run decides with one.

    Raises
    ------
    click.UsageError
    """
    given = _given(ctx)
    alone = [option for name, option in given.items() if name in _FOR_WHY_NOT]
    if alone and not absent:
        raise click.UsageError(f"{', '.join(alone)} can only be used with --why-not.")
    if ctx.params["deal"] is not None and ctx.params["need"] is not None:
        raise click.UsageError("--deal and --requirement cannot be combined.")
    more = [option for name, option in given.items() if name not in _WITH_A_RUN]
    if run is not None and more:
        raise click.UsageError(f"{', '.join(more)} cannot be combined with --run.")


def _given(ctx: click.Context) -> dict[str, str]:
    """Options given on the command line, by parameter."""
    return {
        str(one.name): one.opts[0]
        for one in ctx.command.params
        if ctx.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE
    }
