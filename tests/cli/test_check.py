"""`check`: problems, notes and quarantine."""

import json

import polars as pl

TRIO = {"wins": ["ann bob", "bob cy"]}


def test_check_of_sound_tables_is_0_and_tells_their_size(ask, folder):
    data = folder(**TRIO)
    done = ask("check", data)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"{data} has no problems",
        "partners: 3 rows",
        "deals: 2 rows",
        "deal_partners: 4 rows",
    ]


def test_check_of_notes_alone_is_0(ask, folder):
    done = ask("check", folder(**TRIO, partners={"ann": {"country": "DACH"}}))
    assert done.exit_code == 0
    assert "note: partners.csv  country: no ISO 3166 code" in done.stdout


def test_check_tells_every_problem_in_order(ask, texts):
    data = texts(
        partners="partner_id,name\nann,\nann,Ann\n",
        partner_capabilities="partner_id,capability_id\ncy,crm\n",
    )
    done = ask("check", data)
    assert done.exit_code == 1
    assert [line.split("  ")[1] for line in done.stdout.splitlines() if line.startswith("  ")] == [
        "partners.csv:2",
        "partners.csv:3",
        "partner_capabilities.csv:2",
    ]
    assert done.stdout.startswith(f"{data} has 3 problems\n")


def test_check_tells_a_fault_once_and_every_row_if_asked(ask, texts):
    rows = "".join(f"p-{n},N,soon\n" for n in range(500))
    data = texts(
        partners="partner_id,name,joined_on\n" + rows,
        partner_capabilities="partner_id,capability_id\np-1,crm\n",
    )
    told = ask("check", data).stdout.splitlines()
    assert told[0] == f"{data} has 500 problems, of 1 kind"
    assert "the same in 499 more rows" in told[2]
    assert len(told) < 10
    assert len(ask("check", data, "--all").stdout.splitlines()) > 500


def test_check_quiet_tells_no_notes(ask, folder):
    data = folder(**TRIO, partners={"ann": {"country": "DACH"}})
    assert "note:" in ask("check", data).stdout
    assert "note:" not in ask("check", data, "--quiet").output


def test_check_as_json(ask, texts):
    done = ask("check", texts(partners="partner_id,name\nann,\n"), "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert {problem["table"] for problem in told["problems"]} == {"partners", "deals"}


def test_check_can_set_bad_rows_aside(ask, texts, tmp_path):
    data = texts(
        partners="partner_id,name\nann,Ann\nbob,\n",
        partner_capabilities="partner_id,capability_id\nann,crm\n",
    )
    done = ask("check", data, "--quarantine", tmp_path / "aside")
    assert done.exit_code == 1
    assert "set aside 1 row of partners" in done.stderr
    assert pl.read_csv(tmp_path / "aside" / "partners.csv")["quarantine_row"].to_list() == [3]
