"""`datasets`: the shipped datasets."""

import json

import click

from ecosystem_graph.cli.options import json_option
from ecosystem_graph.cli.saying import say


@click.command(short_help="List the shipped datasets.")
@json_option
def datasets(as_json: bool) -> None:
    """List the shipped datasets: name, date, licence, size, rows.

    \b
    Example:
      ecosystem-graph datasets
    """
    from ecosystem_graph.tables import datasets as names
    from ecosystem_graph.tables import describe_dataset

    facts = [describe_dataset(name) for name in names()]
    if as_json:
        say(json.dumps({"schema": 1, "datasets": facts}, indent=2, ensure_ascii=False))
        return
    for fact in facts:
        say(f"{fact['name']}: {fact['title']}")
        say(
            f"  as of {fact['as_of']}, {fact['licence']}, {fact['bytes'] / 1e6:.1f} MB: "
            + ", ".join(f"{table} {n:,}" for table, n in fact["rows"].items())
        )
