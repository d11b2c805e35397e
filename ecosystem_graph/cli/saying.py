"""Printing what a command reports to a terminal or a file."""

import logging
import sys

import click


def say(text: str, *, err: bool = False) -> None:
    """Print text that cannot control the terminal, whatever the stream's encoding.

    Line ends are kept. Other characters that control a terminal or the direction of writing are
    escaped, and so are those that the stream's encoding cannot represent. JSON stays the same JSON.

    Raises
    ------
    click.ClickException
        If it cannot be written, for example because the disk is full.
    """
    from ecosystem_graph.printable import printable

    stream = sys.stderr if err else sys.stdout
    shown = printable(text, keep="\n")
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        click.echo(shown.encode(encoding, "backslashreplace").decode(encoding), err=err)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(
            f"cannot write to {'stderr' if err else 'stdout'}: {error.strerror}."
        ) from error


class _Notes(logging.Handler):
    """Prints what the library logs on stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage(), err=True)


def print_notes() -> None:
    """Print what the library logs, from notes upwards, until a command is to be quiet."""
    logger = logging.getLogger("ecosystem_graph")
    logger.setLevel(logging.INFO)
    if not any(isinstance(handler, _Notes) for handler in logger.handlers):
        logger.addHandler(_Notes())
