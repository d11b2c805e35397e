import polars as pl
import pytest

from ecosystem_graph.tables.values.numbers import parsed_numbers


def numbers(*texts, decimal_comma=False):
    return parsed_numbers(pl.Series(texts, dtype=pl.String), decimal_comma=decimal_comma).to_list()


@pytest.mark.parametrize("decimal_comma", [False, True])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", 1234.5),
        ("1234,5", 1234.5),
        ("-0,25", -0.25),
        ("0,125", 0.125),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1_234_567.0),
        ("1,234,567", 1_234_567.0),
        ("1 234,50", 1234.5),
        ("1\u202f234", 1234.0),
        ("1'234.50", 1234.5),
        ("1e3", 1000.0),
        ("+7", 7.0),
    ],
)
def test_a_number_that_can_be_read_one_way_only_is_read_so(text, number, decimal_comma):
    assert numbers(text, decimal_comma=decimal_comma) == [number]


@pytest.mark.parametrize("text", ["1,20,000", "1.23,4.5", "€ 5", "5 %", "12,", "1,2,3", ""])
def test_what_is_no_number_is_none(text):
    assert numbers(text) == [None]


def test_three_digits_after_a_lone_sign_are_told_by_the_rest_of_the_column():
    assert numbers("1,234") == [None]
    assert numbers("1,234", "12,5") == [1.234, 12.5]
    assert numbers("1,234", "12.5") == [1234.0, 12.5]
    assert numbers("1,234", "1,234.50") == [1234.0, 1234.5]
    assert numbers("1.234", "1.234,50") == [1234.0, 1234.5]
    assert numbers("1,234", "12,5", "12.5") == [None, 12.5, 12.5]


def test_where_semicolons_separate_a_lone_comma_is_decimal_and_a_lone_point_in_doubt():
    assert numbers("1,234", decimal_comma=True) == [1.234]
    assert numbers("1.234", decimal_comma=True) == [None]
    assert numbers("1.234", "0.5", decimal_comma=True) == [1.234, 0.5]
    assert numbers("1.234", "0,5", decimal_comma=True) == [1234.0, 0.5]


def test_a_lone_point_is_decimal_where_commas_separate():
    assert numbers("1.234", None) == [1.234, None]
