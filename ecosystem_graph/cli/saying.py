"""What a command says, on its way to a terminal or a file."""

import sys

import click


def say(text: str, *, err: bool = False) -> None:
    """Print text so that nothing in it can command the terminal, or fails to be written there.

    Line ends are the text's own; other characters that control a terminal, or the direction of
    writing, are shown escaped, and so are those that the stream's encoding does not have. JSON
    stays the same JSON.

    Raises
    ------
    click.ClickException
        If it cannot be written: the disk is full, for one.
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
