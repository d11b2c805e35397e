"""Rows are left out by the first rule that applies, and absent partners and deals are explained."""

from datetime import date

import polars as pl
import pytest

from ecosystem_graph.tables.presence import Absent, filtered_by_rules, first_present_parent

DAY = date(2025, 1, 1)


def test_a_row_is_counted_under_the_first_rule_that_applies():
    frame = pl.DataFrame({"n": [1, 2, 3, 4, None]})
    rules = [("even", pl.col("n") % 2 == 0), ("large", pl.col("n") > 2), ("never", pl.lit(False))]
    kept, left_out = filtered_by_rules(frame, rules)
    assert kept["n"].to_list() == [1, None]
    assert left_out == {"even": 2, "large": 1}


def test_a_frame_that_loses_nothing_is_the_same_object():
    frame = pl.DataFrame({"n": [1, 2]})
    kept, left_out = filtered_by_rules(frame, [("large", pl.col("n") > 2)])
    assert kept is frame
    assert left_out == {}


def test_an_empty_frame_loses_nothing():
    assert filtered_by_rules(pl.DataFrame({"n": []}), [("any", pl.lit(True))])[1] == {}


@pytest.mark.parametrize(
    ("parent", "first"), [("a", "c"), ("b", "c"), ("c", "c"), ("x", "x"), ("z", "z"), (None, None)]
)
def test_absent_parents_are_replaced_by_the_first_parent_that_is_present(parent, first):
    absent = pl.DataFrame({"partner_id": ["a", "b", "z"], "parent_id": ["b", "c", None]})
    parents = pl.Series([parent], dtype=pl.String)
    assert first_present_parent(parents, absent).to_list() == [first]


def absent_deals(**row):
    columns = {"deal_id": "d", "opened_on": None, "closed_on": None, "outcome": "won"}
    schema = Absent().deals.schema
    return Absent(DAY, deals=pl.DataFrame([columns | row], schema=schema))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({}, "deal 'd' is won without closed_on: left out."),
        ({"opened_on": date(2025, 3, 1)}, "deal 'd' is won without closed_on: left out."),
        (
            {"opened_on": date(2025, 3, 1), "outcome": "open"},
            "deal 'd' was opened on 2025-03-01, on or after 2025-01-01.",
        ),
        (
            {"closed_on": date(2025, 3, 1)},
            "deal 'd' was closed on 2025-03-01, on or after 2025-01-01, and has no opened_on that "
            "shows it was open before.",
        ),
    ],
)
def test_an_absent_deal_is_explained(row, why):
    assert absent_deals(**row).why_no_deal("d") == why
    assert absent_deals(**row).why_no_deal("other") is None


def test_an_absent_partner_is_explained_by_id_and_by_name():
    late = {"partner_id": ["p-1"], "name": ["Acme"], "joined_on": [date(2026, 5, 1)]}
    absent = Absent(DAY, pl.DataFrame(late))
    assert absent.why_no_partner("p-1") == absent.why_no_partner("Acme")
    assert absent.why_no_partner("Bolt") is None


def test_the_earlier_of_two_dates_is_kept_and_nothing_new_changes_nothing():
    late = pl.DataFrame({"partner_id": ["p"], "name": ["P"], "joined_on": [date(2026, 5, 1)]})
    absent = Absent().with_more(DAY, late, Absent().deals)
    again = absent.with_more(date(2024, 1, 1), late, Absent().deals)
    assert (absent.as_of, again.as_of) == (DAY, date(2024, 1, 1))
    assert again.partners.height == 2
    assert absent.with_more(date(2024, 1, 1), late.clear(), Absent().deals) is absent
