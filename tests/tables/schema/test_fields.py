"""Constructors of columns and rules."""

from datetime import date

import polars as pl
import pytest

from ecosystem_graph.tables.schema.columns import column_fact
from ecosystem_graph.tables.schema.fields import (
    Table,
    choice,
    day,
    key,
    not_before,
    number,
    rule,
    text,
    two_different_partners,
)


class Pairs(Table):
    """Pairs of partners, for these tests."""

    partner_id = key("One.")
    collaborator_id = key("The other.")
    first = day("First.")
    last = day("Last.")

    _in_order = not_before("last", "first")
    _different = two_different_partners()

    @rule("first {first} is no leap day.")
    def _leap(cls) -> pl.Expr:
        return pl.col("first").dt.day() == 29


def rows(**row):
    plain = {"partner_id": "a", "collaborator_id": "b", "first": date(2024, 2, 29), "last": None}
    return pl.DataFrame([plain | row], schema_overrides={"last": pl.Date})


@pytest.mark.parametrize(
    ("row", "valid"),
    [
        ({}, True),
        ({"last": date(2024, 2, 29)}, True),
        ({"last": date(2024, 2, 28)}, False),
        ({"collaborator_id": "a"}, False),
        ({"first": date(2024, 2, 28)}, False),
        ({"partner_id": None}, False),
        ({"first": date(1960, 2, 29)}, False),
    ],
)
def test_rules_ranges_and_keys_decide_whether_a_row_is_valid(row, valid):
    assert Pairs.is_valid(rows(**row)) is valid


def test_no_two_rows_have_the_same_key():
    assert not Pairs.is_valid(pl.concat([rows(), rows()]))
    assert Pairs.is_valid(pl.concat([rows(), rows(collaborator_id="c")]))


def test_a_key_is_required_text_and_other_columns_may_be_empty():
    assert (key("Id.").nullable, text("Text.").nullable, day("Day.").nullable) == (
        False,
        True,
        True,
    )
    assert column_fact(key("Id.", "deals.deal_id"), "refers_to") == "deals.deal_id"


def test_a_choice_keeps_its_list_and_its_synonyms():
    column = choice(("won", "lost"), "End.", also={"win": "won"}, perhaps={"signed": "won"})
    assert list(column.categories) == ["won", "lost"]
    assert column_fact(column, "also") == {"win": "won"}
    assert column_fact(column, "perhaps") == {"signed": "won"}


def test_a_number_has_the_range_given():
    column = number("Share.", required=True, least=0, most=1)
    assert (column.min, column.max, column.nullable) == (0, 1, False)
