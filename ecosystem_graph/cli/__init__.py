"""The command line: each command parses, calls one library function, and prints.

Commands import what they need when they run, so that asking for help is instant.
"""

from typing import Any

import click

from ecosystem_graph.cli.check import check
from ecosystem_graph.cli.datasets import datasets
from ecosystem_graph.cli.evaluate import evaluate
from ecosystem_graph.cli.explain import explain
from ecosystem_graph.cli.models import models
from ecosystem_graph.cli.recommend import recommend
from ecosystem_graph.cli.synth import synth
from ecosystem_graph.cli.team import team
from ecosystem_graph.cli.template import template
from ecosystem_graph.cli.train import train
from ecosystem_graph.errors import EcosystemGraphError

#: What to say on the command line of the parameter that would put an error right.
_OPTIONS = {
    "overwrite": "Or have it replaced with --overwrite.",
    "as_of": "A day is chosen with --as-of, such as --as-of 2025-06-30.",
    "include_known": "Known collaborators are ranked with --include-known.",
    "lead": "The one who looks for others is named with --partner.",
    "resume": "The same command with --resume goes on from there.",
}


class _Group(click.Group):
    """Reads nothing but text, and turns the package's own errors into a message and exit code 1."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for argument in args:
            try:
                argument.encode()
            except UnicodeEncodeError as error:
                shown = argument.encode(errors="surrogateescape").decode(errors="backslashreplace")
                raise click.UsageError(f"{shown!r} is not text in UTF-8.") from error
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EcosystemGraphError as error:
            option = _OPTIONS.get(error.remedy or "")
            told = f"{error} {option}" if option else str(error)
            raise click.ClickException(told) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ecosystem-graph", prog_name="ecosystem-graph")
def main() -> None:
    """Recommend which channel partners should work together, and say why.

    DATA is a folder of tables (CSV or Parquet), or the name of a dataset that ships.

    \b
    Example:
      ecosystem-graph recommend horizon2020 --output runs/first
    """


_COMMANDS = (
    template,
    check,
    recommend,
    explain,
    team,
    train,
    evaluate,
    synth,
    datasets,
    models,
)

for _command in _COMMANDS:
    main.add_command(_command)
