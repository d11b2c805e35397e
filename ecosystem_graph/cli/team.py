"""`team`: the partners to meet a customer's requirement together, each with a role."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_graph.cli.options import (
    PLACES,
    SIZE,
    Number,
    as_of_option,
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
    stale_days_option,
)
from ecosystem_graph.cli.requests import filter_options, request_of
from ecosystem_graph.cli.running import check_outputs, stages, tables_of
from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.recommending.requests.requirement import Requirement

_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Form a team for a customer requirement.")
@data_argument
@click.option("--deal", metavar="ID", help="Form a team for the capabilities this deal requires.")
@click.option(
    "--requirement",
    "need",
    type=_File,
    metavar="FILE",
    help="Form a team for a customer requirement described in TOML or JSON.",
)
@click.option(
    "--requirements",
    "needs",
    type=_File,
    metavar="FILE",
    help="Form a team for each requirement in FILE: JSON Lines, one requirement per line, `id` "
    "optional.",
)
@click.option("--lead", metavar="ID", help="Partner that leads the team (id or exact name).")
@ignored_roles_option
@as_of_option
@click.option(
    "--size",
    type=SIZE,
    help="Target team size; members who own no capability are listed as support.",
)
@click.option(
    "--capacity",
    type=PLACES,
    metavar="N",
    help="Default capacity: teams a partner may be proposed for if the tables give no "
    "intro_capacity.  [default: the median of those given]",
)
@rest_days_option
@stale_days_option
@filter_options
@click.option(
    "--min-satisfaction",
    type=Number(0, 1),
    metavar="X",
    default=0.0,
    help="Exclude partners whose customer satisfaction is below this, 0 to 1.",
)
@click.option(
    "--max-competition",
    type=Number(0, 1),
    metavar="X",
    help="Put no two partners in a team whose competition exceeds this, 0 to 1.",
)
@click.option(
    "--alternatives",
    type=click.IntRange(0, 100),
    metavar="N",
    default=3,
    show_default=True,
    help="Number of alternative teams to show.",
)
@click.option(
    "--seconds",
    type=Number(0, 86_400),
    help="Time limit in seconds for proving that a team is optimal; 0 skips the proof.  "
    "[default: 5; 0 for several requirements]",
)
@click.option("--why-not", metavar="ID", help="Explain why this partner is not in the team.")
@model_option
@output_option
@overwrite_option
@quarantine_option
@seed_option
@json_option
@quiet_option
def team(data: str, **options: Any) -> None:
    """Form a team for a customer requirement: every capability owned, a role for each partner.

    The partners of a team may be paired with each other, do not sell the same product in the
    requirement's market (as far as the table `offerings` shows), and have capacity left: open
    introductions use up capacity, and a pair that declined an introduction waits for --rest-days.
    The lead, if one is given, is in the team.

    \b
    Examples:
      ecosystem-graph team acme --deal d-7310
      ecosystem-graph team channel-demo --deal d-5810 --model default --alternatives 1
    """
    from ecosystem_graph.jobs import TeamOptions, form_teams, write_team_run
    from ecosystem_graph.jobs.output import RUN
    from ecosystem_graph.report import others_capacity_text, team_run_json, team_run_text

    need, needs, lead = (options.pop(name) for name in ("need", "needs", "lead"))
    _check(options, need, needs, lead)
    output, quiet, overwrite = options.pop("output"), options["quiet"], options.pop("overwrite")
    inputs = [data, options["model"], need, needs]
    check_outputs(output, RUN, inputs, options["quarantine"], overwrite=overwrite)
    requirements = _requirements(need, needs)
    formed = {name: options.pop(name) for name in TeamOptions.__dataclass_fields__}
    request = request_of(options, partners=None if lead is None else [lead])
    with stages(quiet=quiet) as stage:
        tables = tables_of(
            data,
            options["quarantine"],
            quiet=quiet,
            ignored_roles=options["ignored_roles"],
            at=stage,
        )
        done = form_teams(
            tables,
            requirements,
            request,
            options=TeamOptions(**formed),
            as_of=options["as_of"],
            model=options["model"],
            seed=options["seed"],
            progress=stage,
        )
    note = others_capacity_text(done.record.get("capacity"))
    if note is not None and needs is not None and not quiet:
        say(note, err=True)
    if output is not None:
        write_team_run(done, output, overwrite=overwrite)
    say(team_run_json(done) if options["as_json"] else team_run_text(done))
    if output is not None and not quiet:
        say(f"written to {output}", err=True)


def _check(
    options: dict[str, Any], need: Path | None, needs: Path | None, lead: str | None
) -> None:
    """Refuse options that exclude each other."""
    if sum(given is not None for given in (options["deal"], need, needs)) != 1:
        raise click.UsageError("give exactly one of --deal, --requirement and --requirements.")
    if needs is not None and lead is not None:
        raise click.UsageError(
            "--lead cannot be combined with --requirements: each line names its own lead."
        )
    if needs is not None and options["why_not"] is not None:
        raise click.UsageError(
            "--why-not cannot be combined with --requirements: it is about one team."
        )


def _requirements(need: Path | None, needs: Path | None) -> "dict[str, Requirement] | None":
    from ecosystem_graph.recommending.requests.requirement import read_requirement
    from ecosystem_graph.teams import read_requirements

    if need is not None:
        return {need.stem: read_requirement(need)}
    return None if needs is None else read_requirements(needs)
