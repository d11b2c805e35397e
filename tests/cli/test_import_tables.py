import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ecosystem_graph.cli import main
from ecosystem_graph.tables import read_tables

EXPORTS = Path(__file__).parents[1] / "importing" / "exports" / "salesforce"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


def test_an_export_becomes_a_folder_of_tables(run, tmp_path):
    result = run("import", EXPORTS, "--output", tmp_path / "acme", "--as-of", "2026-01-01")
    assert result.exit_code == 0, result.output
    assert "partners: 3 rows" in result.stdout
    assert "repaired open_deal_closing: 1 row" in result.stdout
    assert read_tables(tmp_path / "acme")["deals"].height == 4


def test_a_dry_run_writes_nothing(run, tmp_path):
    result = run("import", EXPORTS, "--dry-run", "--output", tmp_path / "acme")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "acme").exists()


def test_the_account_is_printed_as_json(run):
    result = run("import", EXPORTS, "--dry-run", "--json", "--quiet")
    account = json.loads(result.stdout)
    assert account["presets"] == ["salesforce"]
    assert account["tables"]["deals"] == 4
    assert result.stderr == ""


def test_without_an_output_or_a_dry_run_the_usage_is_wrong(run):
    result = run("import", EXPORTS)
    assert result.exit_code == 2
    assert "--output" in result.output


def test_an_output_that_exists_is_replaced_only_if_asked(run, tmp_path):
    assert run("import", EXPORTS, "--output", tmp_path / "acme").exit_code == 0
    again = run("import", EXPORTS, "--output", tmp_path / "acme")
    assert again.exit_code == 1
    assert "--overwrite" in again.output
    assert run("import", EXPORTS, "--output", tmp_path / "acme", "--overwrite").exit_code == 0


def test_faults_of_a_mapping_exit_with_1_and_are_all_listed(run, tmp_path):
    (tmp_path / "m.toml").write_text('schema = 1\ncolour = 2\n[tables.dels.x]\nfrom = "a"\n')
    result = run("import", EXPORTS, "--mapping", tmp_path / "m.toml", "--dry-run")
    assert result.exit_code == 1
    assert "unknown key 'colour'" in result.output
    assert "there is no table 'dels'. Did you mean 'deals'?" in result.output


def test_a_source_is_described_and_a_first_mapping_written_once(run, tmp_path):
    (tmp_path / "deals.csv").write_text("Deal ID,Outcome\n1,won\n")
    arguments = ["import", tmp_path / "deals.csv", "--describe", "--write-mapping", tmp_path / "m"]
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert "Outcome -> not used  [won]" in result.stdout
    assert '# columns.deal_id = "Deal ID"' in (tmp_path / "m").read_text()
    again = run(*arguments)
    assert again.exit_code == 1
    assert "exists already" in again.output


def test_a_mapping_is_only_written_for_a_description(run, tmp_path):
    result = run("import", EXPORTS, "--dry-run", "--write-mapping", tmp_path / "m")
    assert result.exit_code == 2


REVIEWED = """
schema = 1
[tables.partners.crm]
from = "crm"
columns.partner_id = "Id"
columns.name = "Name"
[tables.partner_capabilities.badges]
from = "badges"
columns.partner_id = { field = "Company", match = ["name"] }
columns.capability_id = "Badge"
[inputs.crm]
file = "crm.csv"
[inputs.badges]
file = "badges.csv"
"""


@pytest.fixture
def badges(tmp_path):
    """A mapping and exports with one company that is misspelt."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "crm.csv").write_text("Id,Name\np-1,Alder Data\np-2,Birch\n")
    (tmp_path / "exports" / "badges.csv").write_text("Company,Badge\nAlder Dta,crm\nBirch,erp\n")
    (tmp_path / "acme.toml").write_text(REVIEWED)
    return ["import", tmp_path / "exports", "--mapping", tmp_path / "acme.toml"]


def test_what_is_to_be_decided_is_asked_beside_the_mapping_and_the_answer_counts(
    run, badges, tmp_path
):
    first = run(*badges, "--output", tmp_path / "acme")
    assert first.exit_code == 0, first.output
    assert "1 value in matches.csv, whose rows are left out" in first.stderr
    questions = tmp_path / "acme.review" / "matches.csv"
    questions.write_text(questions.read_text().replace("\n,Alder", "\nyes,Alder"))
    answered = questions.read_bytes()
    again = run(*badges, "--output", tmp_path / "acme", "--overwrite")
    assert "100 % matched: 1 by decision, 1 by name" in again.stderr
    assert read_tables(tmp_path / "acme")["partner_capabilities"].height == 2
    assert questions.read_bytes() == answered


def test_a_dry_run_asks_nothing(run, badges, tmp_path):
    assert run(*badges, "--dry-run", "--review", tmp_path / "decisions").exit_code == 0
    assert not (tmp_path / "decisions").exists()


def test_too_few_matches_exit_with_1(run, badges):
    low = run(*badges, "--dry-run", "--min-match", "0.9")
    assert low.exit_code == 1
    assert "partner_capabilities.partner_id: 50.0% of 2 rows are matched" in low.stderr


def test_a_contradiction_in_a_review_is_a_problem(run, badges, tmp_path):
    (tmp_path / "acme.review").mkdir()
    (tmp_path / "acme.review" / "matches.csv").write_text(
        "decision,value,input,candidate_id\nmaybe,Alder Dta,badges,p-1\n"
    )
    result = run(*badges, "--dry-run")
    assert result.exit_code == 1
    assert "matches.csv:2" in result.output
    assert "none of yes, no, new" in result.output


def test_an_update_adds_to_the_tables_and_keeps_their_date_and_format(run, badges, tmp_path):
    first = run(*badges, "--output", tmp_path / "acme", "--format", "csv", "--as-of", "2026-01-01")
    assert first.exit_code == 0, first.output
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "badges.csv").write_text("Company,Badge\nAlder Data,bi\n")
    update = ["import", tmp_path / "new", "--output", tmp_path / "acme", "--update"]
    result = run(*update)
    assert result.exit_code == 0, result.output
    assert "updated partner_capabilities: 1 added, 1 as before" in result.stdout
    tables = read_tables(tmp_path / "acme")
    assert tables["partner_capabilities"]["capability_id"].to_list() == ["bi", "erp"]
    assert str(tables.as_of) == "2026-01-01"
    assert (tmp_path / "acme" / "partners.csv").is_file()


def test_an_update_needs_the_folder_of_an_import(run, badges, tmp_path):
    assert run(*badges, "--update").exit_code == 2
    assert run(*badges, "--output", tmp_path / "acme", "--update", "--overwrite").exit_code == 2
    result = run(*badges, "--output", tmp_path / "acme", "--update")
    assert result.exit_code == 1
    assert "is not an import" in result.output
