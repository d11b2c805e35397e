"""`recommend`: ranked collaborators for every partner, or for selected ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal, TextIO

import click

from ecosystem_graph.cli.options import (
    LENGTH,
    REMEDIES,
    Day,
    as_of_option,
    check_outputs,
    data_argument,
    ignored_roles_option,
    json_option,
    list_options,
    model_option,
    output_option,
    overwrite_option,
    quarantine_option,
    quiet_option,
    seed_option,
    stages,
    tables_of,
)
from ecosystem_graph.cli.saying import say


@click.command(short_help="Rank collaborators for partners.")
@data_argument
@click.option(
    "-k",
    type=LENGTH,
    default=10,
    show_default=True,
    help="Number of collaborators per list.",
)
@ignored_roles_option
@as_of_option
@click.option(
    "--partner",
    "some",
    multiple=True,
    metavar="ID",
    help="Make a list for this partner (id or exact name); may be repeated.",
)
@click.option(
    "--partners",
    "listed",
    type=click.File(encoding="utf-8-sig"),
    metavar="FILE",
    help="Make lists for the partners in FILE, one id or exact name per line; - reads stdin.",
)
@click.option(
    "--changed-since",
    type=Day(),
    metavar="DATE",
    help="Make lists for partners with an event on or after this date, and for their "
    "collaborators.",
)
@list_options
@click.option("--deal", metavar="ID", help="Rank partners for the capabilities this deal requires.")
@click.option(
    "--requirement",
    "need",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Rank partners for a customer requirement described in TOML or JSON.",
)
@model_option
@output_option
@click.option(
    "--format",
    type=click.Choice(["parquet", "csv", "jsonl"]),
    default="parquet",
    show_default=True,
    help="File format of the recommendations in RUN.",
)
@overwrite_option
@click.option("--resume", is_flag=True, help="Continue the interrupted RUN.")
@click.option(
    "--backend",
    metavar="NAME",
    default="threads",
    show_default=True,
    help="Where the shards of RUN run: threads, or a joblib backend (loky, dask, ...).",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Address of the cluster's scheduler, for --backend dask."
)
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder that all workers can reach, if they cannot reach the one that holds RUN.",
)
@quarantine_option
@seed_option
@json_option
@quiet_option
@click.pass_context
def recommend(
    ctx: click.Context,
    data: str,
    k: int,
    as_of: date | None,
    some: tuple[str, ...],
    listed: TextIO | None,
    changed_since: date | None,
    territory: tuple[str, ...],
    kind: tuple[str, ...],
    include_known: bool,
    max_competition: float | None,
    reciprocal: bool,
    diverse: bool,
    capacity: int | None,
    exposure_price: float,
    rest_days: int,
    stale_days: int,
    deal: str | None,
    need: Path | None,
    model: str | None,
    output: Path | None,
    format: Literal["parquet", "csv", "jsonl"],
    overwrite: bool,
    resume: bool,
    backend: str,
    scheduler: str | None,
    shared: Path | None,
    quarantine: Path | None,
    seed: int,
    as_json: bool,
    ignored_roles: tuple[str, ...],
    quiet: bool,
) -> None:
    """Rank collaborators for every partner of DATA, or for selected partners.

    Proposes partners who have not won a deal together; --include-known adds those who have. Prints
    the lists of the selected partners, or of three partners; --output writes them all.

    A pair with a proposed, introduced, accepted or won introduction (table `introductions`) is not
    proposed again; a pair with a declined or lost one is proposed again after --rest-days.

    Lists are ordered by score. If the tables give an intro_capacity, or --capacity is set, no
    partner appears in more lists than its capacity minus its open introductions, and the pairs with
    the highest scores get the places; a partner without an intro_capacity has the median of the
    others. --reciprocal, --diverse and --exposure-price also reorder lists. The flags of a row
    state what moved it.

    RUN appears only once it is complete. An interrupted run continues with --resume.

    With --deal or --requirement there is one list: candidates to join the lead (--partner, `lead`
    in the file, or the lead's role in the deal) in meeting the requirement, past collaborators
    included.

    \b
    Examples:
      ecosystem-graph recommend horizon2020 --output runs/first
      ecosystem-graph recommend acme --partner p-0042 -k 5 --as-of 2025-06-30
      ecosystem-graph recommend acme --deal d-7310
    """
    from ecosystem_graph.jobs import Backend, Output, run
    from ecosystem_graph.jobs.run_folder import RUN
    from ecosystem_graph.lists.reranking import Reranking
    from ecosystem_graph.recommending.requirement import read_requirement
    from ecosystem_graph.report import others_capacity_text, run_json, run_text

    if deal is not None and need is not None:
        raise click.UsageError("--deal and --requirement cannot be combined.")
    wishes = Reranking(
        reciprocal,
        diverse,
        capacity,
        exposure_price,
        rest_days=rest_days,
        stale_days=stale_days,
    )
    if wishes.asked() and (deal is not None or need is not None):
        options = ", ".join(f"--{name.replace('_', '-')}" for name in wishes.asked())
        raise click.UsageError(f"{options} cannot be combined with --deal or --requirement.")
    try:
        crew = Backend(backend, scheduler, shared)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if crew != Backend() and output is None:
        raise click.UsageError("--backend, --scheduler and --shared need --output.")
    if resume and output is None:
        raise click.UsageError("--resume needs --output.")
    inputs = [data, model, need, getattr(listed, "name", None)]
    check_outputs(output, RUN, inputs, quarantine, overwrite=overwrite or resume)
    asked = [*some, *_lines(listed)]
    if changed_since is not None and (asked or deal is not None or need is not None):
        raise click.UsageError(
            "--changed-since cannot be combined with --partner, --partners, --deal or "
            "--requirement."
        )
    everybody = bool(asked or deal or need)
    with _stoppable(ctx, output), stages(quiet=quiet) as stage:
        tables = tables_of(data, quarantine, quiet=quiet, ignored_roles=ignored_roles, at=stage)
        done = run(
            tables,
            as_of=as_of,
            k=k,
            partners=asked or None,
            changed_since=changed_since,
            territories=territory,
            types=kind,
            include_known=include_known,
            max_competition=max_competition,
            wishes=wishes,
            deal=deal,
            requirement=None if need is None else read_requirement(need),
            model=model,
            seed=seed,
            output=None if output is None else Output(output, format, overwrite, resume),
            crew=crew,
            keep_all=as_json or everybody,
            stages=stage,
            note=(lambda _: None) if quiet else partial(say, err=True),
        )
    said = others_capacity_text(done.record.get("allocation"))
    if said is not None and done.record["counts"]["lists"] > 1 and not quiet:
        say(said, err=True)
    say(run_json(done) if as_json else run_text(done, everybody=everybody))
    if remedy := done.record.get("remedy"):
        say(REMEDIES[remedy], err=as_json)
    if output is not None and not quiet:
        say(f"written to {output}", err=True)


@contextmanager
def _stoppable(ctx: click.Context, output: Path | None) -> Iterator[None]:
    """Tell the user how to continue a run that Ctrl-C stopped, or that it is finished already."""
    from ecosystem_graph.errors import FinishedError

    try:
        yield
    except FinishedError as error:
        say(str(error), err=True)
        ctx.exit(0)
    except KeyboardInterrupt:
        how = "" if output is None else ": use the same command with --resume to continue"
        say(f"\nstopped{how}", err=True)
        ctx.exit(130)


def _lines(listed: TextIO | None) -> list[str]:
    if listed is None:
        return []
    try:
        lines = [line.strip() for line in listed if line.strip()]
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"not UTF-8 text: {error}.", param_hint="'--partners'") from error
    if not lines:
        raise click.BadParameter("the file names no partner.", param_hint="'--partners'")
    return lines
