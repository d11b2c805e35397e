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
    data_argument,
    ignored_roles_option,
    json_option,
    model_option,
    quarantine_option,
    quiet_option,
    seed_option,
)
from ecosystem_graph.cli.running import check_outputs, stages, tables_of
from ecosystem_graph.cli.saying import say


@click.command(short_help="Back-test against baselines.")
@data_argument
@click.option(
    "--cutoff",
    type=Day(),
    metavar="DATE",
    required=True,
    help="Train on what was known before this date; test on what followed.",
)
@click.option(
    "-k",
    type=LENGTH,
    default=10,
    show_default=True,
    help="Number of collaborators per list.",
)
@click.option(
    "--horizon-days",
    type=DAYS,
    help="Count only joint wins within this many days after the cutoff.  [default: all on record]",
)
@click.option(
    "--sources",
    type=click.IntRange(1, 1_000_000_000),
    default=1500,
    show_default=True,
    help="Number of partners (or deals) to sample and make lists for.",
)
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    metavar="NAME",
    help="Compare with this baseline only; may be repeated.  [default: all baselines]",
)
@click.option(
    "--task",
    type=click.Choice(["new", "repeat", "requirement", "team"]),
    default="new",
    show_default=True,
    help="What to rank: new collaborators, known ones, partners for what a deal requires, or "
    "whole teams.",
)
@click.option(
    "--capacity",
    "capacities",
    type=PLACES,
    multiple=True,
    metavar="N",
    help="Measure what it costs if a partner may appear in at most N lists; may be repeated.",
)
@click.option(
    "--exposure-price",
    "exposure_prices",
    type=Number(0, 10),
    multiple=True,
    metavar="X",
    help="Measure what this penalty on over-exposed partners costs, in log-odds; may be repeated.",
)
@click.option(
    "--reciprocal", is_flag=True, help="Also test lists ranked by the gains of both partners."
)
@click.option("--diverse", is_flag=True, help="Also test lists with near-duplicates lowered (MMR).")
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
    """Back-test on DATA: rank with what was known at the cutoff, compare with what followed.

    The model is compared with baselines, the methods one could use instead. All of them rank every
    eligible partner for the same sample of partners or deals.

    \b
    Examples:
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --task requirement
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --task team --sources 500
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --capacity 100 --exposure-price 0.2
    """
    from ecosystem_graph.evaluation import BacktestProtocol, backtest
    from ecosystem_graph.evaluation.backtests.frontier import frontier
    from ecosystem_graph.evaluation.backtests.tasks import repeat_backtest, requirement_backtest
    from ecosystem_graph.evaluation.backtests.teams import team_backtest
    from ecosystem_graph.lists.reranking import Reranking
    from ecosystem_graph.recommending.model_files import load_model_for
    from ecosystem_graph.report import backtest_json, frontier_json, task_json

    asked = {"reciprocal": reciprocal, "diverse": diverse}
    orders = {name: Reranking(limited=False, **{name: True}) for name, on in asked.items() if on}
    limits = {"capacity": capacities, "exposure-price": exposure_prices}
    _check(task, baselines, list(orders), [name for name, some in limits.items() if some])
    check_outputs(None, None, [data, model], quarantine)
    tables = tables_of(data, quarantine, quiet=quiet, ignored_roles=ignored_roles)
    protocol = BacktestProtocol(cutoff, horizon_days, k, sources, seed)
    given: dict[str, Any] = {
        "model": None if model is None else load_model_for(model, tables),
        "progress": stages(quiet=quiet),
    }
    result: Any
    as_json_text: Callable[[Any], str] = task_json
    if task == "team":
        result = team_backtest(tables, protocol, **given)
    elif task != "new":
        other = repeat_backtest if task == "repeat" else requirement_backtest
        result = other(tables, protocol, **given)
    elif capacities or exposure_prices:
        result = frontier(
            tables, protocol, capacities=capacities, exposure_prices=exposure_prices, **given
        )
        as_json_text = frontier_json
    else:
        result = backtest(tables, protocol, baselines=baselines or None, orders=orders, **given)
        as_json_text = backtest_json
    given["progress"].end()
    say(as_json_text(result) if as_json else str(result))


def _check(
    task: str, baselines: Sequence[str], orders: Sequence[str], limits: Sequence[str]
) -> None:
    """Refuse options that cannot be combined, and unknown baselines."""
    from ecosystem_graph.evaluation.baselines.methods import available_baselines

    available = available_baselines()
    if unknown := [name for name in baselines if name not in available]:
        raise click.BadParameter(
            f"no {', '.join(unknown)} among {', '.join(available)}.", param_hint="'--baseline'"
        )
    if baselines and task != "new":
        raise click.UsageError(
            f"--baseline cannot be combined with --task {task}, which has its own baselines."
        )
    if orders and task != "new":
        raise click.UsageError(f"--{', --'.join(orders)} cannot be combined with --task {task}.")
    if limits and (baselines or orders or task != "new"):
        raise click.UsageError(
            f"--{', --'.join(limits)} cannot be combined with --baseline, --reciprocal, "
            "--diverse or --task."
        )
