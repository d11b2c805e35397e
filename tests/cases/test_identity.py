"""One company is one partner, two are two, and what is no company is no partner."""

import pytest

from ecosystem_graph import read_tables

LONG = {  # how Salesforce tells an id in 15 letters, cases apart, from the same in 18
    "001a0000001AbCd": "001a0000001AbCdAAE",
    "001a0000001AbcD": "001a0000001AbcDAAU",
}


def test_ids_of_15_and_18_letters_are_one_partner(acme):
    short, other = LONG
    names = {"p-1": short, "p-2": other}
    acme.change("partners", partner_id=lambda p: LONG.get(names.get(p, p), p))
    for name in ("partner_capabilities", "deal_partners", "csat"):
        acme.change(name, partner_id=lambda p: names.get(p, p))
    done = acme.ask("check")
    if done.exit_code:
        assert f"Did you mean '{LONG[other]}'?" not in done.stdout.partition(short)[2][:80]
        assert len(done.stdout.splitlines()) < 30
    else:
        assert acme.recommended()["counts"]["partners"] == 8


def test_a_hint_never_names_another_company(acme):
    acme.change("partners", partner_id=lambda p: p.replace("p-", "001x0000002xLC"))
    done = acme.ask("check")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) < 40
    for line in done.stdout.splitlines():
        if "Did you mean" in line:
            asked, meant = (line.split("'")[i] for i in (1, -2))
            assert asked.casefold() in meant.casefold() or meant.casefold() in asked.casefold()


@pytest.mark.parametrize(
    "written",
    [
        "Anchor Analytics Ltd.",
        "ANCHOR ANALYTICS",
        "anchor  analytics GmbH",
        "Anchor Analytics, Inc.",
    ],
)
def test_the_same_company_twice_is_noted_and_never_its_own_collaborator(acme, written):
    acme.add("partners", {"partner_id": "p-9", "name": written, "country": "GB"})
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert written in done.stdout
    pairs = {pair[:3:2] for pair in acme.lists()}
    assert not pairs & {("p-1", "p-9"), ("p-9", "p-1")}


@pytest.mark.parametrize("name", ["Anchor Analytics Nord", "Anchors Analytics", "Analytics Anchor"])
def test_a_company_with_another_name_is_another(acme, name):
    acme.add("partners", {"partner_id": "p-9", "name": name, "country": "GB"})
    assert name not in acme.ask("check").stdout
    assert ("p-1", "p-9") in {pair[:3:2] for pair in acme.lists()}


def test_records_merged_into_another_are_that_other(acme, clean_lists):
    for name in ("partner_capabilities", "deal_partners", "csat"):
        acme.change(name, partner_id=lambda p: "old-5" if p == "p-5" else p)
    acme.tables["aliases"] = acme.tables["partners"].head(0).select("partner_id")
    acme.add("aliases", {"system": "crm", "value": "old-5", "partner_id": "p-5"})
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert acme.lists() == clean_lists


def test_two_roles_on_a_deal_are_one_partner_in_it(acme, clean_lists):
    acme.add("deal_partners", {"deal_id": "d-001", "partner_id": "p-2", "role": "referrer"})
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert acme.lists() == clean_lists


def test_a_row_that_stands_twice_word_for_word_counts_once(acme, clean_lists):
    acme.add("deal_partners", *acme.tables["deal_partners"].to_dicts()[4:7])
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert "3" in done.stdout
    assert acme.lists() == clean_lists


def test_the_same_key_with_other_words_is_a_problem(acme):
    acme.add("partners", {"partner_id": "p-1", "name": "Anchor Analytics", "country": "FR"})
    done = acme.ask("check")
    assert done.exit_code == 1
    assert "p-1" in done.stdout


@pytest.mark.parametrize("table", ["partners", "deal_partners", "deals", "csat"])
def test_a_header_in_the_middle_is_told_and_passed_over(acme, clean_lists, table):
    frame = acme.tables[table]
    header = {name: name for name in frame.columns}
    acme.tables[table] = frame.head(3)
    acme.add(table, header, *frame.tail(-3).to_dicts())
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert "header" in done.stdout
    assert acme.lists() == clean_lists


@pytest.mark.parametrize("word", ["Total", "Grand Total", "TOTAL:"])
def test_a_line_of_totals_is_noticed(acme, word):
    acme.add("partners", {"partner_id": word, "name": "8"})
    done = acme.ask("check")
    assert word in done.stdout


def test_blank_rows_are_no_partners(acme, clean_frames):
    blank = dict.fromkeys(acme.tables["partners"].columns, "  ")
    acme.add("partners", blank, blank)
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert read_tables(acme.folder)["partners"].height == clean_frames["partners"].height
