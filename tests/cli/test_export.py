import pytest

from ecosystem_graph.tables import read_tables


@pytest.fixture(scope="module")
def made(ask, rich, tmp_path_factory):
    """A run on tables that teach."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    done = ask("recommend", rich, "-k", 3, "--output", folder, "--quiet")
    assert done.exit_code == 0, done.output
    return rich, folder


def test_a_run_is_exported_with_the_names_of_its_tables(ask, made, tmp_path):
    data, folder = made
    partner = read_tables(data)["partners"]["partner_id"][0]
    done = ask(
        "export", folder, "--data", data, "--to", "markdown", "--partner", partner,
        "--output", tmp_path / "a.md",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert done.stdout == f"wrote {tmp_path / 'a.md'}\n"
    assert f"({partner})" in (tmp_path / "a.md").read_text()
    again = ask("export", folder, "--data", data, "--to", "markdown", "--output", tmp_path / "a.md")
    assert again.exit_code == 1
    assert "Use --overwrite to replace it." in again.output


def test_options_of_a_crm_are_wrong_usage_elsewhere(ask, made, tmp_path):
    data, folder = made
    words = ("export", folder, "--data", data, "--to", "xlsx", "--output", tmp_path / "a.xlsx")
    assert ask(*words, "--since", folder).exit_code == 2
    assert ask(*words, "--mapping", __file__).exit_code == 2
    assert not (tmp_path / "a.xlsx").exists()
