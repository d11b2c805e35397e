from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.values.dates import order_question, read_dates

DAY = date(2026, 3, 31)


def days(*texts, **options):
    return read_dates(pl.Series(texts, dtype=pl.String), **options).days.to_list()


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "2026-03-31T10:15:00Z",
        "2026-03-31T10:15:00.123+0200",
        "2026-03-31 10:15",
        "2026/3/31",
        "31.03.2026",
        "31.3.2026 23:59",
        "31-Mar-2026",
        "31 March 2026",
        "Mar 31, 2026",
        "Tue, 31 Mar 2026 21:52:58 GMT",
        "20260331",
        "1774915200000",
        "03/31/2026 11:05 PM",
    ],
)
def test_a_day_is_read_in_each_form_that_systems_write(text):
    assert days(text) == [DAY]


@pytest.mark.parametrize(
    "text", ["31/03/26", "2026-02-30", "2011-03-02T04:05:06Z-0300", "soon", "2026-13-01"]
)
def test_what_would_be_a_guess_is_no_date(text):
    assert days(text) == [None]


def test_the_order_of_a_column_is_decided_by_one_part_above_twelve():
    assert days("03/04/2026", "13/04/2026") == [date(2026, 4, 3), date(2026, 4, 13)]
    assert days("03/04/2026", "04/13/2026") == [date(2026, 3, 4), date(2026, 4, 13)]


def test_an_order_that_nothing_decides_is_asked_and_the_setting_answers():
    found = read_dates(pl.Series(["03/04/2026", "05/05/2026"]))
    assert found.undecided.to_list() == ["03/04/2026"]
    assert found.days.to_list() == [None, date(2026, 5, 5)]
    assert 'date_order = "dmy"' in order_question("End Date", found, 1)
    assert days("03/04/2026", order="dmy") == [date(2026, 4, 3)]
    assert days("03/04/2026", order="mdy") == [date(2026, 3, 4)]


def test_two_orders_in_one_column_are_refused_with_an_example_of_each():
    found = read_dates(pl.Series(["13/04/2026", "04/13/2026"]))
    assert found.days.null_count() == 2
    assert found.both_orders == ("13/04/2026", "04/13/2026")
    assert "13/04/2026" in order_question("Closed", found, 2)


def test_an_instant_becomes_its_day_in_the_time_zone_and_a_date_is_not_moved():
    late = ("2026-01-31T23:30:00Z", "2026-01-31", "2026-01-31 23:30")
    berlin = days(*late, timezone="Europe/Berlin")
    assert berlin == [date(2026, 2, 1), date(2026, 1, 31), date(2026, 1, 31)]


def test_instants_that_are_all_at_midnight_utc_are_dates():
    midnights = ("2026-01-31T00:00:00.000Z", "2026-02-01T00:00:00.000Z")
    assert days(*midnights, timezone="America/Denver") == [date(2026, 1, 31), date(2026, 2, 1)]
    mixed = (*midnights, "2026-02-01T12:00:00Z")
    assert days(*mixed, timezone="America/Denver")[0] == date(2026, 1, 30)


def test_a_format_that_is_stated_is_the_only_one():
    assert days("31|03|2026", "2026-03-31", format="%d|%m|%Y") == [DAY, None]


@given(st.lists(st.dates(date(1970, 1, 1), date(2200, 1, 1)), min_size=1))
def test_days_written_with_points_or_names_of_months_are_read_back(dates):
    for form in ("%d.%m.%Y", "%d-%b-%Y", "%Y%m%d", "%Y-%m-%d"):
        assert days(*(day.strftime(form) for day in dates)) == dates


@given(st.datetimes(datetime(1975, 1, 1), datetime(2190, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_read_as_pythons_own_arithmetic_has_it(moment, shift):
    sign, size = ("-", -shift) if shift < 0 else ("+", shift)
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{size // 60:02}:{size % 60:02}"
    utc = moment.replace(microsecond=0) - timedelta(minutes=shift)
    assert days(text, "2026-01-01T12:00:00Z")[0] == utc.date()


@given(st.lists(st.one_of(st.none(), st.text(max_size=12))))
def test_any_text_is_a_day_or_none(texts):
    assert len(days(*texts)) == len(texts)
