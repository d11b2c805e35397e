import datetime as dt
import io

import pytest
import xlsxwriter

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.workbook.workbook import grid_of_sheet, sheet_names


def book(fill, **options):
    """Bytes of a workbook that a function fills."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as workbook:
        fill(workbook)
    return stream.getvalue()


def deals(workbook):
    sheet = workbook.add_worksheet("Deals")
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    percent = workbook.add_format({"num_format": "0%"})
    sheet.write_row(2, 1, ["Id", "Closed", "Share", "Won", "Amount"])
    sheet.write_row(3, 1, [7, None, None, True, 12.5])
    sheet.write_datetime(3, 2, dt.datetime(2026, 3, 31), day)
    sheet.write_number(3, 3, 0.25, percent)
    workbook.add_worksheet("Old").hide()
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series({"values": "=Deals!$F$4"})
    workbook.add_chartsheet("Chart").set_chart(chart)


def test_rows_and_columns_are_those_of_the_spreadsheet():
    grid = grid_of_sheet(book(deals), "Deals")
    assert grid.rows.tolist() == [1, 2, 3, 4]
    assert grid.cells.row(2) == (None, "Id", "Closed", "Share", "Won", "Amount")
    assert grid.cells.row(3) == (None, "7", "2026-03-31", "0.25", "true", "12.5")


def test_hidden_sheets_are_known_and_charts_are_no_sheets():
    assert [(sheet.name, sheet.hidden) for sheet in sheet_names(book(deals))] == [
        ("Deals", False),
        ("Old", True),
    ]


def test_days_since_1904_are_days():
    data = book(deals, date_1904=True)
    assert grid_of_sheet(data, "Deals").cells.row(3)[2] == "2026-03-31"


def test_errors_of_formulas_are_named_with_their_cells():
    def fill(workbook):
        sheet = workbook.add_worksheet("S")
        sheet.write_row(0, 0, ["Id", "Rate"])
        sheet.write_formula("B2", "=1/0", value="#DIV/0!")
        sheet.write_formula("A3", "=NA()", value="#N/A")

    faults = grid_of_sheet(book(fill), "S").cell_faults
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [
        (2, 1, "#DIV/0!"),
        (3, 0, "#N/A"),
    ]
    assert "holds the error #DIV/0! of a formula" in faults[0].message


def test_a_number_of_sixteen_digits_has_lost_some():
    def fill(workbook):
        sheet = workbook.add_worksheet("S")
        sheet.write_column(0, 0, ["Id", 123_456_789_012_345, 1_234_567_890_123_456])

    grid = grid_of_sheet(book(fill), "S")
    assert grid.cells["0"].to_list() == ["Id", "123456789012345", "1.23457E+15"]
    (fault,) = grid.cell_faults
    assert (fault.row, fault.value, fault.kind) == (3, "1.23457E+15", "digits lost")


def test_merges_and_hidden_rows_and_columns_are_said():
    def fill(workbook):
        sheet = workbook.add_worksheet("S")
        sheet.merge_range("A1:B2", "x")
        sheet.write_column("A3", ["a", "b"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("C:D", None, None, {"hidden": True})

    grid = grid_of_sheet(book(fill), "S")
    assert grid.merged == ((1, 0, 2, 1),)
    assert grid.notes == (
        "1 hidden row read as the others.",
        "2 hidden columns read as the others.",
    )


def test_a_named_table_is_read_with_its_header_wherever_it_is():
    def fill(workbook):
        workbook.add_worksheet("A").write("A1", "x")
        sheet = workbook.add_worksheet("B")
        sheet.write("A1", "title")
        rows = [["d-1", 1], ["d-2", 2]]
        columns = [{"header": "Deal"}, {"header": "Amount"}]
        sheet.add_table("C4:D6", {"name": "Deals", "data": rows, "columns": columns})
        sheet.write("C9", "note")

    data = book(fill)
    grid = grid_of_sheet(data, "A", "deals")
    assert grid.rows.tolist() == [4, 5, 6]
    assert grid.cells.rows() == [("Deal", "Amount"), ("d-1", "1"), ("d-2", "2")]
    with pytest.raises(UnreadableInputError, match=r"no table named 'Deal'.*Found: Deals"):
        grid_of_sheet(data, "A", "Deal")


def test_what_is_no_workbook_is_refused():
    for data in (b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken", b"a,b\n1,2\n"):
        with pytest.raises(UnreadableInputError, match="cannot be read as a workbook"):
            sheet_names(data)


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(UnreadableInputError, match="cannot be read as a workbook"):
        grid_of_sheet(book(deals), "Other")
