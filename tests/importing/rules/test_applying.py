from datetime import date

import pytest

from ecosystem_graph.errors import DataError

BADGES = (
    "Company,E-Mail,Badge,Issued,Expires,Grade\n"
    "Acme,ann@acme.example,Cloud,01.02.2025,01.02.2027,low\n"
    "Acme,ANN@acme.example,Cloud,05.01.2025,05.01.2028,top\n"
    "Acme,bob@acme.example,Cloud,,,low\n"
    "Bond,eve@bond.example,Cloud,01.03.2025,,\n"
    ",eve@bond.example,,01.03.2025,,\n"
)
MAPPING = """
schema = 1
[tables.partners.one]
from = "badges"
where = { Company = { empty = false } }
columns = { partner_id = "Company", name = "Company" }
[tables.partner_capabilities.badges]
from = "badges"
group = true
columns.partner_id = "Company"
columns.capability_id = "Badge"
columns.evidence = { const = "certified" }
columns.valid_from = { field = "Issued", take = "min" }
columns.valid_to = { field = "Expires", take = "max" }
columns.level = { count = "people", of = "E-Mail" }
columns.source = { field = "Grade", take = ["top", "low"] }
"""


def test_rows_with_one_key_are_put_together_and_people_only_counted(exports, tmp_path):
    imported = exports({"badges.csv": BADGES}, MAPPING)
    columns = ("partner_id", "valid_from", "valid_to", "level", "source")
    assert imported.tables["partner_capabilities"].select(columns).rows() == [
        ("Acme", date(2025, 1, 5), date(2028, 1, 5), "2", "top"),
        ("Bond", date(2025, 3, 1), None, "1", None),
    ]
    (rule,) = [one for one in imported.account.rules if one.table == "partner_capabilities"]
    assert (rule.read, rule.written, rule.rows) == (5, 4, 2)
    assert sum(rule.left_out.values()) == 1
    imported.write(tmp_path / "out", format="csv")
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))
    assert b"acme.example" not in written


DEALS = "Deal,Value,Cur\nd1,{value},{currency}\n"
MONEY = """
schema = 1
[settings]
{settings}
[tables.partners.one]
from = "deals"
columns = {{ partner_id = {{ const = "p" }}, name = {{ const = "p" }} }}
[tables.deals.one]
from = "deals"
columns = {{ deal_id = "Deal", amount = "Value", currency = "Cur", outcome = {{ const = "open" }} }}
[tables.deal_partners.one]
from = "deals"
columns = {{ deal_id = "Deal", partner_id = {{ const = "p" }} }}
"""


def amount(exports, value, currency="", settings=""):
    sheet = DEALS.format(value=value, currency=currency)
    imported = exports({"deals.csv": sheet}, MONEY.format(settings=settings))
    return imported.tables["deals"].select("amount", "currency").row(0), imported.account.notes


@pytest.mark.parametrize(
    ("value", "currency", "settings", "expected"),
    [
        ("12.5", "USD", "", (12.5, "USD")),
        ("€12.5", "", "", (12.5, "EUR")),
        ("€12.5", "CHF", "", (12.5, "CHF")),
        ("12.5", "", 'currency = "GBP"', (12.5, "GBP")),
        ("$12.5", "", 'currency = "USD"', (12.5, "USD")),
        ("$12.5", "CAD", "", (12.5, "CAD")),
    ],
)
def test_the_currency_is_that_of_its_column_else_of_the_cell_else_of_the_settings(
    exports, value, currency, settings, expected
):
    assert amount(exports, value, currency, settings)[0] == expected


def test_a_sign_that_several_currencies_share_is_asked(exports):
    with pytest.raises(DataError, match=r'several currencies share.*\[settings\] currency = "USD"'):
        amount(exports, "$12.5")


def test_an_amount_without_a_currency_and_an_unknown_code_are_noted(exports):
    row, notes = amount(exports, "12.5")
    assert row == (12.5, None)
    assert any("1 amounts have no currency" in note for note in notes)
    _, notes = amount(exports, "12.5", "XQX")
    assert any("'XQX' is no currency of ISO 4217" in note for note in notes)
