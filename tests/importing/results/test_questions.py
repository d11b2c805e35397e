import polars as pl

MAPPING = """
schema = 1
[inputs.partners]
file = "partners.csv"
[inputs.deals]
file = "deals.csv"
[identity]
system = "crm"
from = "partners"
systems = { domain = "Website" }
[tables.partners.crm]
from = "partners"
columns.partner_id = "Id"
columns.name = "Name"
columns.country = "Country"
[tables.deals.crm]
from = "deals"
columns.deal_id = "Deal"
columns.outcome = { const = "open" }
[tables.deal_partners.crm]
from = "deals"
columns.deal_id = "Deal"
columns.partner_id = { field = "Partner", match = ["crm", "name"] }
"""
PARTNERS = (
    "Id,Name,Country,Website\np-1,Alder,GB,alder.com\np-2,Alder,NL,alder.com\np-3,Birch,DE,\n"
    "p-4,Birch GmbH,DE,\n"
)


def test_a_name_of_partners_in_two_countries_is_asked_about_at_its_row(exports):
    deals = "Deal,Partner\nd-1,p-1\nd-2,ALDER Ltd\nd-3,p-3\nd-4,alder ltd\n"
    found = exports({"partners.csv": PARTNERS, "deals.csv": deals}, MAPPING)
    columns = ["value", "input", "rows", "first_row", "candidate_id", "candidate_country", "how"]
    assert found.matches.select(columns).rows() == [
        ("ALDER Ltd", "deals", "2", "3", "p-1", "GB", "name"),
        ("ALDER Ltd", "deals", "2", "3", "p-2", "NL", "name"),
    ]
    assert found.tables["deal_partners"]["partner_id"].to_list() == ["p-1", "p-3"]


def test_partners_of_one_name_in_one_country_are_asked_about_with_their_deals(exports):
    deals = "Deal,Partner\nd-1,p-3\nd-2,p-3\nd-3,p-1\n"
    found = exports({"partners.csv": PARTNERS, "deals.csv": deals}, MAPPING)
    assert found.matches.is_empty()
    assert found.duplicates.select(pl.exclude("country", "other_country")).rows() == [
        ("p-3", "Birch", 2, "p-4", "Birch GmbH", 0, "one name")
    ]
