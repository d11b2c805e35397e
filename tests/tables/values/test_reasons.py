"""Why a value cannot be converted, and what could be."""

from datetime import datetime

import polars as pl
import pytest

from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.reasons import shown, why_not


@pytest.mark.parametrize(
    ("table", "column", "value", "kind", "message"),
    [
        ("deals", "outcome", "N/A", "missing value as a word", "is not allowed. Write nothing"),
        ("deals", "outcome", "Launched", "not allowed", "Is it 'won'?"),
        ("deals", "outcome", "maybe", "not allowed", "one of won, lost, open, withdrawn."),
        ("deals", "closed_on", "44571", "spreadsheet day number", "(2022-01-10)"),
        ("deals", "closed_on", "+12024-01-01", "out of range", "1970-01-01 to 2200-12-31"),
        ("deals", "closed_on", "3/4/2024", "day or month first", "would be a guess"),
        ("deals", "amount", "1,234", "thousands or decimals", "could be 1234 or 1.234"),
        ("deals", "amount", "12 EUR", "not a number", "without separators or units"),
        ("csat", "n", "2.5", "not a whole number", "write it like 12"),
        ("partners", "participates", "perhaps", "not true or false", "yes, no, 1 and 0"),
        ("partners", "partner_id", "a\x07b", "control character", "U+0007"),
    ],
)
def test_each_kind_of_value_has_its_reason(table, column, value, kind, message):
    found, text = why_not(TABLES[table].columns()[column], value)
    assert found == kind
    assert message in text


def test_values_of_any_type_become_text_even_outside_the_calendar():
    assert shown(pl.Series([1.5, None])).to_list() == ["1.5", None]
    assert shown(pl.Series([datetime(2024, 1, 31)])).to_list() == ["2024-01-31 00:00:00.000000"]
    far = pl.Series([2**62], dtype=pl.Datetime("ms"))
    assert shown(far).str.contains(r"^\+?\d{5,}-\d\d-\d\d$").all()
