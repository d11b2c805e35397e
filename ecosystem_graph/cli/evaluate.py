"""`evaluate`: the temporal back-test beside the baselines."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
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
def evaluate(data: str, cutoff: date, **options: Any) -> None:
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
    from ecosystem_graph.evaluation import BacktestProtocol
    from ecosystem_graph.lists.reranking import Reranking
    from ecosystem_graph.recommending import load_model_for

    orders = {
        name: Reranking(limited=False, **{name: True})
        for name in ("reciprocal", "diverse")
        if options[name]
    }
    limits = {"capacity": options["capacities"], "exposure-price": options["exposure_prices"]}
    task, baselines, model = options["task"], options["baselines"], options["model"]
    _check(task, baselines, list(orders), [name for name, some in limits.items() if some])
    check_outputs(None, None, [data, model], options["quarantine"])
    tables = tables_of(
        data,
        options["quarantine"],
        quiet=options["quiet"],
        ignored_roles=options["ignored_roles"],
    )
    protocol = BacktestProtocol(
        cutoff, options["horizon_days"], options["k"], options["sources"], options["seed"]
    )
    with stages(quiet=options["quiet"]) as progress:
        fitted = None if model is None else load_model_for(model, tables)
        given = {"model": fitted, "progress": progress}
        result, as_json = _backtest(options, orders)(tables, protocol, **given)
    say(as_json(result) if options["as_json"] else str(result))


def _backtest(options: dict[str, Any], orders: dict[str, Any]) -> Callable[..., Any]:
    """The back-test that the options ask for: tables, protocol -> result, and its JSON."""
    from ecosystem_graph.evaluation import backtest
    from ecosystem_graph.evaluation.backtests.frontier import frontier
    from ecosystem_graph.evaluation.backtests.tasks import repeat_backtest, requirement_backtest
    from ecosystem_graph.evaluation.backtests.teams import team_backtest
    from ecosystem_graph.report import backtest_json, frontier_json, task_json

    limits = {name: options[name] for name in ("capacities", "exposure_prices")}
    by_task: dict[str, Callable[..., Any]] = {
        "team": team_backtest,
        "repeat": repeat_backtest,
        "requirement": requirement_backtest,
    }
    as_json: Callable[[Any], str]
    if options["task"] != "new":
        run, as_json = by_task[options["task"]], task_json
    elif any(limits.values()):
        run, as_json = partial(frontier, **limits), frontier_json
    else:
        baselines = options["baselines"] or None
        run, as_json = partial(backtest, baselines=baselines, orders=orders), backtest_json
    return lambda *given, **how: (run(*given, **how), as_json)


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
