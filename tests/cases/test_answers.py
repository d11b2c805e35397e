"""Lists and teams that can be trusted, however little there is to go by."""

import json
from itertools import pairwise

import pytest


def test_capabilities_alone_are_enough_and_equal_scores_stand_in_the_order_of_the_gap(acme):
    for name in ("deals", "deal_partners", "deal_requirements", "csat"):
        del acme.tables[name]
    rows = acme.recommended("--as-of", "2025-06-01")["recommendations"]
    assert {row["partner_id"] for row in rows} == set(acme.tables["partners"]["partner_id"])
    for row, following in pairwise(rows):
        if row["partner_id"] == following["partner_id"] and row["score"] == following["score"]:
            assert row["gain"] >= following["gain"]


def test_where_nothing_tells_candidates_apart_that_is_said(acme):
    for name in ("deals", "deal_partners", "deal_requirements", "csat"):
        del acme.tables[name]
    everybody = [
        {"partner_id": p, "capability_id": "x"} for p in acme.tables["partners"]["partner_id"]
    ]
    acme.tables["partner_capabilities"] = acme.tables["partner_capabilities"].head(0)
    acme.add("partner_capabilities", *everybody)
    done = acme.ask("recommend", "--model", "default", "--as-of", "2025-06-01")
    assert done.exit_code == 0
    told = done.stdout + done.stderr
    assert "nothing" in told or "equal" in told or "same" in told


def test_a_list_of_equals_is_not_in_the_order_of_ids(acme):
    """Whoever comes first in the alphabet must not stand in every list for it."""
    for name in ("deals", "deal_partners", "deal_requirements", "csat"):
        del acme.tables[name]
    ids = [f"q-{n:02}" for n in range(40)]
    acme.tables["partners"] = acme.tables["partners"].head(0).select("partner_id", "name")
    acme.add("partners", *({"partner_id": p, "name": f"Firm {p}"} for p in ids))
    acme.tables["partner_capabilities"] = acme.tables["partner_capabilities"].head(0)
    acme.add("partner_capabilities", *({"partner_id": p, "capability_id": "x"} for p in ids))
    listed = [collaborator for _, _, collaborator, _ in acme.lists("--as-of", "2025-06-01")]
    assert max(map(listed.count, ids)) < 35


@pytest.mark.parametrize("command", ["recommend", "evaluate"])
def test_one_hub_with_two_hundred_spokes_comes_to_an_end(acme, command):
    spokes = [f"s-{n:03}" for n in range(200)]
    acme.add("partners", *({"partner_id": s, "name": f"Spoke {s}"} for s in spokes))
    days = {"opened_on": "2023-01-01", "outcome": "won"}
    deals = [(f"h-{n}", s, f"2023-{n % 12 + 1:02}-15") for n, s in enumerate(spokes)]
    acme.add("deals", *({"deal_id": d, "closed_on": day, **days} for d, _, day in deals))
    pairs = [(d, p) for d, s, _ in deals for p in ("p-1", s)]
    acme.add("deal_partners", *({"deal_id": d, "partner_id": p} for d, p in pairs))
    more = ["--cutoff", "2023-06-01"] if command == "evaluate" else []
    assert acme.ask(command, "--model", "default", *more).exit_code == 0


@pytest.mark.parametrize("command", ["recommend", "team"])
def test_more_deals_than_partners_can_be_asked_about(acme, command):
    for deal in ("d-001", "d-022", "d-043"):
        done = acme.ask(command, "--deal", deal, "--model", "default", "--as-of", "2025-06-01")
        assert done.exit_code == 0, done.stderr


def test_the_answer_to_a_need_does_not_depend_on_its_line(acme, tmp_path):
    needs = [
        {"capabilities": {c: 1}, "lead": p} for p in ("p-1", "p-4") for c in ("wireless", "backup")
    ]
    answers = []
    for order, lines in (("down", needs), ("up", needs[::-1])):
        file = tmp_path / f"{order}.jsonl"
        file.write_text("".join(json.dumps({"id": str(needs.index(n)), **n}) + "\n" for n in lines))
        done = acme.ask("team", "--requirements", file, "--model", "default", "--json")
        assert done.exit_code == 0, done.stderr
        told = json.loads(done.stdout)
        teams = told["teams"] if isinstance(told, dict) else told
        teams = teams.values() if isinstance(teams, dict) else teams
        answers.append(sorted(json.dumps([t["requirement"], t["team"]]) for t in teams))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("weight", ["1e-310", "5e-324", "0", "1e12"])
@pytest.mark.parametrize("table", ["deal_requirements", "objectives", "territories"])
def test_weights_next_to_nothing_make_no_score_that_is_no_number(acme, weight, table):
    ids = [{"partner_id": p} for p in acme.tables["partners"]["partner_id"]]
    more = {
        "objectives": {"kind": "capability", "target": "backup", "weight": weight},
        "territories": {"territory": "DE", "share": "0" if weight == "1e12" else weight},
    }
    if table in more:
        acme.tables[table] = acme.tables["partners"].head(0).select("partner_id")
        acme.add(table, *({**row, **more[table]} for row in ids))
    else:
        acme.change(table, weight=weight)
    for _, _, _, score in acme.lists("--capacity", "3"):
        assert isinstance(score, float)


def test_renaming_partners_renames_them_in_the_answer_and_nothing_else(acme, clean_lists):
    """Names begin in another order: what follows the alphabet would show."""
    other = {f"p-{n}": f"{chr(ord('z') - n)}{n}" for n in range(1, 9)}
    for name in ("partners", "partner_capabilities", "deal_partners", "csat"):
        acme.change(name, partner_id=other.get)
    renamed = sorted((other[a], rank, other[b], score) for a, rank, b, score in clean_lists)
    found = sorted(acme.lists())
    assert [row[:3] for row in found] == [row[:3] for row in renamed]
    assert [row[3] for row in found] == pytest.approx([row[3] for row in renamed], abs=1e-6)


def test_the_order_of_rows_and_columns_changes_nothing(acme, clean_lists):
    for name, table in acme.tables.items():
        acme.tables[name] = table.reverse().select(reversed(table.columns))
    assert sorted(acme.lists()) == sorted(clean_lists)


INTRODUCED = ["declined", "introduced", "accepted", "won"]


@pytest.mark.parametrize("status", INTRODUCED)
def test_a_pair_that_was_introduced_is_not_proposed_as_if_nothing_had_been(acme, status):
    first = min(pair[:3:2] for pair in acme.lists() if pair[1] == 1)
    acme.tables["introductions"] = acme.tables["partners"].head(0).select("partner_id")
    told = {"introduction_id": "i-1", "introduced_on": "2025-05-01", "status": status}
    told |= {"decided_on": "2025-05-10"} if status != "introduced" else {}
    acme.add("introductions", {"partner_id": first[0], "collaborator_id": first[1], **told})
    acme.write()
    rows = [row for row in acme.recommended()["recommendations"] if row["rank"]]
    again = [row for row in rows if (row["partner_id"], row["collaborator_id"]) == first]
    assert not again or any(status in flag for flag in again[0].get("flags", []))


def test_who_states_no_capacity_is_not_everybodys_star(acme):
    acme.change("partners", intro_capacity=["2", "2", "2", "2", None, None, None, None])
    done = acme.ask("recommend", "--model", "default", "-k", "7")
    assert done.exit_code == 0
    assert "intro_capacity" in done.stdout + done.stderr
    listed = [collaborator for _, _, collaborator, _ in acme.lists("-k", "7")]
    assert max(map(listed.count, set(listed))) <= 2


def test_thin_business_is_no_full_competition(acme):
    acme.tables["offerings"] = acme.tables["partners"].head(0).select("partner_id")
    acme.add("offerings", *({"partner_id": p, "product_id": "vpn"} for p in ("p-2", "p-6")))
    rows = acme.recommended("--include-known")["recommendations"]
    rivals = [r for r in rows if {r["partner_id"], r["collaborator_id"]} == {"p-2", "p-6"}]
    assert all(0 < row["competition"] < 1 for row in rivals)
