"""`recommend`: ranked collaborators for every partner, or for selected ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from ecosystem_graph.cli.options import (
    LENGTH,
    Day,
    as_of_option,
    data_argument,
    ignored_roles_option,
    json_option,
    model_option,
    output_option,
    overwrite_option,
    quarantine_option,
    quiet_option,
    seed_option,
)
from ecosystem_graph.cli.requests import check_not_reordered, lines_of, list_options, request_of
from ecosystem_graph.cli.running import REMEDIES, check_outputs, stages, tables_of
from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.jobs import Backend
    from ecosystem_graph.recommending import Request


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
def recommend(ctx: click.Context, /, data: str, **options: Any) -> None:
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
    from ecosystem_graph.jobs import Output, run
    from ecosystem_graph.jobs.output import RUN
    from ecosystem_graph.report import others_capacity_text, run_json, run_text

    output, quiet, as_json = options.pop("output"), options["quiet"], options.pop("as_json")
    backend = _backend(options, output)
    named = [*options.pop("some"), *_named(options.get("listed"))]
    inputs = [data, options["model"], options["need"], getattr(options.pop("listed"), "name", None)]
    overwrite, resume = options.pop("overwrite"), options.pop("resume")
    check_outputs(output, RUN, inputs, options["quarantine"], overwrite=overwrite or resume)
    request = _request(options, named)
    everybody = bool(named) or request.for_requirement
    written = None
    if output is not None:
        keep = as_json or everybody
        written = Output(output, options["format"], overwrite, resume, keep_rows=keep)
    with _stoppable(ctx, output), stages(quiet=quiet) as stage:
        tables = tables_of(
            data,
            options["quarantine"],
            quiet=quiet,
            ignored_roles=options["ignored_roles"],
            at=stage,
        )
        done = run(
            tables,
            request,
            as_of=options["as_of"],
            model=options["model"],
            seed=options["seed"],
            output=written,
            backend=backend,
            progress=stage,
        )
    note = others_capacity_text(done.record.get("allocation"))
    if note is not None and done.record["counts"]["lists"] > 1 and not quiet:
        say(note, err=True)
    say(run_json(done) if as_json else run_text(done, everybody=everybody))
    if remedy := done.record.get("remedy"):
        say(REMEDIES[remedy], err=as_json)
    if output is not None and not quiet:
        say(f"written to {output}", err=True)


def _backend(options: dict[str, Any], output: Path | None) -> "Backend":
    """The backend asked for, refused where nothing is written that it could work on."""
    from ecosystem_graph.jobs import Backend

    try:
        backend = Backend(*(options.pop(name) for name in ("backend", "scheduler", "shared")))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if backend != Backend() and output is None:
        raise click.UsageError("--backend needs --output.")
    if options["resume"] and output is None:
        raise click.UsageError("--resume needs --output: it continues a run that is written.")
    return backend


def _request(options: dict[str, Any], named: list[str]) -> "Request":
    """The request that the options make up."""
    from ecosystem_graph.recommending import read_requirement

    need = options.pop("need")
    _check_combined(options, need, named)
    requirement = None if need is None else read_requirement(need)
    request = request_of(options, partners=named or None, requirement=requirement)
    check_not_reordered(request)
    return request


def _check_combined(options: dict[str, Any], need: Path | None, named: list[str]) -> None:
    """Refuse options that exclude each other."""
    one_list = options["deal"] is not None or need is not None
    if options["deal"] is not None and need is not None:
        raise click.UsageError("--deal and --requirement cannot be combined.")
    if options["changed_since"] is not None and (named or one_list):
        raise click.UsageError(
            "--changed-since cannot be combined with --partner, --partners, --deal or "
            "--requirement."
        )


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


def _named(listed: TextIO | None) -> list[str]:
    return [] if listed is None else lines_of(listed, "--partners")
