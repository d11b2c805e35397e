"""`team` as a user runs it."""

import json

import pytest

DAY = ("--as-of", "2025-01-01")
DEFAULT = (*DAY, "--model", "default")
ROWS = {
    "partners": {"ann": {"name": "Ann's"}},
    "wins": ["ann bob"],
    "deals": {"open": {"outcome": "open", "territory": "DE"}},
    "deal_partners": {"open": {"ann": "lead"}},
    "deal_requirements": {"open": "crm erp"},
    "partner_capabilities": {"bob": {"crm": "certified"}, "cy": {"crm": "certified"}},
}


@pytest.fixture
def acme(folder):
    return folder(**ROWS)


@pytest.fixture
def need(tmp_path):
    def need(text, name="need.json"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return need


def test_a_team_for_a_deal_is_told_with_roles_reasons_and_what_is_missing(ask, acme):
    done = ask("team", acme, *DEFAULT, "--deal", "open")
    assert done.exit_code == 0
    assert done.stdout.startswith("Team of 2 for 2 requirements in DE, as of 2025-01-01.")
    for told in (
        "1. Ann's (ann): lead",
        "2. bob: owner",
        "owns  crm (1.00)",
        "else  cy, costs",
        "Without an owner:",
        "- erp: no partner holds it",
        "Proven: optimal among all 3 candidates.",
        "Next best,",
    ):
        assert told in done.stdout
    assert all(len(line) <= 100 for line in done.stdout.splitlines())


def test_a_team_as_json_has_the_promised_shape(ask, acme, need):
    path = need('{"capabilities": ["crm"], "lead": "ann"}')
    done = ask("team", acme, *DEFAULT, "--requirement", path, "--json", "--quiet")
    told = json.loads(done.stdout)
    assert list(told)[:4] == ["schema", "as_of", "requirement", "team"]
    assert [member["partner_id"] for member in told["team"]] == ["ann", "bob"]
    assert told["gap"] == 0.0
    assert done.stderr == ""


def test_without_proof_there_is_no_gap(ask, acme):
    done = ask("team", acme, *DEFAULT, "--deal", "open", "--seconds", "0", "--json")
    assert json.loads(done.stdout)["gap"] is None
    done = ask("team", acme, *DEFAULT, "--deal", "open", "--seconds", "0")
    assert "Best found among 3 candidates; not proven optimal." in done.stdout


def test_another_lead_may_be_named(ask, acme):
    done = ask("team", acme, *DEFAULT, "--deal", "open", "--lead", "cy", "--json")
    assert json.loads(done.stdout)["team"][0]["partner_id"] == "cy"


def test_why_somebody_is_not_in_is_told_below_the_team_and_in_json(ask, acme, tmp_path):
    command = ("team", acme, *DEFAULT, "--deal", "open", "--why-not", "cy")
    done = ask(*command)
    assert done.exit_code == 0
    team, answer = done.stdout.split("\n\ncy is not in the team: ")
    assert team.startswith("Team of 2")
    assert "points worse" in answer
    assert "With it: Ann's (ann), lead; cy, owner of crm." in answer
    run = tmp_path / "run"
    told = json.loads(ask(*command, "--json", "--quiet", "--output", run).stdout)
    assert told["why_not"]["answer"] == "worth_less"
    assert [one["partner_id"] for one in told["why_not"]["team"]] == ["ann", "cy"]
    assert told == {
        k: v for k, v in json.loads((run / "teams.jsonl").read_text()).items() if k != "id"
    }
    assert "why_not" not in json.loads(ask(*command[:-2], "--json").stdout)


def test_why_somebody_nobody_knows_is_not_in_is_an_error_with_near_matches(ask, acme):
    done = ask("team", acme, *DEFAULT, "--deal", "open", "--why-not", "bobb")
    assert done.exit_code == 1
    assert "no partner 'bobb' among 3 partners. Did you mean 'bob'?" in done.stderr


def test_many_needs_go_to_a_folder(ask, acme, need, tmp_path):
    lines = '{"id": "a", "capabilities": ["crm"]}\n{"id": "b", "capabilities": ["crm"]}\n'
    path = need(lines + '{"id": "c", "capabilities": ["crmm"]}\n', "needs.jsonl")
    run = tmp_path / "runs" / "teams"
    command = ("team", acme, *DAY, "--requirements", path, "--capacity", 1, "--output", run)
    done = ask(*command)
    assert done.exit_code == 0
    assert "2 teams for 3 requirements, 2 seats" in done.stdout
    assert "No team: no required capability is in the tables" in done.stdout
    rows = [json.loads(line) for line in (run / "teams.jsonl").read_text().splitlines()]
    assert [[m["partner_id"] for m in row["team"]] for row in rows] == [["bob"], ["cy"], []]
    assert ask(*command).exit_code == 1
    again = ask(*command, "--overwrite", "--json", "--quiet")
    assert [row["id"] for row in json.loads(again.stdout)["teams"]] == ["a", "b", "c"]


def test_bad_lines_are_reported_together(ask, acme, need):
    done = ask("team", acme, *DAY, "--requirements", need("{\n[]\n", "needs.jsonl"))
    assert done.exit_code == 1
    assert "needs.jsonl:1  not JSON" in done.stderr
    assert "needs.jsonl:2  not an object" in done.stderr


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ((), "give exactly one of --deal, --requirement and --requirements"),
        (("--deal", "open", "--requirement", "{file}"), "give exactly one of"),
        (("--requirements", "{file}", "--lead", "ann"), "--lead cannot be combined"),
        (("--requirements", "{file}", "--why-not", "ann"), "--why-not cannot be combined"),
        (("--deal", "open", "--size", "0"), "Invalid value for '--size'"),
    ],
)
def test_contradictory_use_is_wrong_usage(ask, acme, need, asked, message):
    file = need('{"capabilities": ["crm"]}')
    done = ask("team", acme, *(one.format(file=file) for one in asked))
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"capabilities": ["crmm"]}', "Did you mean 'crm'"),
        ('{"capabilities": ["crm"], "lead": "an"}', "no partner 'an'"),
        ('{"capabilities": ["crm"], "lead": "bob", "exclude": ["bob"]}', "both the lead and"),
    ],
)
def test_what_cannot_be_is_an_error(ask, acme, need, text, message):
    done = ask("team", acme, *DAY, "--requirement", need(text))
    assert done.exit_code == 1
    assert message in done.stderr


def test_a_capacity_limits_the_team_for_a_deal(ask, folder):
    data = folder(
        wins=["ann bob"],
        deals={"d": {"outcome": "open"}},
        deal_requirements={"d": "crm"},
        partner_capabilities={"bob": ["crm"]},
    )
    words = ("team", data, "--as-of", "2025-01-01", "--deal", "d", "--json", "--quiet")
    for capacity, owners in (("0", []), ("1", ["bob"])):
        team = json.loads(ask(*words, "--capacity", capacity).stdout)["team"]
        assert [member["partner_id"] for member in team] == owners
