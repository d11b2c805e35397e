import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.reading.structured.cell_text import text_column, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (999_999_999_999_999.0, "999999999999999"),
        (123_457_000_000_000_000.0, "1.23457E+17"),
        (float("nan"), None),
        (float("inf"), "inf"),
        (True, "true"),
        (0, "0"),
        ("00123", "00123"),
        ("", None),
        (None, None),
        (Decimal("12.50"), "12.5"),
        (Decimal("12.00"), "12"),
        (dt.date(2026, 3, 31), "2026-03-31"),
        (dt.datetime(2026, 3, 31), "2026-03-31"),
        (dt.datetime(2026, 3, 31, 9, 30), "2026-03-31T09:30:00"),
        (dt.datetime(2026, 3, 30, 23, 59, 59, 999_998), "2026-03-31"),
        (
            dt.datetime(2026, 3, 31, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            "2026-03-30T22:30:00Z",
        ),
        (dt.time(9, 5), "09:05:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (["a", None, 2.0], "a;2"),
        (b"\x01\xff", "01ff"),
    ],
)
def test_every_type_has_one_text(value, text):
    assert text_of(value) == text


def test_a_column_of_mixed_types_is_text():
    assert text_column("c", ("x", 1.0, "", None)).to_list() == ["x", "1", None, None]
    assert text_column("c", ("x", "", None)).to_list() == ["x", None, None]


NUMBERS = st.floats() | st.integers(-(10**16), 10**16).map(float)


@given(st.lists(NUMBERS | st.dates() | st.text("a1", max_size=2) | st.none() | st.booleans()))
def test_a_column_says_what_its_cells_say(values):
    one_by_one = [text_of(value) for value in values]
    for text, alone in zip(text_column("c", values), one_by_one, strict=True):
        assert text == alone or float(text) == float(alone)
