"""`synth`: a synthetic ecosystem, with the parameters that generated it."""

from pathlib import Path

import click

from ecosystem_graph.cli.options import overwrite_option, quiet_option, seed_option
from ecosystem_graph.cli.running import stages
from ecosystem_graph.cli.saying import say


@click.command(short_help="Generate a synthetic ecosystem.")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--partners",
    "n_partners",
    type=click.IntRange(2, 10_000_000),
    metavar="N",
    required=True,
    help="Number of partners.",
)
@seed_option
@overwrite_option
@quiet_option
def synth(out: Path, n_partners: int, seed: int, overwrite: bool, quiet: bool) -> None:
    """Write a synthetic ecosystem to OUT: every table, and the ground truth in OUT/truth.

    \b
    Example:
      ecosystem-graph synth runs/invented --partners 10000
    """
    from ecosystem_graph.files.whole_folder import staged_folder
    from ecosystem_graph.synthetic import write_synthetic
    from ecosystem_graph.synthetic.output.writing import INVENTED

    with (
        stages(quiet=quiet) as progress,
        staged_folder(out, INVENTED, overwrite=overwrite) as folder,
    ):
        write_synthetic(folder, n_partners, seed=seed, progress=progress)
    say(f"{out}: {n_partners:,} invented partners")
