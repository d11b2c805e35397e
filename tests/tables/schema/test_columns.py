"""Facts of declared tables: keys, references, ranges, rules."""

import dataframely as dy
import polars as pl
import pytest

from ecosystem_graph.tables.schema.columns import (
    Reference,
    allowed,
    column_fact,
    is_identifier,
    key_of,
    kind_of,
    market_columns,
    references,
    row_rules,
)
from ecosystem_graph.tables.schema.fields import Table, choice, day, key, not_before, number, text


class Visits(Table):
    """Visits of partners, for these tests."""

    visit_id = key("Id.")
    partner_id = text("Partner.", refers_to="partners.partner_id")
    place = text("Market.", market=True)
    note = text("Note.")
    mood = choice(("good", "bad"), "Mood.")
    hours = number("Hours.", least=0, most=2e6)
    first = day("First day.", key=True)
    last = day("Last day.")
    count = dy.Int64(nullable=True, min=1)
    paid = dy.Bool(nullable=True)

    _in_order = not_before("last", "first")


COLUMNS = Visits.columns()


def test_keys_references_and_markets_are_those_declared():
    assert key_of(Visits) == ["visit_id", "first"]
    assert references(Visits) == [Reference("partner_id", "partners", "partner_id")]
    assert market_columns(Visits) == ["place"]
    assert column_fact(COLUMNS["paid"], "key") is None


def test_ids_are_keys_references_and_names_that_end_in_id():
    found = [name for name, column in COLUMNS.items() if is_identifier(name, column)]
    assert found == ["visit_id", "partner_id"]
    assert is_identifier("deal_id", COLUMNS["note"])


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("note", "text", ""),
        ("mood", "choice", "one of good, bad"),
        ("hours", "number", "0 to 2,000,000"),
        ("first", "date", "1970-01-01 to 2200-12-31"),
        ("count", "whole number", "1 or more"),
        ("paid", "true or false", ""),
    ],
)
def test_types_and_ranges_are_written_for_users(name, kind, values):
    assert kind_of(COLUMNS[name]) == kind
    assert allowed(COLUMNS[name]) == values


def test_each_range_and_each_rule_gives_one_row_rule():
    rules = row_rules(Visits)
    assert [rule.columns for rule in rules] == [
        ("hours",),
        ("first",),
        ("last",),
        ("count",),
        ("last", "first"),
    ]
    assert rules[0].message == f"hours {{hours}} is out of range: {allowed(COLUMNS['hours'])}."
    assert rules[-1].message == "last {last} is before first {first}."
    assert rules[-1].kind == "last is before first"


def test_a_row_rule_holds_where_a_value_is_missing_and_breaks_where_it_is_out_of_range():
    hours = row_rules(Visits)[0]
    frame = pl.DataFrame({"hours": [0.0, 2e6, -1.0, 3e6, None]})
    assert frame.select(hours.holds).to_series().to_list() == [True, True, False, False, None]
