"""`synth`: a synthetic ecosystem in a folder."""

from click.testing import CliRunner

from ecosystem_graph.cli import main
from ecosystem_graph.tables import read_tables


def test_the_command_writes_a_folder_that_check_finds_sound_and_that_can_be_replaced(tmp_path):
    runner, out = CliRunner(), str(tmp_path / "out")
    made = runner.invoke(main, ["synth", out, "--partners", "20", "--seed", "3"])
    assert made.exit_code == 0
    assert made.stdout == f"{out}: 20 invented partners\n"
    assert "making deals" in made.stderr
    assert runner.invoke(main, ["check", out]).exit_code == 0
    refused = runner.invoke(main, ["synth", out, "--partners", "20"])
    assert refused.exit_code == 1
    assert "exists already" in refused.stderr
    again = runner.invoke(main, ["synth", out, "--partners", "30", "--overwrite", "--quiet"])
    assert again.exit_code == 0
    assert again.stderr == ""
    assert read_tables(out)["partners"].height == 30


def test_the_command_refuses_less_than_two_partners(tmp_path):
    result = CliRunner().invoke(main, ["synth", str(tmp_path / "out"), "--partners", "1"])
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()
