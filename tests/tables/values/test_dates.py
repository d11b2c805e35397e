from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest

from ecosystem_graph.tables.values.dates import dates_of_timestamps, parsed_dates, why_not_a_date

DAY = date(2024, 1, 31)


@pytest.mark.parametrize(
    "stamp",
    [
        "2024-01-31T20:47:07.000Z",
        "2024-01-31T20:47:07+00:00",
        "2024-01-31T20:47:07+0000",
        "2024-01-31 20:47:07+02",
        "2024-01-31 20:47:07.0000000 -08:00",
        "2024-01-31 20:47:07,123",
        "2024-01-31 20:47:07 UTC",
        "2024-01-31T23:59:59-11:00[Pacific/Pago_Pago]",
        "2024-01-31t20:47z",
        "2024-01-31 8:47 PM",
        "2024-01-31T20",
        "20240131T204707Z",
        "2024/01/31 20:47",
        "31-Jan-2024 08:47 PM",
    ],
)
def test_a_time_stamp_is_the_day_it_states_in_its_own_zone(stamp):
    days, cut = parsed_dates(pl.Series([stamp]))
    assert (days.to_list(), cut) == ([DAY], 1)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31",
        "2024-1-31",
        "2024/01/31",
        "2024.01.31",
        "20240131",
        "31-Jan-2024",
        "31 JANUARY 2024",
        "Jan 31, 2024",
        "2024-01-31T00:00:00.000Z",
        "2024-01-31 00:00",
    ],
)
def test_a_day_without_a_time_loses_nothing(text):
    days, cut = parsed_dates(pl.Series([text, None]))
    assert (days.to_list(), cut) == ([DAY, None], 0)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("44571", "spreadsheet day number", "(2022-01-10)"),
        ("44571.75", "spreadsheet day number", "(2022-01-10)"),
        ("1641847627", "Unix time", "(seconds, 2022-01-10)"),
        ("1641847627000", "Unix time", "(milliseconds, 2022-01-10)"),
        ("1641847627000000", "Unix time", "(microseconds, 2022-01-10)"),
        ("1641847627000000000", "Unix time", "(nanoseconds, 2022-01-10)"),
        ("999999999999999999", "Unix time", "(nanoseconds, 2001-09-09)"),
        ("31/01/2024", "day or month first", "a guess"),
        ("01.02.2024", "day or month first", "a guess"),
        ("1-2-2024 10:00", "day or month first", "a guess"),
        ("01/02/24", "two-digit year", "a guess"),
        ("10-Foo-2024", "not a date", "write YYYY-MM-DD"),
        ("10-JAN-24", "two-digit year", "a guess"),
        ("0000-00-00", "missing value as a word", "Write nothing"),
        ("00000000", "missing value as a word", "Write nothing"),
        ("2024-02-30", "not a date", "write YYYY-MM-DD"),
        ("2024-01-31T25:00", "not a date", "write YYYY-MM-DD"),
        ("16410101", "not a date", "write YYYY-MM-DD"),
        ("soon", "not a date", "write YYYY-MM-DD"),
    ],
)
def test_what_would_be_a_guess_is_refused_and_named(text, kind, said):
    assert parsed_dates(pl.Series([text]))[0].to_list() == [None]
    assert why_not_a_date(text)[0] == kind
    assert said in why_not_a_date(text)[1]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_moments_too_far_for_the_calendar_stay_as_far(unit, zone):
    moments = pl.Series([2**62, -(2**62), 0, None], dtype=pl.Int64).cast(pl.Datetime(unit, zone))
    days, _ = dates_of_timestamps(moments)
    late, early, epoch, nothing = days.to_physical().to_list()
    assert (late > 50_000, early < -50_000, epoch, nothing) == (True, True, 0, None)


def test_the_day_of_a_moment_is_that_of_its_zone():
    night = datetime(2024, 1, 31, 23, 30, tzinfo=UTC)
    for zone, day in (("UTC", DAY), ("Europe/Berlin", date(2024, 2, 1)), ("America/Lima", DAY)):
        days, cut = dates_of_timestamps(pl.Series([night]).dt.convert_time_zone(zone))
        assert (days.to_list(), cut) == ([day], 1)
    assert night.astimezone(timezone(timedelta(hours=1))).date() == date(2024, 2, 1)
