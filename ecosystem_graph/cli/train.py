"""`train`: a model that can be kept and used again."""

from datetime import date
from pathlib import Path

import click

from ecosystem_graph.cli.options import (
    as_of_option,
    check_outputs,
    data_argument,
    ignored_roles_option,
    overwrite_option,
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
    "--output",
    type=click.Path(path_type=Path),
    metavar="MODEL",
    required=True,
    help="Folder to write the model to; it must not exist.",
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
    """Learn from the past of DATA and save the model, with how well the method did a year before.

    The same method, shown only what was known a year earlier, is tested on the year that followed;
    the model that is saved learns from all of it.

    \b
    Example:
      ecosystem-graph train acme --as-of 2025-01-01 --output models/acme
    """
    from ecosystem_graph.evaluation.validation import trial
    from ecosystem_graph.recommending import Recommender
    from ecosystem_graph.recommending.model_files import MODEL

    check_outputs(output, MODEL, [data], quarantine, overwrite=overwrite)
    with stages(quiet=quiet) as stage:
        tables = tables_of(data, quarantine, quiet=quiet, ignored_roles=ignored_roles, at=stage)
        recommender = Recommender(random_state=seed)
        day = tables.default_as_of() if as_of is None else as_of
        figures = trial(tables, day, recommender=recommender, seed=seed, progress=stage)
        stage("learning from the past")
        recommender.fit(tables, day, for_needs=True)
    recommender.figures_ = figures
    recommender.save(output, overwrite=overwrite)
    say(f"{output}: learnt from {tables.source} as of {recommender.fitted_as_of_}")
