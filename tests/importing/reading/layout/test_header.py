import numpy as np
import polars as pl
import pytest

from ecosystem_graph.importing.reading.grid import Grid, UnreadableInputError
from ecosystem_graph.importing.reading.layout.bounds import bounds_of
from ecosystem_graph.importing.reading.layout.header import column_names, header_texts, is_value


def grid(*rows, merged=(), **more):
    width = max(map(len, rows))
    padded = [tuple(row) + (None,) * (width - len(row)) for row in rows]
    schema = {str(place): pl.String for place in range(width)}
    cells = pl.DataFrame(padded, schema=schema, orient="row")
    return Grid(cells, np.arange(1, len(rows) + 1), merged=merged, **more)


def names(sheet, header=()):
    bounds = bounds_of(sheet, header)
    return bounds.header, column_names(header_texts(sheet, bounds.header))


def test_titles_above_are_not_the_header():
    sheet = grid(("Joint deals FY26",), (), ("Deal", "Amount"), ("d-1", "1"))
    assert names(sheet) == ((2,), ["Deal", "Amount"])


def test_a_title_merged_over_all_columns_is_not_the_header():
    sheet = grid(("Report", None), ("Deal", "Amount"), ("d-1", "1"), merged=((1, 0, 1, 1),))
    assert names(sheet) == ((1,), ["Deal", "Amount"])


def test_rows_under_merged_cells_belong_to_the_header():
    sheet = grid(
        ("Deal", "Customer", None, "Amount"),
        (None, "Name", "Country", None),
        ("d-1", "Acme", "DE", "1"),
        merged=((1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)),
    )
    assert names(sheet) == ((0, 1), ["Deal", "Customer / Name", "Customer / Country", "Amount"])


def test_named_rows_are_the_header_and_a_question_carries_on_over_its_answers():
    sheet = grid(("Id", "How?", None, ""), ("", "By mail", "By phone", ""), ("1", "x", None, None))
    assert names(sheet, (1, 2))[1] == ["Id", "How? / By mail", "How? / By phone", "Column 4"]


def test_the_three_rows_of_a_survey_in_german_are_its_header_and_codes_its_names():
    sheet = grid(
        ("StartDate", "Q1"),
        ("Startdatum", "Wie zufrieden\nsind Sie?"),
        ('{"ImportId":"startDate","timeZone":"Europe/Berlin"}', '{"ImportId":"QID1"}'),
        ("2026-01-01 10:00:00", "5"),
        delimiter=",",
    )
    assert names(sheet) == ((0, 1, 2), ["StartDate", "Q1"])


def test_the_codes_of_an_old_survey_are_named_by_the_row_below():
    sheet = grid(("V1", "V8", "Q1"), ("ResponseID", "StartDate", "Wie?"), ("R_1", "x", "5"))
    assert names(sheet) == ((0, 1), ["ResponseID", "StartDate", "Q1"])


@pytest.mark.parametrize(
    "rows",
    [
        [("1", "2"), ("3", "4")],
        [("2021-01-01", "15"), ("2021-01-02", "16"), ("10 days", "17")],
        [("data",)],
    ],
)
def test_a_sheet_without_a_header_is_asked_about(rows):
    with pytest.raises(UnreadableInputError, match="no row that is surely a header") as caught:
        bounds_of(grid(*rows))
    assert caught.value.answer == "header = [1]"


def test_a_year_or_two_among_the_names_is_no_hindrance():
    assert names(grid(("Partner", "Country", "2025", "2026"), ("Acme", "DE", "1", "2")))[0] == (0,)


def test_a_row_beyond_the_sheet_cannot_be_its_header():
    with pytest.raises(UnreadableInputError, match="has no row 9 to be its header"):
        bounds_of(grid(("a", "b"), ("1", "2")), (9,))


@pytest.mark.parametrize(
    "text", ["1", "-1.234,50", "(1,234)", "€ 5", "12 %", "2026-03-31", "31.3.26"]
)
def test_numbers_and_days_are_values(text):
    assert is_value(text)


@pytest.mark.parametrize("text", ["Q1", "FY26", "2nd partner", "Amount (EUR)", "#", "v2.0 a"])
def test_names_with_digits_are_no_values(text):
    assert not is_value(text)
