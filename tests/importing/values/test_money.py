import polars as pl
import pytest
from babel import Locale

from ecosystem_graph.importing.values.money import CURRENCIES, read_money


@pytest.mark.parametrize(
    ("text", "amount", "code", "shared"),
    [
        ("€ 1.234,50", "1.234,50", "EUR", False),
        ("1.234,50 €", "1.234,50", "EUR", False),
        ("£5", "5", "GBP", False),
        ("USD 12,000", "12,000", "USD", False),
        ("12000 CHF", "12000", "CHF", False),
        ("$5", "5", None, True),
        ("¥100", "100", None, True),
        ("100 kr", "100", None, True),
        ("7", "7", None, False),
        ("12k", "12k", None, False),
        ("ABC 5", "ABC 5", None, False),
    ],
)
def test_an_amount_and_its_currency_are_told_apart(text, amount, code, shared):
    found = read_money(pl.Series([text, "1"]))
    read = found.amounts[0], found.codes[0], found.shared_sign[0]
    assert read == (amount, code, shared)


def test_every_currency_is_one_that_cldr_knows():
    assert set(Locale("en").currencies) >= CURRENCIES


def test_an_empty_cell_stays_empty():
    found = read_money(pl.Series([None, "€1"]))
    assert found.amounts[0] is None
    assert found.codes[0] is None
