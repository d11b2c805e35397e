"""`check`: every problem of every table at once."""

import json
from pathlib import Path

import click

from ecosystem_graph.cli.options import data_argument, json_option, quarantine_option


@click.command()
@data_argument
@json_option
@quarantine_option
@click.pass_context
def check(ctx: click.Context, data: str, as_json: bool, quarantine: Path | None) -> None:
    """Report every problem of every table of DATA at once; exit code 1 if there is any.

    A row is counted as a spreadsheet shows it: the header of a CSV file is row 1.

    \b
    Example:
      ecosystem-graph check acme
    """
    from ecosystem_graph.tables import check_tables, read_tables, resolve

    folder = resolve(data)
    report = check_tables(folder)
    if as_json:
        click.echo(json.dumps(report.to_dict(), indent=2, ensure_ascii=False))
    else:
        click.echo(str(report))
    if quarantine is not None:
        for table, n in read_tables(folder, quarantine=quarantine).set_aside.items():
            click.echo(f"set aside {n:,} rows of {table} in {quarantine}", err=True)
    ctx.exit(1 if report.problems else 0)
