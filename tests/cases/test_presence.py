"""Nobody and nothing is gone unsaid: who has a deal is there, and what is left out is counted."""

import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, read_tables


def test_partners_loaded_after_their_deals_are_there_all_the_same(acme, clean_lists):
    acme.change("partners", joined_on="2025-12-01")
    assert acme.ask("check").exit_code == 0
    clean = {pair[:3:2] for pair in clean_lists}
    assert {pair[:3:2] for pair in acme.lists("--as-of", "2025-06-01")} == clean


def test_half_of_them_loaded_later_changes_no_pair(acme, clean_lists):
    acme.change("partners", joined_on=["2020-01-01"] * 4 + ["2025-12-01"] * 4)
    assert acme.lists("--as-of", "2025-05-26") == clean_lists


def test_a_partner_without_a_deal_that_joins_later_is_counted_and_named_when_asked_for(acme):
    acme.change("partners", joined_on="2020-01-01")
    acme.add("partners", {"partner_id": "p-9", "name": "Isle Labs", "joined_on": "2026-03-01"})
    told = acme.recommended("--as-of", "2025-06-01")
    assert sum(told["left_out"].values()) == 1
    done = acme.ask("recommend", "--model", "default", "--as-of", "2025-06-01", "--partner", "p-9")
    assert done.exit_code == 1
    assert "2026-03-01" in done.stderr


def test_the_usual_day_is_not_before_the_last_partner_joined(acme):
    acme.add("partners", {"partner_id": "p-9", "name": "Isle Labs", "joined_on": "2025-09-01"})
    assert read_tables(acme.write()).default_as_of().isoformat() >= "2025-09-01"


@pytest.mark.parametrize("command", ["recommend", "evaluate", "team", "train"])
def test_a_rival_for_a_tender_that_joined_after_it_stops_no_command(acme, tmp_path, command):
    acme.change("partners", joined_on=["2020-01-01"] * 7 + ["2025-04-01"])
    acme.add("deals", tender("t-1", "won"), tender("t-2", "lost"))
    acme.add("deal_partners", *on("t-1", "p-1", "p-2"), *on("t-2", "p-8"))
    acme.add("deal_requirements", need("t-1"), need("t-2"))
    assert acme.ask("check").exit_code == 0
    more = {
        "recommend": ["--as-of", "2025-01-01"],
        "evaluate": ["--cutoff", "2024-06-01"],
        "team": ["--deal", "d-040", "--as-of", "2025-01-01"],
        "train": ["--output", tmp_path / "model", "--as-of", "2025-01-01"],
    }[command]
    done = acme.ask(command, *more)
    assert done.exit_code == 0 or "Error: " in done.stderr


def tender(deal_id, outcome):
    same = {"customer_id": "c-50", "territory": "DE", "opened_on": "2024-01-01"}
    return {"deal_id": deal_id, "closed_on": "2024-03-01", "outcome": outcome, **same}


def on(deal_id, *partners):
    return [{"deal_id": deal_id, "partner_id": partner} for partner in partners]


def need(deal_id):
    return {"deal_id": deal_id, "capability_id": "wireless"}


def test_an_open_deal_with_only_the_day_it_should_close_is_open(acme):
    acme.add("deals", {"deal_id": "o-1", "outcome": "open", "closed_on": "2026-05-01"})
    acme.add("deal_partners", *on("o-1", "p-4"))
    acme.add("deal_requirements", need("o-1"))
    done = acme.ask("team", "--deal", "o-1", "--model", "default", "--as-of", "2025-06-01")
    assert done.exit_code == 0, done.stderr


def test_won_deals_without_a_day_are_counted_in_left_out(acme):
    for row in (1, 2, 3):
        acme.cell("deals", row, closed_on=None)
    assert "(rows: 3)" in acme.ask("check").stdout
    assert 3 in acme.recommended()["left_out"].values()


def test_a_table_of_which_no_row_can_be_used_is_an_error(acme):
    acme.tables["deals"] = acme.tables["deals"].rename({"closed_on": "ended"})
    done = acme.ask("check")
    assert done.exit_code == 1
    assert "closed_on" in done.stdout
    assert acme.ask("recommend", "--model", "default").exit_code == 1


def test_who_has_won_with_everybody_is_told_so_and_nobody_else_is(acme):
    for n in range(4, 9):
        acme.add("deals", {**tender(f"w-{n}", "won"), "customer_id": f"c-6{n}"})
        acme.add("deal_partners", *on(f"w-{n}", "p-1", f"p-{n}"))
    done = acme.ask("recommend", "--model", "default", "--partner", "p-1")
    assert done.exit_code == 0
    told = done.stdout + done.stderr
    assert "the partners have won with all others" not in told
    assert "p-1" in told or "Anchor" in told
    assert len(acme.recommended()["recommendations"]) > 0


def test_a_deal_that_lost_a_partner_to_the_quarantine_is_no_smaller_team(acme, tmp_path):
    acme.add("deals", tender("t-1", "won"))
    acme.add("deal_partners", *on("t-1", "p-1", "p-404"))
    tables = read_tables(acme.write(), quarantine=tmp_path / "aside")
    graph = EcosystemGraph.from_tables(tables, "2025-06-01")
    teams = dict(zip(graph.deals["deal_id"], graph.team_size, strict=True))
    assert teams.get("t-1", 2) == 2


def test_rows_aside_and_rows_used_are_all_the_rows(acme, tmp_path):
    acme.cell("deals", 7, outcome="sideways")
    acme.cell("partners", 7, name=None)
    acme.cell("csat", 2, score="11")
    given = {name: table.height for name, table in acme.tables.items()}
    tables = read_tables(acme.write(), quarantine=tmp_path / "aside")
    used = {name: tables[name].height for name in given}
    assert {name: used[name] + tables.set_aside.get(name, 0) for name in given} == given
    aside = {path.stem: pl.read_csv(path).height for path in (tmp_path / "aside").glob("*.csv")}
    assert aside == dict(tables.set_aside)
