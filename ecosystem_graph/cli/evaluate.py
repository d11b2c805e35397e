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
    help="Partners drawn to make lists for.",
)
@click.option("--baseline", "baselines", multiple=True, metavar="NAME", help="Only these; repeat.")
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
    Example:
      ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01
    """
    from ecosystem_graph.evaluation import backtest
    from ecosystem_graph.evaluation.baselines import available_baselines
    from ecosystem_graph.recommending import Recommender
    from ecosystem_graph.recommending.model_files import load_for
    from ecosystem_graph.report import backtest_json, backtest_text

    available = available_baselines()
    if unknown := [name for name in baselines if name not in available]:
        raise click.BadParameter(
            f"no {', '.join(unknown)} among {', '.join(available)}.", param_hint="'--baseline'"
        )
    tables = tables_of(data, quarantine, quiet=quiet)
    result = backtest(
        tables,
        cutoff,
        horizon_days=horizon_days,
        k=k,
        n_sources=sources,
        seed=seed,
        recommender=None if model is None else load_for(Recommender, model, tables),
        baselines=baselines or None,
        progress=Progress(quiet=quiet),
    )
    click.echo(backtest_json(result) if as_json else backtest_text(result))
