"""Teams as a folder: one line each, with the record and the timings of any run."""

import json

import pytest

from ecosystem_graph import OutputError, Request, TeamOptions, form_teams, write_team_run


def test_a_line_is_a_team_and_says_who_is_not_in_it_if_asked(make_tables, tmp_path):
    tables = make_tables(
        wins={"won": "ann bob"},
        deals={"d": {"outcome": "open"}},
        deal_requirements={"d": "crm"},
        partner_capabilities={"ann": ["crm"]},
        partners="cy",
    )
    done = form_teams(
        tables,
        request=Request(deal="d"),
        options=TeamOptions(why_not="cy"),
        as_of="2025-01-01",
    )
    write_team_run(done, tmp_path / "run")
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "teams.jsonl",
        "run.json",
        "timings.json",
    }
    (row,) = map(json.loads, (tmp_path / "run" / "teams.jsonl").read_text().splitlines())
    assert row["id"] == "d"
    assert [member["partner_id"] for member in row["team"]] == ["ann"]
    assert row["why_not"]["partner_id"] == "cy"
    assert json.loads((tmp_path / "run" / "run.json").read_text()) == done.record
    with pytest.raises(OutputError, match="exists already"):
        write_team_run(done, tmp_path / "run")
