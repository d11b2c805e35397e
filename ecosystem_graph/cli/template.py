"""`template`: empty tables to fill in."""

from pathlib import Path

import click

from ecosystem_graph.cli.saying import say


@click.command(short_help="Write empty tables to fill in.")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def template(directory: Path) -> None:
    """Write empty tables with their headers, and the data dictionary, to DIRECTORY.

    \b
    Example:
      ecosystem-graph template acme
    """
    from ecosystem_graph.tables import write_template

    for path in write_template(directory):
        say(str(path))
