import polars as pl
import pytest

from ecosystem_graph.tables import likely_one_company

TWO = """
schema = 1
[inputs.crm]
file = "crm.csv"
[inputs.prm]
file = "prm.csv"
[inputs.deals]
file = "deals.csv"
[identity]
system = "crm"
from = "crm"
systems = { duns = "Duns" }
[tables.partners.crm]
from = "crm"
columns.partner_id = "Id"
columns.name = "Name"
columns.country = "Country"
columns.parent_id = "Parent"
[tables.partners.prm]
from = "prm"
columns.partner_id = { text = "prm:{No}" }
columns.name = "Name"
columns.tier = "Tier"
[tables.deals.deals]
from = "deals"
columns.deal_id = "Deal"
columns.closed_on = "Closed"
columns.outcome = { const = "won" }
[tables.deal_partners.deals]
from = "deals"
columns.deal_id = "Deal"
columns.partner_id = "Partner"
"""
FILES = {
    "crm.csv": "Id,Name,Country,Parent,Duns\n"
    "c-2,Acme Inc,,c-4,150483782\nc-1,Acme,US,,15-048-3782\nc-3,Birch,DE,c-2,\nc-4,Core,DE,,1\n",
    "prm.csv": "No,Name,Tier\n7,Acme,Gold\n8,Birch,Silver\n",
    "deals.csv": "Deal,Closed,Partner\nd-1,2026-01-02,c-1\nd-1,2026-01-02,c-2\n"
    "d-2,2026-01-03,prm:7\n",
}


@pytest.fixture
def imported(exports, tmp_path):
    def run(*duplicates):
        review = tmp_path / "acme.review"
        review.mkdir(exist_ok=True)
        lines = ["decision,partner_id,other_id", *map(",".join, duplicates)]
        (review / "duplicates.csv").write_text("\n".join(lines) + "\n")
        return exports(FILES, TWO, review=review)

    return run


def partners(imported):
    columns = ["partner_id", "name", "country", "tier", "parent_id"]
    return imported.tables["partners"].select(columns).rows()


def seats(imported):
    return imported.tables["deal_partners"].select("deal_id", "partner_id").rows()


def aliases(imported):
    return imported.tables["aliases"].select("system", "value", "partner_id").rows()


def test_two_records_with_one_number_are_one_partner_with_the_first_values_of_both(imported):
    result = imported()
    assert partners(result)[:2] == [
        ("c-1", "Acme", "US", None, "c-4"),
        ("c-3", "Birch", "DE", None, "c-1"),
    ]
    assert seats(result) == [("d-1", "c-1"), ("d-2", "prm:7")]
    assert ("crm", "c-2", "c-1") in aliases(result)
    assert ("duns", "150483782", "c-1") in aliases(result)
    assert any("1 by duns" in note for note in result.account.notes)
    assert ("c-1", "c-2") not in result.duplicates.select("partner_id", "other_id").rows()


def test_records_that_were_decided_to_be_the_same_are_one_partner(imported):
    result = imported(("same", "prm:7", "c-2"), ("family", "c-4", "c-3"))
    assert partners(result) == [
        ("c-1", "Acme", "US", "Gold", "c-4"),
        ("c-3", "Birch", "DE", None, "c-4"),
        ("c-4", "Core", "DE", None, None),
        ("prm:8", "Birch", None, "Silver", None),
    ]
    assert seats(result) == [("d-1", "c-1"), ("d-2", "c-1")]
    assert ("prm", "7", "c-1") in aliases(result)


def test_records_that_were_decided_to_be_different_stay_two(imported):
    result = imported(("different", "c-1", "c-2"))
    assert [row[0] for row in partners(result)] == ["c-1", "c-2", "c-3", "c-4", "prm:7", "prm:8"]
    assert seats(result) == [("d-1", "c-1"), ("d-1", "c-2"), ("d-2", "prm:7")]


def test_partners_that_are_different_may_be_recommended_to_each_other(imported):
    result = imported(("different", "c-1", "prm:7"), ("different", "c-3", "prm:7"))
    told = result.tables["aliases"].filter(system="distinct")
    assert told.rows() == [("distinct", "c-3", "prm:7"), ("distinct", "prm:7", "c-1")]
    assert likely_one_company(
        result.tables["partners"].filter(pl.col("partner_id").is_in(["c-1", "prm:7"])),
        result.tables["aliases"],
    ).is_empty()


def test_one_name_is_a_question_that_is_not_asked_again(imported):
    assert imported().duplicates.select("partner_id", "other_id", "why").rows() == [
        ("c-1", "prm:7", "one name"),
        ("c-3", "prm:8", "one name"),
    ]
    left = imported(("different", "c-1", "prm:7"), ("family", "c-3", "prm:8"))
    assert left.duplicates.is_empty()


def test_every_row_of_every_input_is_accounted_for(imported):
    for rule in imported(("same", "prm:7", "c-2")).account.rules:
        assert rule.written + sum(rule.left_out.values()) == rule.read, rule
