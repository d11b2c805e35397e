"""`evaluate`: the temporal back-test beside the baselines."""

from datetime import date
from math import isfinite
from pathlib import Path

import click

from ecosystem_graph.cli.options import (
    Day,
    Progress,
    data_argument,
    json_option,
    model_option,
    quarantine_option,
    quiet_option,
    seed_option,
    tables_of,
)


@click.command()
@data_argument
@click.option(
    "--cutoff", type=Day(), metavar="DATE", required=True, help="Learn before, test after."
)
@click.option("-k", type=click.IntRange(min=1), default=10, show_default=True, help="Per partner.")
@click.option(
    "--horizon-days",
    type=click.IntRange(min=1),
    help="Count joint wins of so many days only; all on record unless given.",
)
@click.option(
    "--sources",
    type=click.IntRange(min=1),
    default=1500,
    show_default=True,
    help="Partners, or deals, drawn to make lists for.",
)
@click.option("--baseline", "baselines", multiple=True, metavar="NAME", help="Only these; repeat.")
@click.option(
    "--task",
    type=click.Choice(["new", "repeat", "requirement", "team"]),
    default="new",
    show_default=True,
    help="New collaborators, known ones, partners for what a deal asks for, or whole teams.",
)
@click.option(
    "--capacity",
    "capacities",
    type=click.IntRange(min=0),
    multiple=True,
    metavar="N",
    help="Lists a partner may stand in: show what it costs; repeat.",
)
@click.option(
    "--exposure-price",
    "exposure_prices",
    type=click.FloatRange(min=0),
    multiple=True,
    metavar="X",
    help="Price on standing in many lists, in log-odds: show what it costs; repeat.",
)
@model_option
@quarantine_option
@seed_option
@json_option
@quiet_option
def evaluate(
    data: str,
    cutoff: date,
    k: int,
    horizon_days: int | None,
    sources: int,
    baselines: tuple[str, ...],
    task: str,
    capacities: tuple[int, ...],
    exposure_prices: tuple[float, ...],
    model: str | None,
    quarantine: Path | None,
    seed: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Back-test on DATA: rank on what was known at the cutoff, compare with what followed.

    The model stands beside the methods a user could take instead, all ranking every eligible
    partner for the same sources.

    \b
    Examples:
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --task requirement
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --task team --sources 500
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --capacity 100 --capacity 20
    """
    from ecosystem_graph.evaluation import backtest
    from ecosystem_graph.evaluation.baselines import available_baselines
    from ecosystem_graph.evaluation.frontier import frontier
    from ecosystem_graph.evaluation.tasks import repeat_backtest, requirement_backtest
    from ecosystem_graph.evaluation.teams import team_backtest
    from ecosystem_graph.recommending import Recommender
    from ecosystem_graph.recommending.model_files import load_for
    from ecosystem_graph.report import (
        backtest_json,
        backtest_text,
        frontier_json,
        frontier_text,
        task_json,
        task_text,
        team_backtest_text,
    )

    available = available_baselines()
    if unknown := [name for name in baselines if name not in available]:
        raise click.BadParameter(
            f"no {', '.join(unknown)} among {', '.join(available)}.", param_hint="'--baseline'"
        )
    if baselines and task != "new":
        raise click.UsageError(f"--task {task} has baselines of its own: leave --baseline out.")
    if not all(map(isfinite, exposure_prices)):
        raise click.BadParameter("a price is a finite number.", param_hint="'--exposure-price'")
    limited = bool(capacities or exposure_prices)
    if limited and (baselines or task != "new"):
        raise click.UsageError(
            "--capacity and --exposure-price compare the model's lists of new collaborators with "
            "each other: leave --baseline and --task out."
        )
    tables = tables_of(data, quarantine, quiet=quiet)
    recommender = None if model is None else load_for(Recommender, model, tables)
    progress = Progress(quiet=quiet)
    if task == "team":
        teams = team_backtest(
            tables,
            cutoff,
            horizon_days=horizon_days,
            n_lists=sources,
            seed=seed,
            recommender=recommender,
            progress=progress,
        )
        click.echo(task_json(teams) if as_json else team_backtest_text(teams))
        return
    if task != "new":
        other = repeat_backtest if task == "repeat" else requirement_backtest
        told = other(
            tables,
            cutoff,
            horizon_days=horizon_days,
            k=k,
            n_lists=sources,
            seed=seed,
            recommender=recommender,
            progress=progress,
        )
        click.echo(task_json(told) if as_json else task_text(told))
        return
    if limited:
        spread = frontier(
            tables,
            cutoff,
            capacities=capacities,
            exposure_prices=exposure_prices,
            horizon_days=horizon_days,
            k=k,
            n_sources=sources,
            seed=seed,
            recommender=recommender,
            progress=progress,
        )
        click.echo(frontier_json(spread) if as_json else frontier_text(spread))
        return
    result = backtest(
        tables,
        cutoff,
        horizon_days=horizon_days,
        k=k,
        n_sources=sources,
        seed=seed,
        recommender=recommender,
        baselines=baselines or None,
        progress=progress,
    )
    click.echo(backtest_json(result) if as_json else backtest_text(result))
