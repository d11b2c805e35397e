"""`evaluate`: the temporal back-test beside the baselines."""

from datetime import date
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
    type=click.Choice(["new", "repeat", "requirement"]),
    default="new",
    show_default=True,
    help="New collaborators, known ones, or partners for what a deal asks for.",
)
@click.option("--reciprocal", is_flag=True, help="Compare with lists ordered by both sides' gain.")
@click.option("--diverse", is_flag=True, help="Compare with lists without near-duplicates.")
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
    reciprocal: bool,
    diverse: bool,
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
    """
    from ecosystem_graph.evaluation import backtest
    from ecosystem_graph.evaluation.baselines import available_baselines
    from ecosystem_graph.evaluation.tasks import repeat_backtest, requirement_backtest
    from ecosystem_graph.recommending import Recommender
    from ecosystem_graph.recommending.model_files import load_for
    from ecosystem_graph.recommending.wishes import Wishes
    from ecosystem_graph.report import backtest_json, backtest_text, task_json, task_text

    available = available_baselines()
    if unknown := [name for name in baselines if name not in available]:
        raise click.BadParameter(
            f"no {', '.join(unknown)} among {', '.join(available)}.", param_hint="'--baseline'"
        )
    if baselines and task != "new":
        raise click.UsageError(f"--task {task} has baselines of its own: leave --baseline out.")
    asked = {"reciprocal": reciprocal, "diverse": diverse}
    orders = {name: Wishes(limited=False, **{name: True}) for name, on in asked.items() if on}
    if orders and task != "new":
        raise click.UsageError(
            f"lists of --task {task} are not reordered: leave --{' and --'.join(orders)} out."
        )
    tables = tables_of(data, quarantine, quiet=quiet)
    recommender = None if model is None else load_for(Recommender, model, tables)
    progress = Progress(quiet=quiet)
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
    result = backtest(
        tables,
        cutoff,
        horizon_days=horizon_days,
        k=k,
        n_sources=sources,
        seed=seed,
        recommender=recommender,
        baselines=baselines or None,
        orders=orders,
        progress=progress,
    )
    click.echo(backtest_json(result) if as_json else backtest_text(result))
