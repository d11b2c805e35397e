from datetime import date

from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.time import known_at


def test_a_deal_that_closed_before_it_opened_loses_its_opening_only(acme):
    folder = acme(
        deals="deal_id,opened_on,closed_on,outcome\n"
        "d-1,2025-05-20,2024-06-30,won\nd-2,2024-05-01,2024-05-31,lost\n"
    )
    assert check_tables(folder).problems == ()
    tables = read_tables(folder)
    assert tables["deals"]["opened_on"].to_list() == [None, date(2024, 5, 1)]
    assert tables["deals"]["closed_on"].to_list() == [date(2024, 6, 30), date(2024, 5, 31)]
    assert tables.left_out == {"openings of deals that closed before they opened": 1}
    assert [str(note) for note in tables.notes if note.column == "opened_on"] == [
        "deals.csv  opened_on after closed_on: the deal stays, its opening is dropped (rows: 1)"
    ]
    assert known_at(tables, "2024-07-01").left_out == tables.left_out


def test_the_expected_closing_of_an_open_deal_says_nothing_against_its_opening(acme):
    folder = acme(
        deals="deal_id,opened_on,closed_on,outcome\n"
        "d-1,2024-05-20,2024-04-30,open\nd-2,2024-05-01,2024-05-31,lost\n"
    )
    tables = read_tables(folder)
    assert tables["deals"]["opened_on"].to_list() == [date(2024, 5, 20), date(2024, 5, 1)]
    assert tables.left_out == {}


def test_an_amount_below_nothing_is_noted(acme):
    folder = acme(deals="deal_id,amount,outcome\nd-1,-5,open\nd-2,1e300,open\n")
    report = check_tables(folder)
    assert report.problems == ()
    assert any("amount below 0" in note.message and "(rows: 1)" in note.message
               for note in report.notes)  # fmt: skip


def test_a_day_that_stands_for_none_costs_no_deal(acme):
    folder = acme(
        deals="deal_id,opened_on,closed_on,outcome\nd-1,0001-01-01,2024-06-30,won\n"
        "d-2,1900-01-01,2024-05-31,lost\nd-3,2024-05-01,9999-12-31,open\n"
    )
    assert check_tables(folder).problems == ()
    tables = read_tables(folder)
    assert tables["deals"]["opened_on"].to_list() == [None, None, date(2024, 5, 1)]
    assert tables["deals"]["closed_on"].to_list()[2] is None
    assert [note.message for note in tables.notes if note.table == "deals"] == [
        "opened_on: a placeholder date is dropped, the deal stays (rows: 2)",
        "closed_on: a placeholder date is dropped, these deals being open (rows: 1)",
    ]


def test_when_a_deal_was_won_must_be_told(acme):
    folder = acme(deals="deal_id,closed_on,outcome\nd-1,9999-12-31,won\nd-2,2024-05-31,lost\n")
    (problem,) = check_tables(folder).problems
    assert problem.message.startswith("closed_on 9999-12-31 is out of range")
