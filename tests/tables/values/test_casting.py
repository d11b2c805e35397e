import polars as pl
import pytest

from ecosystem_graph.tables.schema.columns import kind_of
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.casting import are_whole, cast_values


def cast(table, column, values):
    taken, notes = cast_values(
        pl.Series(values), TABLES[table].columns()[column], decimal_comma=False
    )
    return taken.to_list(), notes


def test_every_type_of_column_can_be_told_and_cast():
    columns = [each for schema in TABLES.values() for each in schema.columns().values()]
    assert {kind_of(column) for column in columns} == {
        "text", "date", "number", "whole number", "true or false", "choice"
    }  # fmt: skip
    for column in columns:
        values, _ = cast_values(pl.Series(["?"]), column, decimal_comma=False)
        assert values.dtype == column.dtype


@pytest.mark.parametrize(
    ("yes", "no"),
    [("true", "FALSE"), ("Yes", "no"), ("Y", "n"), ("T", "F"), ("1", "0"), ("1.0", "0.0"),
     (1, 0), (1.0, 0.0), (True, False)],
)  # fmt: skip
def test_true_and_false_are_understood_in_every_usual_form(yes, no):
    assert cast("partners", "participates", [yes, None, no]) == ([True, None, False], [])


def test_whole_numbers_survive_a_detour_through_floats():
    assert cast("partners", "intro_capacity", [3.0, None]) == ([3, None], [])
    assert cast("partners", "intro_capacity", ["3", "3.0", "2.5"]) == ([3, 3, None], [])


def test_a_float_is_whole_up_to_where_floats_tell_whole_numbers_apart():
    assert are_whole(pl.Series([2.0, 2.5, 2.0**53 - 1, 2.0**53])).to_list() == [
        True, False, True, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "given", "meant"),
    [
        ("deals", "outcome", "Won", "won"),
        ("deals", "outcome", "LOST", "lost"),
        ("partners", "status", "Active", "active"),
        ("deals", "lost_reason", "Capability Gap", "capability_gap"),
        ("deals", "lost_reason", "capability-gap", "capability_gap"),
    ],
)
def test_words_of_closed_lists_are_known_however_they_are_written(table, column, given, meant):
    assert cast(table, column, [given]) == ([meant], [])


def test_a_lone_comma_is_decimal_where_the_file_says_so():
    amount = TABLES["deals"].columns()["amount"]
    for decimal_comma, meant in ((False, None), (True, 1.2)):
        values, _ = cast_values(pl.Series(["1,200"]), amount, decimal_comma=decimal_comma)
        assert values.to_list() == [meant]
