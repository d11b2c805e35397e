"""`warm-up` runs what compiles every loop, and says where the machine code is."""

from click.testing import CliRunner

from ecosystem_graph.cli import main
from ecosystem_graph.jobs import compiling


def test_it_compiles_and_says_where_machine_code_is_kept():
    done = CliRunner().invoke(main, ["warm-up"])
    assert done.exit_code == 0, done.output
    assert done.output == f"compiled; cached in {compiling.code_folder()}\n"


def test_where_nothing_can_be_kept_it_says_what_to_set(monkeypatch):
    monkeypatch.setattr(compiling, "code_folder", lambda: None)
    done = CliRunner().invoke(main, ["warm-up"])
    assert done.exit_code == 1
    assert "NUMBA_CACHE_DIR" in done.output
