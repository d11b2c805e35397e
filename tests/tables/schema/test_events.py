"""Which columns date events, and the last date that is credible."""

from datetime import date, timedelta

import polars as pl

from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.events import (
    EVENTS,
    event_date,
    last_before_gap,
    last_credible,
)

DAYS = [date(2024, 1, 1) + timedelta(days=day) for day in range(30)]


def gap(*far, days=DAYS):
    return last_before_gap([pl.Series([*days, *far])])


def test_every_event_column_is_declared_as_a_date():
    for table, columns in EVENTS.items():
        schema = TABLES[table].create_empty().schema
        assert {schema[column] for column in columns} == {pl.Date}


def test_the_expected_closing_date_of_an_open_deal_is_no_event():
    deals = pl.DataFrame({"outcome": ["open", "won", None], "closed_on": DAYS[:3]})
    dates = deals.select(event_date("closed_on").alias("day"))["day"].to_list()
    assert dates == [None, *DAYS[1:3]]


def test_one_or_two_dates_after_two_years_are_not_credible():
    far = DAYS[-1] + timedelta(days=732)
    assert gap(far) == DAYS[-1]
    assert gap(far, far) == DAYS[-1]
    assert gap(far, far, far) is None
    assert gap(far - timedelta(days=1)) is None


def test_few_dates_are_no_ground_to_doubt_another():
    assert gap(date(2099, 1, 1), days=DAYS[:9]) is None
    assert gap(date(2099, 1, 1), days=DAYS[:10]) == DAYS[9]


def test_one_date_twenty_years_later_is_not_credible_unless_most_rows_have_it():
    never = date(2099, 12, 31)
    assert gap(*[never] * 25) == DAYS[-1]
    assert gap(*[never] * 31) is None


def test_all_tables_are_judged_together():
    frames = {
        "partners": pl.DataFrame({"joined_on": DAYS}),
        "csat": pl.DataFrame({"responded_on": [date(2199, 1, 1)]}),
    }
    assert last_credible(frames) == DAYS[-1]
    assert last_credible({}) is None
