from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.time import known_at
from ecosystem_graph.tables.values.dates import as_date

DAY = date(2024, 6, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
PARTNERS = {"partner_id", "collaborator_id", "parent_id"}


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
        (None, AFTER, "open", ("open", None, None)),
        (BEFORE, BEFORE, "open", ("open", None, None)),
        (DAY, BEFORE, "open", None),
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


def seen_of(**rows):
    """Tables with partner `p`, who joined the day after, and other rows, as they were known."""
    late = {"partner_id": "p", "name": "Acme", "joined_on": AFTER}
    others = [{"partner_id": "q", "name": "Bolt"}]
    tables = {"partners": table("partners", late, *others)}
    return known_at(Tables({**tables, **{n: table(n, *some) for n, some in rows.items()}}), DAY)


@pytest.mark.parametrize(
    "rows",
    [
        {
            "deals": [deal(BEFORE, None, "open")],
            "deal_partners": [{"deal_id": "d", "partner_id": "p"}],
        },
        {
            "deals": [deal(None, BEFORE, "lost")],
            "deal_partners": [{"deal_id": "d", "partner_id": "p"}],
        },
        {"csat": [{"response_id": "r", "partner_id": "p", "responded_on": BEFORE}]},
        {
            "introductions": [
                {"partner_id": "q", "collaborator_id": "p", "introduced_on": BEFORE, "status": None}
            ]
        },
    ],
)
def test_whoever_stands_in_an_event_before_is_there_whenever_it_joins(rows):
    known = seen_of(**rows)
    assert known["partners"].select("partner_id", "joined_on").rows() == [("p", None), ("q", None)]
    assert known.left_out == {}


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {
            "deals": [deal(None, None, "open")],
            "deal_partners": [{"deal_id": "d", "partner_id": "p"}],
        },
        {
            "deals": [deal(BEFORE, None, "open")],
            "deal_partners": [{"deal_id": "d", "partner_id": "p", "added_on": DAY}],
        },
        {"csat": [{"response_id": "r", "partner_id": "p", "responded_on": DAY}]},
        {"partner_capabilities": [{"partner_id": "p", "valid_from": BEFORE}]},
        {"territories": [{"partner_id": "p", "territory": "DE"}]},
        {"restrictions": [{"partner_id": "q", "collaborator_id": "p", "kind": "do_not_pair"}]},
    ],
)
def test_a_partner_yet_to_join_that_stands_in_no_event_is_not_there_nor_is_a_row_of_it(rows):
    known = seen_of(**rows)
    assert known["partners"]["partner_id"].to_list() == ["q"]
    assert known.left_out["partners not there yet"] == 1
    assert all(
        "p" not in frame[column]
        for frame in known.values()
        for column in PARTNERS & {*frame.columns}
    )
    why = f"'p' joins on {AFTER}, on or after {DAY}, and is in no event before."
    assert known.absent.why_no_partner("p") == known.absent.why_no_partner("Acme") == why
    assert known.absent.why_no_partner("q") is None


def test_who_is_bound_to_a_partner_yet_to_join_stays_bound():
    row = {"partner_id": "q", "collaborator_id": "p", "kind": "exclusive"}
    assert seen_of(restrictions=[row])["restrictions"].height == 1


def test_a_parent_yet_to_join_gives_way_to_its_own():
    partners = table(
        "partners",
        {"partner_id": "a", "parent_id": "b"},
        {"partner_id": "b", "parent_id": "c", "joined_on": DAY},
        {"partner_id": "c"},
    )
    known = known_at(Tables({"partners": partners}), DAY)
    assert known["partners"].select("partner_id", "parent_id").rows() == [("a", "c"), ("c", None)]


@pytest.mark.parametrize(
    ("added", "there"), [(None, True), (BEFORE, True), (DAY, False), (AFTER, False)]
)
def test_a_seat_begins_on_the_day_it_is_added(added, there):
    tables = Tables(
        {
            "deals": table("deals", deal(BEFORE, BEFORE, "won")),
            "deal_partners": table(
                "deal_partners", {"deal_id": "d", "partner_id": "p", "added_on": added}
            ),
        }
    )
    known = known_at(tables, DAY)
    assert known["deal_partners"].height == there
    assert bool(known.left_out) != there


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (deal(DAY, AFTER, "won"), f"deal 'd' was opened on {DAY}, on or after {DAY}."),
        (deal(BEFORE, None, "won"), "deal 'd' is won without closed_on: left out."),
        (deal(None, None, "withdrawn"), "deal 'd' is withdrawn without closed_on: left out."),
        (
            deal(None, AFTER, "lost"),
            f"deal 'd' was closed on {AFTER}, on or after {DAY}, and has no opened_on that "
            "shows it was open before.",
        ),
        (deal(BEFORE, None, "open"), None),
    ],
)
def test_a_deal_that_is_not_there_says_why(row, why):
    assert known_at(Tables({"deals": table("deals", row)}), DAY).absent.why_no_deal("d") == why


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


@pytest.mark.parametrize("seed", range(20))
def test_every_row_is_there_or_left_out_for_one_reason(seed):
    tables = invented(np.random.default_rng(seed))
    day = DAY + timedelta(days=seed - 10)
    known = known_at(tables, day)
    counts = {
        name: sum(n for reason, n in known.left_out.items() if reason_is_of(name, reason))
        for name in TABLES
    }
    read = {name: frame.height for name, frame in tables.items()}
    assert {name: known[name].height + n for name, n in counts.items()} == read
    assert sum(counts.values()) > 0
    again = known_at(known, day)
    assert again.left_out == known.left_out
    assert all(again[name].equals(frame) for name, frame in known.items())


def reason_is_of(name, reason):
    words = {"deals": "deals", "csat": "answers", "partners": "partners not"}
    words["introductions"] = "introductions on"
    begins = words.get(name)
    if begins is None:
        return reason.startswith(f"rows of {name} ")
    return not reason.startswith("rows of") and (
        begins in reason if name == "deals" else reason.startswith(begins)
    )


def invented(rng):
    """Rows of every table about ten partners and twenty deals, dates anywhere or nowhere."""

    def days(n):
        offsets = rng.integers(-15, 15, n).tolist()
        return [
            None if nothing else DAY + timedelta(days=offset)
            for offset, nothing in zip(offsets, rng.random(n) < 0.3, strict=True)
        ]

    frames = {}
    for name, schema in TABLES.items():
        n = {"partners": 10, "deals": 20, "capabilities": 5}.get(name, 40)
        columns = {}
        for column, declared in schema.columns().items():
            if declared.dtype == pl.Date:
                columns[column] = days(n)
            elif column in ("partner_id", "collaborator_id", "deal_id"):
                own = {"partners": "partner_id", "deals": "deal_id"}.get(name) == column
                of = 20 if column == "deal_id" else 10
                drawn = range(n) if own else rng.integers(of, size=n).tolist()
                columns[column] = [f"{column[0]}{number}" for number in drawn]
            elif isinstance(declared.dtype, pl.Enum):
                columns[column] = rng.choice(declared.dtype.categories.to_list(), n).tolist()
            else:
                columns[column] = [None] * n
        frames[name] = pl.DataFrame(
            columns, schema={c: d.dtype for c, d in schema.columns().items()}
        )
    known = {"csat": "responded_on", "introductions": "introduced_on"}
    for name, column in known.items():
        frames[name] = frames[name].with_columns(pl.col(column).fill_null(BEFORE))
    partner = pl.col("collaborator_id").str.replace("c", "p")
    for name in ("introductions", "restrictions"):
        frames[name] = frames[name].with_columns(collaborator_id=partner)
    return Tables(frames)


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
    """Close every open deal later, open new ones: the morning looks the same.

    Not those that nobody saw opened: an open one is taken as it stands.
    """
    rows = [
        row
        for row in numbered(rows)
        if row["opened_on"] or (row["closed_on"] and row["outcome"] != "open")
    ]
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
