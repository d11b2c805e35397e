import json

import pytest

from ecosystem_graph.errors import DataError, Problem
from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.messages.causes import causes_of, data_error
from ecosystem_graph.tables.reading import read_tables


def problem(row, value="x", column="outcome", kind="not allowed", **more):
    message = f"{column} '{value}' is not allowed."
    return Problem("deals", "deals.csv", row, column, value, message, kind, **more)


def test_rows_with_one_fault_are_told_once_with_their_number_and_three_examples():
    (cause,) = causes_of([problem(row, f"x{row % 7}") for row in range(2, 1_002)])
    assert str(cause).splitlines() == [
        "deals.csv:2  outcome 'x2' is not allowed.",
        "    the same in 999 more rows: 3 'x3', 4 'x4', ...",
    ]


def test_examples_have_values_of_their_own_where_there_are_any():
    (cause,) = causes_of([problem(row, "x" if row < 8 else "y") for row in range(2, 12)])
    assert [(example.row, example.value) for example in cause.examples] == [
        (2, "x"),
        (3, "x"),
        (8, "y"),
    ]


def test_whole_tables_come_first_and_then_what_costs_most_rows():
    problems = [problem(2), problem(3, column="a"), problem(4, column="a"), problem(None)]
    assert [(cause.column, cause.rows) for cause in causes_of(problems)] == [
        ("outcome", 1),
        ("a", 2),
        ("outcome", 1),
    ]


def test_each_fault_of_a_whole_table_is_told():
    missing = [Problem("deals", "deals.csv", None, "a", None, f"{n} is bad.", "m") for n in "ab"]
    assert len(causes_of(missing)) == 2


def test_a_row_that_cannot_be_read_takes_those_that_refer_to_it_along_without_their_own_errors(
    acme,
):
    teams = "deal_id,partner_id\nd-1,p-1\n" + "d-1,p-2\nd-2,p-3\n"
    folder = acme(
        partners="partner_id,name\np-1\np-2,Bolt\np-3,Core\n",
        deal_partners=teams,
        offerings="partner_id,product_id\np-1,x\np-1,y\n",
    )
    report = check_tables(folder)
    (cause,) = report.causes()
    assert cause.followers == {
        "partner_capabilities.csv": 1,
        "offerings.csv": 2,
        "deal_partners.csv": 1,
    }
    assert cause.rows == 5
    assert str(cause).splitlines()[1:] == [
        "    rows that refer to it and cannot be used without it: partner_capabilities.csv 1, "
        "offerings.csv 2, deal_partners.csv 1"
    ]
    assert len(report.problems) == 5
    assert report.problems[-1].message == (
        "partner_id 'p-1' stands in row 2 of partners.csv, which cannot be read."
    )
    with pytest.raises(DataError, match="has 1 problem\n") as told:
        read_tables(folder)
    assert len(str(told.value).splitlines()) == 3


def test_json_has_the_causes_and_every_problem(acme):
    rows = "".join(f"d-{n},,wonn\n" for n in range(3, 40))
    deals = "deal_id,closed_on,outcome\nd-1,2024-06-01,won\nd-2,,lost\n"
    report = check_tables(acme(deals=deals + rows))
    told = json.loads(json.dumps(report.to_dict()))
    assert len(told["problems"]) == 37
    (cause,) = told["causes"]
    assert (cause["file"], cause["column"], cause["rows"]) == ("deals.csv", "outcome", 37)
    assert len(cause["examples"]) == 3


def test_an_error_fits_on_a_screen_and_carries_every_problem():
    problems = [problem(row, column=f"c{row // 3}") for row in range(300)]
    error = data_error("acme", problems)
    lines = str(error).splitlines()
    assert lines[0] == "acme has 300 problems, of 100 kinds"
    assert lines[-1] == "  ... and 90 more; `ecosystem-graph check acme` lists them all"
    assert len(lines) < 25
    assert len(error.problems) == 300
