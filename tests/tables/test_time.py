from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.schema import TABLES
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.time import as_date, known_at

DAY = date(2024, 6, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def table(name, *rows):
    """Rows of a table, with what is not said empty."""
    schema = {key: column.dtype for key, column in TABLES[name].columns().items()}
    return pl.DataFrame(list(rows), schema=schema)


def deal(opened, closed, outcome):
    return {
        "deal_id": "d",
        "opened_on": opened,
        "closed_on": closed,
        "outcome": outcome,
        "lost_reason": "price" if outcome == "lost" else None,
    }


@pytest.mark.parametrize(
    ("opened", "closed", "outcome", "seen"),
    [
        (BEFORE, BEFORE, "won", ("won", BEFORE, None)),
        (BEFORE, BEFORE, "lost", ("lost", BEFORE, "price")),
        (BEFORE, DAY, "lost", ("open", None, None)),
        (BEFORE, AFTER, "won", ("open", None, None)),
        (BEFORE, AFTER, "withdrawn", ("open", None, None)),
        (BEFORE, None, "open", ("open", None, None)),
        (BEFORE, None, "withdrawn", ("withdrawn", None, None)),
        (BEFORE, None, "won", None),
        (DAY, AFTER, "won", None),
        (DAY, None, "open", None),
        (None, BEFORE, "won", ("won", BEFORE, None)),
        (None, DAY, "won", None),
        (None, AFTER, "open", None),
        (None, None, "open", ("open", None, None)),
        (None, None, "withdrawn", None),
        (None, None, "lost", None),
    ],
)
def test_a_deal_looks_as_it_did_that_morning(opened, closed, outcome, seen):
    tables = Tables({"deals": table("deals", deal(opened, closed, outcome))})
    known = known_at(tables, DAY)["deals"].select("outcome", "closed_on", "lost_reason").rows()
    assert known == ([seen] if seen else [])


def test_what_hangs_on_a_deal_that_is_not_there_goes_with_it():
    tables = Tables(
        {
            "deals": table("deals", deal(DAY, None, "open")),
            "deal_partners": table("deal_partners", {"deal_id": "d", "partner_id": "p"}),
            "deal_requirements": table("deal_requirements", {"deal_id": "d", "capability_id": "c"}),
            "csat": table("csat", {"response_id": "r", "deal_id": "d", "responded_on": BEFORE}),
        }
    )
    known = known_at(tables, DAY)
    assert known["deal_partners"].is_empty()
    assert known["deal_requirements"].is_empty()
    assert known["csat"]["deal_id"].to_list() == [None]


def test_responses_of_the_day_itself_are_not_known():
    days = [BEFORE, DAY, AFTER]
    rows = [{"response_id": str(day), "responded_on": day} for day in days]
    known = known_at(Tables({"csat": table("csat", *rows)}), DAY)
    assert known["csat"]["responded_on"].to_list() == [BEFORE]


@pytest.mark.parametrize(
    ("made", "decided", "status", "seen"),
    [
        (BEFORE, BEFORE, "won", ("won", BEFORE, "why")),
        (BEFORE, DAY, "won", ("introduced", None, None)),
        (BEFORE, None, "proposed", ("proposed", None, "why")),
        (BEFORE, None, "accepted", ("introduced", None, None)),
        (DAY, None, "introduced", None),
    ],
)
def test_an_introduction_looks_as_it_did_that_morning(made, decided, status, seen):
    row = {"introduced_on": made, "decided_on": decided, "status": status, "reason": "why"}
    known = known_at(Tables({"introductions": table("introductions", row)}), DAY)
    rows = known["introductions"].select("status", "decided_on", "reason").rows()
    assert rows == ([seen] if seen else [])


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("partner_capabilities", "valid_from", "valid_to"),
        ("objectives", "valid_from", "valid_to"),
        ("restrictions", "valid_from", "valid_to"),
        ("offerings", "since", "until"),
    ],
)
def test_ranges_hold_on_the_day_with_both_ends(name, first, last):
    ranges = [(None, None), (DAY, DAY), (BEFORE, AFTER), (AFTER, None), (None, BEFORE)]
    rows = [{first: start, last: end} for start, end in ranges]
    known = known_at(Tables({name: table(name, *rows)}), DAY)
    assert known[name].select(first, last).rows() == ranges[:3]


def test_partners_stay_whenever_they_joined():
    tables = Tables({"partners": table("partners", {"partner_id": "p", "joined_on": AFTER})})
    assert known_at(tables, DAY)["partners"].height == 1


def test_what_nobody_dated_is_counted():
    tables = Tables(
        {
            "deals": table("deals", deal(BEFORE, None, "won"), deal(None, None, "open")),
            "introductions": table(
                "introductions", {"introduced_on": BEFORE, "status": "declined"}
            ),
        }
    )
    known = known_at(tables, "2024-06-01")
    assert known.left_out == {
        "won or lost deals without closed_on": 1,
        "introductions decided without decided_on": 1,
    }
    assert known.as_of == DAY
    assert known.default_as_of() == DAY


dates = st.one_of(st.none(), st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3)))
deals = st.lists(
    st.builds(deal, dates, dates, st.sampled_from(["won", "lost", "open", "withdrawn"])), max_size=8
)


def numbered(rows):
    return [{**row, "deal_id": f"d-{number}"} for number, row in enumerate(rows)]


@settings(max_examples=40, deadline=None)
@given(deals)
def test_seeing_twice_is_seeing_once(rows):
    once = known_at(Tables({"deals": table("deals", *numbered(rows))}), DAY)
    assert known_at(once, DAY)["deals"].equals(once["deals"])


@settings(max_examples=40, deadline=None)
@given(deals, st.sampled_from(["won", "lost", "withdrawn"]), st.integers(0, 400))
def test_what_happens_on_the_day_or_later_changes_nothing(rows, outcome, days):
    """Close every open deal later, open new ones: the morning looks the same."""
    rows = [row for row in numbered(rows) if row["opened_on"] or row["closed_on"]]
    future = DAY + timedelta(days=days)
    changed = [
        {**row, "closed_on": future, "outcome": outcome, "lost_reason": "later"}
        if row["closed_on"] is not None and row["closed_on"] >= DAY
        else row
        for row in rows
    ]
    changed.append({**deal(future, future, "won"), "deal_id": "new"})
    changed.append({**deal(None, future, "won"), "deal_id": "newer"})
    seen = [
        known_at(Tables({"deals": table("deals", *version)}), DAY)["deals"]
        for version in (rows, changed)
    ]
    assert seen[0].equals(seen[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(dates, dates), max_size=6), st.integers(0, 400))
def test_later_decisions_and_responses_change_nothing(rows, days):
    future = DAY + timedelta(days=days)
    made = [
        {
            "introduction_id": str(number),
            "introduced_on": first or BEFORE,
            "decided_on": decided,
            "status": "won" if decided else "introduced",
        }
        for number, (first, decided) in enumerate(rows)
    ]
    later = [
        {**row, "decided_on": future, "status": "lost"}
        if row["decided_on"] is None or row["decided_on"] >= DAY
        else row
        for row in made
    ]
    later.append({"introduction_id": "new", "introduced_on": future, "status": "won"})
    responses = [
        {"response_id": str(n), "responded_on": day or DAY} for n, (day, _) in enumerate(rows)
    ]
    more = [*responses, {"response_id": "new", "responded_on": future}]
    now = Tables(
        {"introductions": table("introductions", *made), "csat": table("csat", *responses)}
    )
    then = Tables({"introductions": table("introductions", *later), "csat": table("csat", *more)})
    for name in ("introductions", "csat"):
        assert known_at(now, DAY)[name].equals(known_at(then, DAY)[name])


def test_known_tables_keep_their_declared_form(acme):
    known = known_at(read_tables(acme()), "2024-05-15")
    assert all(TABLES[name].is_valid(frame) for name, frame in known.items())


@pytest.mark.parametrize("value", ["2024-6-1", "01.06.2024", "2024-02-30", "20240601", "", None])
def test_what_is_no_date_is_the_callers_mistake(value):
    with pytest.raises(ValueError, match="must be written YYYY-MM-DD"):
        as_date(value)


def test_a_date_is_a_date():
    assert as_date(DAY) == as_date("2024-06-01") == DAY
    with pytest.raises(ValueError, match="must be written"):
        as_date(datetime(2024, 6, 1))


def test_a_table_that_loses_nothing_to_the_date_is_not_in_memory_twice():
    partner = {"partner_id": "p", "name": "Ann"}
    tables = Tables(
        {
            "partners": table("partners", partner),
            "deals": table("deals", deal(BEFORE, BEFORE, "won")),
            "deal_partners": table("deal_partners", {"deal_id": "d", "partner_id": "p"}),
        }
    )
    assert known_at(tables, DAY)["deal_partners"] is tables["deal_partners"]
    assert known_at(tables, BEFORE)["deal_partners"].is_empty()
