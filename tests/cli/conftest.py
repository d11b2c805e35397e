"""Small ecosystems as folders, and the command line to ask about them."""

from itertools import pairwise

import pytest
from click.testing import CliRunner

from ecosystem_graph.cli import main


@pytest.fixture(scope="session")
def ask():
    """Run a command: ask("check", folder) -> exit_code, stdout, stderr."""

    def ask(*arguments, **how):
        done = CliRunner().invoke(main, [str(argument) for argument in arguments], **how)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return ask


@pytest.fixture
def folder(tmp_path, make_tables):
    """Write an ecosystem to a folder, one file per table."""

    def folder(name="acme", kind="csv", **rows):
        return write(make_tables(**rows), tmp_path / name, kind)

    return folder


@pytest.fixture
def texts(tmp_path):
    """Write files as they are given, text or bytes, to a folder."""

    def texts(**files):
        folder = tmp_path / "acme"
        folder.mkdir()
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            (folder / f"{name}.csv").write_bytes(data)
        return folder

    return texts


@pytest.fixture(scope="session")
def rich(make_tables, tmp_path_factory):
    """A folder that teaches: circles that are chains in 2023, of which three win as a whole."""
    circles = {name: [f"{name}{n}" for n in range(10)] for name in "abcde"}
    chains = {f"{a}-{b}": [a, b] for circle in circles.values() for a, b in pairwise(circle)}
    tables = make_tables(
        wins=chains | {name: circles[name] for name in "abc"} | {"later": circles["d"]},
        deals={deal: {"closed_on": "2023-06-01"} for deal in chains}
        | {"later": {"closed_on": "2025-03-01"}},
        deal_requirements={deal: f"cap-{deal[0]}" for deal in chains},
    )
    return write(tables, tmp_path_factory.mktemp("data") / "rich", "parquet")


def write(tables, folder, kind):
    folder.mkdir()
    for name in tables.provided:
        path = folder / f"{name}.{kind}"
        tables[name].write_csv(path) if kind == "csv" else tables[name].write_parquet(path)
    return folder
