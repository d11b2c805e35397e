"""`template`: empty tables to fill in."""

from pathlib import Path

from ecosystem_graph.tables import TABLES


def test_a_template_can_be_filled_in(ask, tmp_path):
    done = ask("template", tmp_path / "acme")
    assert done.exit_code == 0
    written = {Path(line).name for line in done.stdout.splitlines()}
    assert written == {f"{table}.csv" for table in TABLES} | {"DATA_DICTIONARY.md"}
    again = ask("template", tmp_path / "acme")
    assert again.exit_code == 1
    assert "is not empty" in again.stderr
