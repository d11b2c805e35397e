import numpy as np
import polars as pl
import pytest

from ecosystem_graph.importing.reading.grid import Grid, UnreadableInputError
from ecosystem_graph.importing.reading.layout.bounds import bounds_of


def grid(*rows):
    width = max(map(len, rows))
    padded = [tuple(row) + (None,) * (width - len(row)) for row in rows]
    schema = {str(place): pl.String for place in range(width)}
    cells = pl.DataFrame(padded, schema=schema, orient="row")
    return Grid(cells, np.arange(1, len(rows) + 1))


HEADER = ("Deal", "Partner", "Amount")
DATA = [(f"d-{n}", "Acme", str(n)) for n in range(1, 6)]


def left_out(*rows, header=()):
    sheet = grid(*rows)
    bounds = bounds_of(sheet, header)
    blank_in_header = sum(not any(rows[place]) for place in bounds.header)
    accounted = len(bounds.data) + sum(bounds.left_out.values()) + len(bounds.header)
    assert accounted == len(rows) + blank_in_header
    return [sheet.cells[int(place), 0] for place in bounds.data], bounds.left_out


def test_the_footer_of_a_report_is_left_out_and_counted():
    found, why = left_out(
        ("Deals with partners",),
        (),
        HEADER,
        *DATA,
        ("Grand Totals (5 records)",),
        (),
        ("Copyright (c) 2000-2026 salesforce.com, inc.",),
        ("Confidential Information",),
    )
    assert found == ["d-1", "d-2", "d-3", "d-4", "d-5"]
    assert why == {"title": 1, "blank": 2, "total": 1, "footer": 2}


@pytest.mark.parametrize(
    "label",
    ["Total", "TOTALS", "Subtotal", "Sub-total", "Grand total", "Summe", "Gesamt", "Gesamtsumme:"],
)
def test_totals_are_known_in_english_and_german(label):
    assert left_out(HEADER, *DATA, (label, None, "15"))[1] == {"total": 1}


@pytest.mark.parametrize("name", ["Total Solutions GmbH", "TotalEnergies SE", "Gesamtverband eV"])
def test_a_company_with_such_a_name_is_no_total(name):
    found, why = left_out(("Partner", "Country"), ("Acme", "DE"), (name, "FR"))
    assert (found, why) == (["Acme", name], {})


def test_columns_of_unequal_length_are_not_cut():
    rows = [("won", "EUR"), ("lost", "USD"), ("open", None), ("withdrawn", None)]
    assert left_out(("outcome", "currency"), *rows) == (["won", "lost", "open", "withdrawn"], {})


def test_one_column_after_a_blank_row_is_not_a_footer():
    assert left_out(("Name",), ("Acme",), (), ("Bolt",)) == (["Acme", "Bolt"], {"blank": 1})


def test_blank_rows_amid_the_data_are_counted():
    found, why = left_out(HEADER, DATA[0], (), (" ", None, ""), DATA[1])
    assert (found, why) == (["d-1", "d-2"], {"blank": 2})


def test_a_header_that_is_repeated_is_left_out():
    found, why = left_out(HEADER, DATA[0], HEADER, DATA[1])
    assert (found, why) == (["d-1", "d-2"], {"header again": 1})


def test_a_named_row_of_the_header_may_be_blank():
    found, why = left_out(HEADER, (), *DATA, header=(1, 2))
    assert (len(found), why) == (5, {"blank": 1})


def test_a_second_table_is_asked_about_and_a_named_header_decides():
    second = [("Partner", "Country", "Tier"), ("Acme", "DE", "Gold")]
    rows = [HEADER, *DATA, (), *second]
    with pytest.raises(UnreadableInputError, match="header in row 8") as caught:
        bounds_of(grid(*rows))
    assert caught.value.answer == "header = [1]"
    found, why = left_out(*rows, header=(1,))
    assert (found, why) == ([f"d-{n}" for n in range(1, 6)], {"blank": 1, "another table": 2})
    sheet = grid(*rows)
    assert bounds_of(sheet, (8,)).data.tolist() == [8]


@pytest.mark.parametrize("row", [("d-9", "Cy", "n/a"), ("d-9", "Cy", "to come"), ("x", "x", "y")])
def test_data_below_a_blank_row_are_no_second_table(row):
    found, why = left_out(HEADER, *DATA, (), row, ("d-10", "Acme", "1"))
    assert len(found) == 7
    assert why == {"blank": 1}


def test_a_header_alone_has_no_rows():
    assert left_out(HEADER) == ([], {})


def test_nothing_is_no_table():
    with pytest.raises(UnreadableInputError, match="is empty"):
        bounds_of(grid((None,), ("",)))
