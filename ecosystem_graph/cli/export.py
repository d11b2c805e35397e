"""`export`: the lists of a run for a spreadsheet, a CRM, or a mail."""

from pathlib import Path
from typing import Literal

import click

from ecosystem_graph.cli.options import overwrite_option
from ecosystem_graph.cli.saying import say


@click.command(short_help="Export lists to a CRM or a spreadsheet.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--data",
    required=True,
    metavar="DATA",
    help="Tables with the names of the partners: those of the run, or later ones.",
)
@click.option(
    "--to",
    required=True,
    type=click.Choice(["xlsx", "salesforce", "hubspot", "markdown"]),
    help="A workbook; CSV for Salesforce Data Loader with its field map; CSV for an import into "
    "HubSpot; a text for each partner.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to this file; it must not exist.",
)
@click.option(
    "--partner",
    "partners",
    multiple=True,
    metavar="ID",
    help="Only the list of this partner; may be repeated.",
)
@click.option(
    "--since",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="OLD_RUN",
    help="For salesforce: pairs of this earlier run that are no longer listed become inactive.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="For salesforce and hubspot: TOML file with other names of fields.",
)
@overwrite_option
def export(
    run: Path,
    data: str,
    to: Literal["xlsx", "salesforce", "hubspot", "markdown"],
    output: Path,
    partners: tuple[str, ...],
    since: Path | None,
    mapping: Path | None,
    overwrite: bool,
) -> None:
    """Write the lists of RUN, a folder that `recommend` wrote, for other programs or people.

    Every export is internal: nothing is left out that a partner should not see.

    \b
    Example:
      ecosystem-graph export runs/may --data acme --to xlsx --output lists.xlsx
    """
    from ecosystem_graph.exporting import export_recommendations

    if since is not None and to != "salesforce":
        raise click.UsageError("--since goes with --to salesforce.")
    if mapping is not None and to not in ("salesforce", "hubspot"):
        raise click.UsageError("--mapping goes with --to salesforce or hubspot.")
    written = export_recommendations(
        run,
        data,
        to,
        output,
        partners=partners,
        since=since,
        mapping=mapping,
        overwrite=overwrite,
    )
    for path in written:
        say(f"wrote {path}")
