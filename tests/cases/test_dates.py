"""Days as CRMs, spreadsheets and ERP systems write them: the right day, or why not."""

from datetime import date, timedelta

import pytest

from ecosystem_graph import read_tables
from ecosystem_graph.errors import DataError

EXCEL = date(1899, 12, 30)


def days_since(first):
    return lambda day: str((date.fromisoformat(day) - first).days)


def seconds(day, unit):
    return str((date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400 * unit)


#: Ways to write a day that leave doubt, and the words that must be in what is told of it.
DOUBTFUL = {
    "days of Excel": (days_since(EXCEL), ["44571", "spreadsheet", "2022-01-10"]),
    "seconds since 1970": (lambda day: seconds(day, 1), ["opened_on"]),
    "milliseconds since 1970": (lambda day: seconds(day, 1_000), ["opened_on"]),
    "day or month first": (lambda day: "/".join(reversed(day.split("-"))), ["opened_on"]),
    "a week": (lambda day: "2022-W05", ["opened_on", "2022-W05"]),
    "a month": (lambda day: day[:7], ["opened_on", "2022-01"]),
    "no day of the calendar": (lambda day: "2023-02-30", ["opened_on", "2023-02-30"]),
    "the year 0": (lambda day: "0000-01-01", ["opened_on"]),
    "zeros": (lambda day: "0000-00-00", ["opened_on"]),
    "five figures for the year": (lambda day: "22022-01-01", ["opened_on", "22022-01-01"]),
}


@pytest.mark.parametrize(("change", "told"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_day_in_doubt_is_told_once_not_row_by_row(acme, change, told):
    acme.change("deals", opened_on=change)
    done = acme.ask("check")
    assert done.exit_code == 1
    for words in told:
        assert words in done.stdout
    assert len(done.stdout.splitlines()) < 30


@pytest.mark.parametrize("never", ["9999-12-31", "9999-12-31T23:59:59Z", "2999-12-31"])
def test_a_last_day_that_never_comes_is_an_open_end(acme, clean_lists, never):
    acme.change("partner_capabilities", valid_to=["x"] * 10)
    acme.change("partner_capabilities", valid_to=never)
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert acme.lists() == clean_lists


@pytest.mark.parametrize("ever", ["0001-01-01", "1900-01-01", "1753-01-01"])
def test_a_first_day_before_all_days_is_an_open_beginning(acme, clean_lists, ever):
    acme.change("partner_capabilities", valid_from=ever)
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert acme.lists() == clean_lists


@pytest.mark.parametrize("joined", ["1965-04-01", "1899-12-31", "1754-05-05"])
def test_nobody_is_lost_for_having_joined_long_ago(acme, clean_lists, joined):
    acme.change("partners", joined_on=joined)
    assert acme.ask("check").exit_code == 0
    assert acme.lists() == clean_lists


def test_deals_closed_before_somebody_entered_them_stay(acme, clean_lists):
    late = 40
    before = acme.tables["deals"]["opened_on"].to_list()
    closed = acme.tables["deals"]["closed_on"].to_list()
    loaded = [str(date.fromisoformat(day) + timedelta(late)) for day in closed]
    acme.change("deals", opened_on=[*loaded[:20], *before[20:]])
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert "20" in done.stdout
    assert "opened_on" in done.stdout
    assert acme.lists() == clean_lists


def test_a_quarantine_leaves_backdated_deals_where_they_are(acme, tmp_path):
    acme.change("deals", opened_on="2025-06-01")
    told = acme.recommended("--quarantine", tmp_path / "aside", "--as-of", "2025-06-15")
    assert told["counts"]["won_deals"] == 33


def test_one_day_far_beyond_all_others_moves_nothing(acme):
    acme.cell("deals", 43, closed_on="2087-01-01")
    done = acme.ask("check")
    assert done.exit_code == 1
    assert "2087-01-01" in done.stdout


@pytest.mark.parametrize("day", ["0000-12-31", "-0001-01-01", "99999-01-01", "2201-01-01"])
def test_days_that_cannot_be_are_an_error_of_ours(acme, day):
    acme.cell("csat", 3, responded_on=day)
    with pytest.raises(DataError, match="responded_on"):
        read_tables(acme.write())


def test_an_empty_day_in_the_midst_of_times_is_an_empty_day(acme):
    acme.change("deals", opened_on=lambda day: f"{day}T08:00:00.000+0000")
    acme.cell("deals", 5, opened_on=None)
    opened = read_tables(acme.write())["deals"]["opened_on"]
    assert opened.null_count() == 1
    assert opened[0] == date(2022, 1, 10)
