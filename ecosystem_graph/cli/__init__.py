"""The command line: each command parses, calls one library function, and prints.

Commands import what they need when they run, so that asking for help is instant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ecosystem_graph.cli.check import check
from ecosystem_graph.cli.datasets import datasets
from ecosystem_graph.cli.evaluate import evaluate
from ecosystem_graph.cli.explain import explain
from ecosystem_graph.cli.export import export
from ecosystem_graph.cli.import_tables import import_
from ecosystem_graph.cli.models import models
from ecosystem_graph.cli.presets import presets
from ecosystem_graph.cli.recommend import recommend
from ecosystem_graph.cli.running import REMEDIES
from ecosystem_graph.cli.saying import print_notes
from ecosystem_graph.cli.synth import synth
from ecosystem_graph.cli.team import team
from ecosystem_graph.cli.template import template
from ecosystem_graph.cli.train import train
from ecosystem_graph.cli.warm_up import warm_up
from ecosystem_graph.errors import EcosystemGraphError
from ecosystem_graph.printable import printable


class _Group(click.Group):
    """Refuses arguments that are not text, and turns errors into a message and an exit code.

    Exit codes: 1 for the package's own errors, 2 for wrong usage, 130 for Ctrl-C.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _errors_as_messages():
            for argument in args:
                _check_text(argument)
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _errors_as_messages():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nstopped", err=True)
            ctx.exit(130)


@contextmanager
def _errors_as_messages() -> Iterator[None]:
    """Show errors as messages, without characters that control the terminal."""
    try:
        yield
    except EcosystemGraphError as error:
        option = REMEDIES.get(error.remedy or "")
        message = f"{error} {option}" if option else str(error)
        raise click.ClickException(_shown(message)) from error
    except click.ClickException as error:
        texts = {name: getattr(error, name, None) for name in ("message", "ui_filename")}
        vars(error).update({name: _shown(text) for name, text in texts.items() if text is not None})
        raise


def _shown(message: str) -> str:
    return printable(message, keep="\n")


def _check_text(argument: str) -> None:
    try:
        argument.encode()
    except UnicodeEncodeError as error:
        shown = argument.encode(errors="surrogateescape").decode(errors="backslashreplace")
        raise click.UsageError(f"'{shown}' is not text in UTF-8.") from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ecosystem-graph", prog_name="ecosystem-graph")
def main() -> None:
    """Recommend which channel partners should work together, and explain why.

    DATA is a folder of tables (CSV or Parquet), or the name of a shipped dataset.

    \b
    Example:
      ecosystem-graph recommend horizon2020 --output runs/first
    """
    print_notes()


_COMMANDS = (
    template,
    import_,
    presets,
    check,
    recommend,
    export,
    explain,
    team,
    train,
    evaluate,
    synth,
    datasets,
    models,
    warm_up,
)

for _command in _COMMANDS:
    main.add_command(_command)
