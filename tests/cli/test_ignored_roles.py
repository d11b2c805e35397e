"""`--ignore-role` on the commands that read wins."""

import json

import pytest

SEATS = {
    "d-1": {"ann": "lead", "bob": "resale", "dist": "Distribution"},
    "d-2": {"ann": "lead", "cy": "resale", "dist": "distribution"},
    "d-3": {"di": "lead", "bob": "resale", "dist": "distribution"},
}
DISTRIBUTION = ("--ignore-role", "DISTRIBUTION")
DAY = ("--as-of", "2025-01-01", "--quiet")


@pytest.fixture
def acme(folder):
    return folder(
        deal_partners=SEATS,
        deals=list(SEATS),
        deal_requirements={"d-1": "crm"},
        partner_capabilities={"bob": "crm", "cy": "crm"},
    )


def test_recommend_makes_no_tie_of_such_seats_and_says_so_in_the_run(ask, acme, tmp_path):
    run = tmp_path / "run"
    done = ask("recommend", acme, "--model", "default", "--output", run, *DISTRIBUTION, *DAY)
    assert done.exit_code == 0, done.stderr
    record = json.loads((run / "run.json").read_text())
    assert record["parameters"]["ignored_roles"] == ["distribution"]
    assert record["left_out"]["rows of deal_partners in ignored roles"] == 3
    assert record["counts"]["pairs_with_joint_wins"] == 3


def test_explain_and_team_tell_of_the_others_alone(ask, acme, tmp_path):
    pair = ("explain", acme, "ann", "dist", "--model", "default", "--json", *DAY)
    plain, without = (json.loads(ask(*pair, *more).stdout) for more in ((), DISTRIBUTION))
    assert len(plain["shared_deals"]) == 2
    assert without["shared_deals"] == []
    team = ("team", acme, "--deal", "d-1", "--model", "default", "--output", tmp_path / "run")
    done = ask(*team, *DISTRIBUTION, *DAY)
    assert done.exit_code == 0, done.stderr
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["parameters"]["ignored_roles"] == ["distribution"]


@pytest.mark.parametrize(
    "command",
    [
        ("recommend", "--model", "default"),
        ("explain", "ann", "bob", "--model", "default"),
        ("team", "--deal", "d-1", "--model", "default"),
        ("evaluate", "--cutoff", "2024-01-01"),
        ("train", "--output", "nowhere"),
    ],
    ids=lambda command: command[0],
)
def test_a_role_nobody_has_is_one_error_with_those_there_are(ask, acme, command):
    name, *rest = command
    done = ask(name, acme, *rest, "--ignore-role", "distributon", "--quiet")
    assert done.exit_code == 1
    assert "'distributon'; the roles given are 'distribution', 'lead', 'resale'" in done.stderr
    assert "Did you mean 'distribution'?" in done.stderr
