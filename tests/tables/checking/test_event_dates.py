"""Days of events, and those that cannot be right."""

from datetime import date, timedelta

import polars as pl
import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.tables import check_tables, read_tables

FIRST = date(2023, 1, 1)


def ecosystem(n=20, **columns):
    """Partners, and deals closed a month apart unless columns say otherwise."""
    days = [FIRST + timedelta(days=30 * number) for number in range(n)]
    deals = pl.DataFrame(
        {
            "deal_id": [f"d-{number}" for number in range(n)],
            "closed_on": days,
            "outcome": ["won"] * n,
        }
    ).with_columns(**columns)
    seats = deals.select("deal_id", partner_id=pl.lit("p-1"))
    partners = pl.DataFrame({"partner_id": ["p-1", "p-2"], "name": ["Acme", "Bolt"]})
    return {"partners": partners, "deals": deals, "deal_partners": seats}


def first(value, column="closed_on"):
    """The column with another value in its first row."""
    return pl.when(pl.col("deal_id") == "d-0").then(value).otherwise(column)


def messages(source):
    return [str(problem) for problem in check_tables(source).problems]


@pytest.mark.parametrize("far", [date(2034, 6, 1), date(2199, 12, 31)])
def test_a_lone_day_far_beyond_all_others_is_a_problem_that_names_the_row(far, tmp_path):
    source = ecosystem(closed_on=first(far))
    assert messages(source) == [
        f"deals:1  closed_on {far} of deal_id 'd-0' lies far beyond all others: nothing else "
        "happened after 2024-07-24. Give the right day."
    ]
    kept = read_tables(source, quarantine=tmp_path / "aside")
    assert kept.default_as_of() == date(2024, 7, 25)


@pytest.mark.parametrize("table", ["csat", "introductions", "partners"])
def test_days_of_every_kind_of_event_are_looked_at(table):
    far = date(2150, 1, 1)
    source = ecosystem()
    answer = {"response_id": ["r"], "partner_id": ["p-1"], "responded_on": [far]}
    scale = {"score": [4.0], "scale_min": [1.0], "scale_max": [5.0], "kind": ["csat_mean"]}
    pair = {"partner_id": ["p-1"], "collaborator_id": ["p-2"], "status": ["introduced"]}
    source[table] = {
        "csat": pl.DataFrame({**answer, **scale}),
        "introductions": pl.DataFrame({"introduction_id": ["i"], **pair, "introduced_on": [far]}),
        "partners": source["partners"].with_columns(joined_on=pl.Series([far, FIRST])),
    }[table]
    (told,) = messages(source)
    assert f" {far} of " in told


def test_one_day_decades_after_all_others_stands_for_none_however_often_it_stands():
    rare = pl.col("deal_id").is_in(["d-0", "d-1", "d-2", "d-3", "d-4"])
    told = messages(
        ecosystem(closed_on=pl.when(rare).then(date(2099, 12, 31)).otherwise("closed_on"))
    )
    assert len(told) == 5
    assert all("2099-12-31" in message and "far beyond" in message for message in told)


def test_days_decades_after_those_that_systems_write_for_none_are_none_of_these():
    partners = pl.DataFrame(
        {
            "partner_id": [f"p-{number}" for number in range(40)],
            "name": [f"Firm {number}" for number in range(40)],
            "joined_on": [date(1970, 1, 1)] * 40,
        }
    )
    assert messages({**ecosystem(), "partners": partners}) == []


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"closed_on": first(date(2026, 7, 1))},
        {"closed_on": first(date(2099, 1, 1)), "outcome": first(pl.lit("open"), "outcome")},
        {"closed_on": first(date(1971, 1, 1))},
    ],
)
def test_a_day_within_reach_or_expected_or_long_ago_is_none(columns):
    assert messages(ecosystem(**columns)) == []


def test_business_taken_up_again_after_years_is_no_slip():
    later = pl.when(pl.col("closed_on") > date(2024, 3, 1)).then(
        pl.col("closed_on").dt.offset_by("4y")
    )
    assert messages(ecosystem(closed_on=later.otherwise("closed_on"))) == []


def test_of_very_many_one_in_a_hundred_may_be_a_placeholder():
    n = 1_000
    day = pl.lit(FIRST) + pl.duration(days=pl.int_range(n) % 300)
    never = pl.lit(date(2034, 12, 31))
    told = [
        len(
            messages(
                ecosystem(n, closed_on=pl.when(pl.int_range(n) < few).then(never).otherwise(day))
            )
        )
        for few in (9, 30)
    ]
    assert told == [9, 0]


def test_deals_of_which_none_ended_on_a_day_are_a_problem(tmp_path):
    nothing = pl.lit(None, pl.Date)
    source = ecosystem(closed_on=nothing)
    told = "deals  closed_on is empty in all 20 won or lost deals: nothing would be left. "
    assert messages(source) == [told + "Say when they were closed."]
    with pytest.raises(DataError, match="closed_on is empty in all 20"):
        read_tables(source, quarantine=tmp_path / "aside")
    assert messages(ecosystem(closed_on=nothing, outcome=pl.lit("open"))) == []
