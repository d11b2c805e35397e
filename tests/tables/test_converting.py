from datetime import UTC, date, datetime

import polars as pl
import pytest

from ecosystem_graph.tables.columns import kind_of
from ecosystem_graph.tables.converting import converted
from ecosystem_graph.tables.csv_text import ROW
from ecosystem_graph.tables.schema import TABLES
from ecosystem_graph.tables.sources import RawTable

REQUIRED = {
    "partners": {"partner_id": "p", "name": "Acme"},
    "deals": {"deal_id": "d", "outcome": "won"},
}


def conversion(table, column, values):
    """Values of one column, and the problems, with the required ones filled in."""
    given = pl.Series(column, values)
    frame = pl.DataFrame({ROW: range(1, len(given) + 1)}).with_columns(
        **{name: pl.lit(value) for name, value in REQUIRED[table].items() if name != column}
    )
    frame = frame.with_columns(given)
    columns = tuple(name for name in frame.columns if name != ROW)
    typed, problems, notes = converted(RawTable(table, f"{table}.csv", frame, columns))
    assert notes == []
    return typed[column].to_list(), [str(problem) for problem in problems]


MIDNIGHT = datetime(2024, 1, 31)


@pytest.mark.parametrize(
    ("column", "given", "taken"),
    [
        ("opened_on", ["2024-01-31", " 2024-02-29 ", "", None], 2),
        ("opened_on", ["2024-01-31T00:00:00", "2024-01-31 00:00", "2024-01-31T00:00:00.000Z"], 3),
        ("opened_on", [date(2024, 1, 31), None], 1),
        ("opened_on", [MIDNIGHT, None], 1),
        ("opened_on", [MIDNIGHT.replace(tzinfo=UTC)], 1),
        ("opened_on", [None, None], 0),
        ("amount", ["1", "2.5", "1e3", "-0", "", None], 4),
        ("amount", [1, 2, None], 2),
        ("amount", [1.5, float("nan"), None], 1),
        ("customer_id", [1, 2, None], 2),
        ("customer_id", ["a", " b ", "  "], 2),
        ("outcome", ["won", " lost "], 2),
    ],
)
def test_what_means_the_same_is_taken(column, given, taken):
    values, problems = conversion("deals", column, given)
    assert problems == []
    assert sum(value is not None for value in values) == taken


@pytest.mark.parametrize(
    ("table", "column", "given", "message"),
    [
        ("deals", "opened_on", "2024-02-30", "opened_on '2024-02-30' is not a date"),
        ("deals", "opened_on", "31.01.2024", "opened_on '31.01.2024' is not a date"),
        ("deals", "opened_on", "2024-1-31", "opened_on '2024-1-31' is not a date"),
        ("deals", "opened_on", "2024-01-31T10:00", "without a time of day"),
        ("deals", "opened_on", MIDNIGHT.replace(hour=9), "opened_on '2024-01-31 09:00:00"),
        ("deals", "amount", "1,200.50", "amount '1,200.50' is not a number"),
        ("deals", "amount", "€ 5", "amount '€ 5' is not a number"),
        ("deals", "amount", "nan", "amount 'nan' is not a number"),
        ("deals", "amount", "inf", "amount 'inf' is not a number"),
        ("deals", "amount", float("inf"), "amount 'inf' is not a number"),
        (
            "deals",
            "outcome",
            "wonn",
            "outcome 'wonn' is not allowed: one of won, lost, open, withdrawn. Did you mean 'won'?",
        ),
        ("partners", "participates", "perhaps", "participates 'perhaps' is not true or false"),
        ("partners", "participates", 2, "participates '2' is not true or false"),
        ("partners", "intro_capacity", "2.5", "intro_capacity '2.5' is not a whole number"),
        ("partners", "intro_capacity", 1e300, "is not a whole number"),
        ("partners", "name", " ", "name is empty."),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_row(table, column, given, message):
    values, problems = conversion(table, column, [given])
    assert values == [None]
    assert len(problems) == 1
    assert problems[0].startswith(f"{table}.csv:1  ")
    assert message in problems[0]


@pytest.mark.parametrize(
    ("table", "column", "given", "message"),
    [
        ("deals", "opened_on", 45_000, "column 'opened_on' is of type Int64: date is wanted."),
        ("deals", "amount", True, "column 'amount' is of type Boolean: number is wanted."),
        ("deals", "outcome", 1, "column 'outcome' is of type Int64: choice is wanted."),
        ("deals", "customer_id", 1.0, "column 'customer_id' is of type Float64: text is wanted."),
        ("partners", "type", ["isv"], "column 'type' is of type List(String): text is wanted."),
        ("partners", "participates", 1.0, "is of type Float64: true or false is wanted."),
        ("partners", "intro_capacity", True, "is of type Boolean: whole number is wanted."),
    ],
)
def test_a_column_of_the_wrong_type_is_one_problem(table, column, given, message):
    values, problems = conversion(table, column, [given, given])
    assert values == [None, None]
    assert len(problems) == 1
    assert message in problems[0]


@pytest.mark.parametrize(
    ("yes", "no"), [("true", "FALSE"), ("Yes", "no"), ("1", "0"), (1, 0), (True, False)]
)
def test_true_and_false_are_understood_in_every_usual_form(yes, no):
    assert conversion("partners", "participates", [yes, no]) == ([True, False], [])


def test_whole_numbers_survive_a_detour_through_floats():
    assert conversion("partners", "intro_capacity", [3.0, None]) == ([3, None], [])
    assert conversion("partners", "intro_capacity", ["3", "3.0"]) == ([3, 3], [])


def test_categories_are_text():
    values = pl.Series(["won", None], dtype=pl.Categorical)
    assert conversion("deals", "lost_reason", values) == (["won", None], [])


def test_absent_columns_are_empty_and_of_their_type():
    raw = RawTable("partners", "partners", pl.DataFrame(REQUIRED["partners"] | {ROW: 1}), ())
    frame, problems, _ = converted(raw)
    assert [str(problem) for problem in problems] == [
        "partners  column 'partner_id' is missing. Found: none.",
        "partners  column 'name' is missing. Found: none.",
    ]
    schema = {name: column.dtype for name, column in TABLES["partners"].columns().items()}
    assert frame.drop(ROW).schema == schema
    assert frame.height == 1


def test_unknown_columns_are_noted_and_a_near_one_is_named_where_one_is_missing():
    frame = pl.DataFrame({"partner_id": ["p"], "nam": ["Acme"], "partner_typ": ["isv"], ROW: [2]})
    _, problems, notes = converted(
        RawTable("partners", "partners.csv", frame, ("partner_id", "nam", "partner_typ"))
    )
    assert "column 'name' is missing. Is it 'nam'?" in str(problems[0])
    assert [str(note) for note in notes] == [
        "partners.csv  unknown column 'nam': ignored. Did you mean 'name'?",
        "partners.csv  unknown column 'partner_typ': ignored. Did you mean 'type'?",
    ]


def test_every_type_of_column_can_be_told_and_converted():
    kinds = {kind_of(c) for schema in TABLES.values() for c in schema.columns().values()}
    assert kinds == {"text", "date", "number", "whole number", "true or false", "choice"}
