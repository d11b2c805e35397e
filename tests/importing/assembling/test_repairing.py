from datetime import date

import pytest

DEALS = (
    "Deal,Customer,State,Opened,Closed,Partner\n"
    "d1,c1,open,2025-01-01,2026-09-30,Acme\n"
    "d2,c1,won,2025-06-01,2025-03-01,Acme\n"
    "d3,Acme,won,2025-01-01,2025-03-01,Acme\n"
    "d3,Acme,won,2025-01-01,2025-03-01,Bond\n"
)
MAPPING = """
schema = 1
{settings}
[tables.partners.one]
from = "deals"
columns = {{ partner_id = "Partner", name = "Partner" }}
[tables.deals.one]
from = "deals"
columns.deal_id = "Deal"
columns.customer_id = "Customer"
columns.outcome = "State"
columns.opened_on = "Opened"
columns.closed_on = "Closed"
[tables.deal_partners.one]
from = "deals"
columns = {{ deal_id = "Deal", partner_id = "Partner" }}
"""


def test_what_has_one_sensible_reading_is_repaired_and_counted(exports):
    imported = exports({"deals.csv": DEALS}, MAPPING.format(settings=""))
    days = imported.tables["deals"].select("deal_id", "opened_on", "closed_on").rows()
    assert days[:2] == [("d1", date(2025, 1, 1), None), ("d2", None, date(2025, 3, 1))]
    seats = imported.tables["deal_partners"].select("deal_id", "partner_id").rows()
    assert seats == [("d1", "Acme"), ("d2", "Acme"), ("d3", "Bond")]
    assert imported.account.repairs == {
        "open_deal_closing": 1,
        "opened_after_closed": 1,
        "customer_as_partner": 1,
        "same_row_twice": 3,
    }


@pytest.mark.parametrize("settings", ["[settings]\nrepairs = []"])
def test_repairs_can_be_switched_off(exports, settings):
    imported = exports({"deals.csv": DEALS}, MAPPING.format(settings=settings))
    assert imported.tables["deals"]["closed_on"][0] == date(2026, 9, 30)
    assert imported.tables["deal_partners"].height == 4
    assert "customer_as_partner" not in imported.account.repairs
