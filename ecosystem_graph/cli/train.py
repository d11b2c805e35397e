"""`train`: fit a model, validate it, and save it."""

from datetime import date
from pathlib import Path

import click

from ecosystem_graph.cli.options import (
    as_of_option,
    data_argument,
    ignored_roles_option,
    overwrite_option,
    quarantine_option,
    quiet_option,
    seed_option,
)
from ecosystem_graph.cli.running import check_outputs, stages, tables_of
from ecosystem_graph.cli.saying import say


@click.command(short_help="Fit, validate and save a model.")
@data_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="MODEL",
    required=True,
    help="Write the model to this folder; it must not exist.",
)
@ignored_roles_option
@as_of_option
@overwrite_option
@quarantine_option
@seed_option
@quiet_option
def train(
    data: str,
    output: Path,
    as_of: date | None,
    overwrite: bool,
    quarantine: Path | None,
    seed: int,
    ignored_roles: tuple[str, ...],
    quiet: bool,
) -> None:
    """Fit a model on the history of DATA and save it, with a validation on the last year.

    For the validation, the same method is fitted on what was known a year earlier and tested on
    the year that followed. The saved model is fitted on the whole history.

    \b
    Example:
      ecosystem-graph train acme --as-of 2025-01-01 --output models/acme
    """
    from ecosystem_graph.jobs import train as train_model
    from ecosystem_graph.recommending.model_files import MODEL, save_model

    check_outputs(output, MODEL, [data], quarantine, overwrite=overwrite)
    with stages(quiet=quiet) as stage:
        tables = tables_of(data, quarantine, quiet=quiet, ignored_roles=ignored_roles, at=stage)
        model = train_model(tables, as_of, seed=seed, progress=stage)
    save_model(model, output, overwrite=overwrite)
    say(f"{output}: fitted on {tables.source} as of {model.fitted_as_of}")
