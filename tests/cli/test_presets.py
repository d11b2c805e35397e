import tomllib

from click.testing import CliRunner

from ecosystem_graph.cli import main


def test_presets_are_listed_and_one_is_printed_as_toml():
    listed = CliRunner().invoke(main, ["presets"])
    assert "salesforce Salesforce Sales Cloud" in " ".join(listed.stdout.split())
    printed = CliRunner().invoke(main, ["presets", "salesforce"])
    assert tomllib.loads(printed.stdout)["schema"] == 1


def test_an_unknown_preset_is_refused_with_a_hint():
    result = CliRunner().invoke(main, ["presets", "salesforc"])
    assert result.exit_code == 1
    assert "Did you mean 'salesforce'?" in result.output
