import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.values.numbers import read_numbers, sign_question


def numbers(*texts, **options):
    return read_numbers(pl.Series(texts, dtype=pl.String), **options).values.to_list()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("1 234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("(1,234.5)", -1234.5),
        ("1.234.567", 1234567.0),
        ("0,125", 0.125),
        ("1234", 1234.0),
        ("1.5E+06", 1.5e6),
        ("-7", -7.0),
        ("12k", None),
        ("twelve", None),
        ("1,23,4", None),
        ("inf", None),
    ],
)
def test_a_number_alone_is_read_where_it_can_mean_one_thing(text, value):
    assert numbers(text) == [value]


def test_the_decimal_sign_of_one_number_decides_for_its_column():
    assert numbers("1.234,50", "2.000") == [1234.5, 2000.0]
    assert numbers("1,234.50", "2,000") == [1234.5, 2000.0]
    assert numbers("12.5", "2.000") == [12.5, 2.0]


def test_a_sign_before_three_digits_alone_is_asked_and_the_setting_answers():
    found = read_numbers(pl.Series(["1.234", "7"]))
    assert found.values.to_list() == [None, 7.0]
    assert "1234 or 1.234" in sign_question("Amount", found, 1)
    assert numbers("1.234", decimal=".") == [1.234]
    assert numbers("1.234", decimal=",") == [1234.0]


def test_a_column_with_both_signs_is_asked_about_what_is_unclear():
    found = read_numbers(pl.Series(["1.5", "2,5", "1.234"]))
    assert found.values.to_list() == [1.5, 2.5, None]
    assert found.undecided.to_list() == ["1.234"]


@given(st.lists(st.integers(-(10**9), 10**9).map(lambda n: n / 100), min_size=1))
def test_numbers_written_with_either_sign_are_read_back(values):
    point = [f"{value:,.2f}" for value in values]
    comma = [text.translate(str.maketrans(",.", ".,")) for text in point]
    assert numbers(*point) == values
    assert numbers(*comma) == values


@given(st.lists(st.one_of(st.none(), st.text(max_size=12))))
def test_any_text_is_a_number_or_none(texts):
    assert len(numbers(*texts)) == len(texts)
