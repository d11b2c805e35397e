"""`warm-up`: compile the numeric code once, so that no other command has to."""

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ecosystem_graph.cli.saying import say

#: Commands that together need every compiled function, on a synthetic ecosystem DATA.
_COMMANDS = (
    "synth DATA --partners 300 --seed 0",
    "recommend DATA --output RUN --model default --reciprocal --diverse --exposure-price 0.1",
    "recommend DATA --include-known --model default --partner p-0001",
    "recommend DATA --model default --deal d-1100",
    "explain DATA p-0001 p-0002 --model default",
    "team DATA --model default --deal d-1100",
    "evaluate DATA --cutoff 2025-01-01 --sources 20",
)


@click.command("warm-up", short_help="Compile the numeric code once.")
@click.pass_context
def warm_up(context: click.Context) -> None:
    """Compile the numeric code once, and print where the compiled code is cached.

    Otherwise the first command on a machine takes half a minute longer. If the package is installed
    read-only, as in a container, set NUMBA_CACHE_DIR to a folder, run this once while the image is
    built, and keep the variable set.

    \b
    Example:
      NUMBA_CACHE_DIR=/opt/ecosystem-graph-cache ecosystem-graph warm-up
    """
    from ecosystem_graph.errors import OutputError
    from ecosystem_graph.jobs.compiling import code_folder

    kept = code_folder()
    if kept is None:
        raise OutputError(
            "compiled code cannot be cached: neither the package's folder nor the user's cache can "
            "be written to. Set NUMBA_CACHE_DIR to a folder that can, now and for later commands."
        )
    with TemporaryDirectory() as folder:
        named = {"DATA": str(Path(folder) / "data"), "RUN": str(Path(folder) / "run")}
        for command in _COMMANDS:
            arguments = [named.get(word, word) for word in command.split()]
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                context.find_root().command.main(arguments, standalone_mode=False)
    say(f"compiled; cached in {kept}")
