import pytest

from ecosystem_graph.errors import DataError

MAPPING = """
schema = 1
[tables.partners.one]
from = "partners"
columns = { partner_id = "Id", name = "Name" }
[tables.deals.one]
from = "deals"
columns = { deal_id = "Deal", outcome = "State", closed_on = "Closed" }
[tables.deal_partners.one]
from = "deals"
columns = { deal_id = "Deal", partner_id = "Partner" }
"""
PARTNERS = "Id,Name\n2,Bond\n1,\n"
DEALS = "Deal,State,Closed,Partner\nd1,won,2025-01-01,2\nd2,hm,2025-01-01,2\nd3,won,2025-01-01,9\n"


def test_problems_have_the_file_and_row_of_the_source_and_come_all_at_once(exports):
    with pytest.raises(DataError) as caught:
        exports({"partners.csv": PARTNERS, "deals.csv": DEALS}, MAPPING)
    found = [(one.file, one.row, one.column) for one in caught.value.problems]
    assert found == [
        ("partners.csv", 3, "name"),
        ("deals.csv", 3, "outcome"),
        ("deals.csv", 4, "partner_id"),
    ]
    assert "deals.csv:4" in str(caught.value)


def test_tables_are_in_the_order_of_their_keys(exports):
    files = {
        "partners.csv": "Id,Name\n2,Bond\n1,Acme\n",
        "deals.csv": "Deal,State,Closed,Partner\nd1,won,2025-01-01,2\n",
    }
    tables = exports(files, MAPPING).tables
    assert tables["partners"]["partner_id"].to_list() == ["1", "2"]
