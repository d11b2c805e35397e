"""`team`: who should serve a customer's need together, each with a role."""

from datetime import date
from pathlib import Path

import click

from ecosystem_graph.cli.options import (
    PLACES,
    SIZE,
    Number,
    as_of_option,
    check_outputs,
    data_argument,
    ignored_roles_option,
    json_option,
    model_option,
    output_option,
    overwrite_option,
    quarantine_option,
    quiet_option,
    rest_days_option,
    seed_option,
    stages,
    stale_days_option,
    tables_of,
)
from ecosystem_graph.cli.saying import say

_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@data_argument
@click.option("--deal", metavar="ID", help="Form the team for what this deal asks for.")
@click.option(
    "--requirement", "need", type=_File, metavar="FILE", help="For a need in TOML or JSON."
)
@click.option(
    "--requirements",
    "needs",
    type=_File,
    metavar="FILE",
    help="For many needs, as JSON Lines: one requirement a line, with an `id` if you like.",
)
@click.option("--lead", metavar="ID", help="Id or exact name of the partner that leads.")
@ignored_roles_option
@as_of_option
@click.option(
    "--size",
    type=SIZE,
    help="Fill the team to so many members; those that own nothing support.",
)
@click.option(
    "--capacity",
    type=PLACES,
    metavar="N",
    help="Teams a partner may be proposed for where intro_capacity does not say.  "
    "[default: the median of those that say]",
)
@rest_days_option
@stale_days_option
@click.option(
    "--min-satisfaction",
    type=Number(0, 1),
    metavar="X",
    default=0.0,
    help="Propose nobody whose customers are less satisfied, 0 to 1.",
)
@click.option(
    "--max-competition",
    type=Number(0, 1),
    metavar="X",
    help="Put no two in a team who compete in more than this share of business, 0 to 1.",
)
@click.option(
    "--alternatives",
    type=click.IntRange(0, 100),
    metavar="N",
    default=3,
    show_default=True,
    help="Next best teams to tell.",
)
@click.option(
    "--seconds",
    type=Number(0, 86_400),
    help="Time for the proof of each team; 0 leaves it out.  [default: 5, of many 0]",
)
@click.option("--why-not", metavar="ID", help="Say why this partner is not in the team.")
@model_option
@output_option
@overwrite_option
@quarantine_option
@seed_option
@json_option
@quiet_option
def team(
    data: str,
    deal: str | None,
    need: Path | None,
    needs: Path | None,
    lead: str | None,
    as_of: date | None,
    size: int | None,
    capacity: int | None,
    rest_days: int,
    stale_days: int,
    min_satisfaction: float,
    max_competition: float | None,
    alternatives: int,
    seconds: float | None,
    why_not: str | None,
    model: str | None,
    output: Path | None,
    overwrite: bool,
    quarantine: Path | None,
    seed: int,
    as_json: bool,
    ignored_roles: tuple[str, ...],
    quiet: bool,
) -> None:
    """Form a team for what a customer asks for: every capability owned, every partner a role.

    Partners of a team may be paired, sell different things there as far as `offerings` tells, and
    have an introduction left: introductions under way take places, and two that declined one rest.
    The lead, if there is one, is in it.

    \b
    Examples:
      ecosystem-graph team acme --deal d-7310
      ecosystem-graph team channel-demo --deal d-5810 --model default --alternatives 1
    """
    from ecosystem_graph.jobs import form_teams, write_team_run
    from ecosystem_graph.jobs.run_folder import RUN
    from ecosystem_graph.recommending.requirement import read_requirement
    from ecosystem_graph.report import others_capacity_text, team_run_json, team_run_text
    from ecosystem_graph.teams import read_requirements

    if sum(given is not None for given in (deal, need, needs)) != 1:
        raise click.UsageError("give one of --deal, --requirement and --requirements.")
    if needs is not None and lead is not None:
        raise click.UsageError("--lead is for one team: of many, each line names its own.")
    if needs is not None and why_not is not None:
        raise click.UsageError("--why-not is about one team: give --deal or --requirement.")
    check_outputs(output, RUN, [data, model, need, needs], quarantine, overwrite=overwrite)
    requirements = None
    if need is not None:
        requirements = {need.stem: read_requirement(need)}
    if needs is not None:
        requirements = read_requirements(needs)
    progress = stages(quiet=quiet)
    done = form_teams(
        tables_of(data, quarantine, quiet=quiet, ignored_roles=ignored_roles),
        requirements,
        deal=deal,
        lead=lead,
        as_of=as_of,
        model=model,
        size=size,
        capacity=capacity,
        rest_days=rest_days,
        stale_days=stale_days,
        min_satisfaction=min_satisfaction,
        max_competition=max_competition,
        alternatives=alternatives,
        seconds=seconds,
        why_not=why_not,
        seed=seed,
        progress=progress,
    )
    progress.end()
    said = others_capacity_text(done.record.get("capacity"))
    if said is not None and needs is not None and not quiet:
        say(said, err=True)
    if output is not None:
        write_team_run(done, output, overwrite=overwrite)
    say(team_run_json(done) if as_json else team_run_text(done))
    if output is not None and not quiet:
        say(f"written to {output}", err=True)
