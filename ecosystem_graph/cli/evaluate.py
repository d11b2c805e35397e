"""`evaluate`: the temporal back-test beside the baselines."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from ecosystem_graph.cli.options import (
    DAYS,
    LENGTH,
    PLACES,
    Day,
    Number,
    check_outputs,
    data_argument,
    ignored_roles_option,
    json_option,
    model_option,
    quarantine_option,
    quiet_option,
    seed_option,
    stages,
    tables_of,
)
from ecosystem_graph.cli.saying import say


@click.command()
@data_argument
@click.option(
    "--cutoff", type=Day(), metavar="DATE", required=True, help="Learn before, test after."
)
@click.option("-k", type=LENGTH, default=10, show_default=True, help="Per partner.")
@click.option(
    "--horizon-days",
    type=DAYS,
    help="Count joint wins of so many days only; all on record unless given.",
)
@click.option(
    "--sources",
    type=click.IntRange(1, 1_000_000_000),
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
    type=PLACES,
    multiple=True,
    metavar="N",
    help="Lists a partner may stand in: show what it costs; repeat.",
)
@click.option(
    "--exposure-price",
    "exposure_prices",
    type=Number(0, 10),
    multiple=True,
    metavar="X",
    help="Price on standing in many lists, in log-odds: show what it costs; repeat.",
)
@click.option("--reciprocal", is_flag=True, help="Compare with lists ordered by both sides' gain.")
@click.option("--diverse", is_flag=True, help="Compare with lists without near-duplicates.")
@ignored_roles_option
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
    reciprocal: bool,
    diverse: bool,
    model: str | None,
    quarantine: Path | None,
    seed: int,
    as_json: bool,
    ignored_roles: tuple[str, ...],
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
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --capacity 100 --exposure-price 0.2
    """
    from ecosystem_graph.evaluation import backtest
    from ecosystem_graph.evaluation.frontier import frontier
    from ecosystem_graph.evaluation.tasks import repeat_backtest, requirement_backtest
    from ecosystem_graph.evaluation.teams import team_backtest
    from ecosystem_graph.lists.reranking import Reranking
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

    asked = {"reciprocal": reciprocal, "diverse": diverse}
    orders = {name: Reranking(limited=False, **{name: True}) for name, on in asked.items() if on}
    limits = {"capacity": capacities, "exposure-price": exposure_prices}
    _check(task, baselines, list(orders), [name for name, some in limits.items() if some])
    check_outputs(None, None, [data, model], quarantine)
    tables = tables_of(data, quarantine, quiet=quiet, ignored_roles=ignored_roles)
    given: dict[str, Any] = {
        "horizon_days": horizon_days,
        "seed": seed,
        "recommender": None if model is None else load_for(Recommender, model, tables),
        "progress": stages(quiet=quiet),
    }
    told: Any
    as_data: Callable[[Any], str]
    as_text: Callable[[Any], str]
    if task == "team":
        told = team_backtest(tables, cutoff, n_lists=sources, **given)
        as_data, as_text = task_json, team_backtest_text
    elif task != "new":
        other = repeat_backtest if task == "repeat" else requirement_backtest
        told = other(tables, cutoff, k=k, n_lists=sources, **given)
        as_data, as_text = task_json, task_text
    elif capacities or exposure_prices:
        told = frontier(
            tables,
            cutoff,
            capacities=capacities,
            exposure_prices=exposure_prices,
            k=k,
            n_sources=sources,
            **given,
        )
        as_data, as_text = frontier_json, frontier_text
    else:
        told = backtest(
            tables,
            cutoff,
            k=k,
            n_sources=sources,
            baselines=baselines or None,
            orders=orders,
            **given,
        )
        as_data, as_text = backtest_json, backtest_text
    given["progress"].end()
    say(as_data(told) if as_json else as_text(told))


def _check(
    task: str, baselines: Sequence[str], orders: Sequence[str], limits: Sequence[str]
) -> None:
    """Refuse what does not go together, or is not there."""
    from ecosystem_graph.evaluation.baselines import available_baselines

    available = available_baselines()
    if unknown := [name for name in baselines if name not in available]:
        raise click.BadParameter(
            f"no {', '.join(unknown)} among {', '.join(available)}.", param_hint="'--baseline'"
        )
    if baselines and task != "new":
        raise click.UsageError(f"--task {task} has baselines of its own: leave --baseline out.")
    if orders and task != "new":
        raise click.UsageError(
            f"lists of --task {task} are not reordered: leave --{' and --'.join(orders)} out."
        )
    if limits and (baselines or orders or task != "new"):
        raise click.UsageError(
            f"--{' and --'.join(limits)} compare the model's lists of new collaborators with each "
            "other: leave --baseline, --reciprocal, --diverse and --task out."
        )
