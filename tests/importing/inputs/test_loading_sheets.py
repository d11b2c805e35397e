import pytest
import xlsxwriter

from ecosystem_graph.importing.inputs.loading import found_inputs, load_inputs

MAPPING = """
schema = 1
[inputs.deals]
file = "book.xlsx"
sheet = "{sheet}"
[tables.deals.sheet]
from = "deals"
columns.deal_id = "Deal"
"""


@pytest.fixture
def book(tmp_path):
    """A workbook with a table, the same hidden, a sheet of notes and an empty one."""
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as workbook:
        for name in ("Deals", "Old"):
            sheet = workbook.add_worksheet(name)
            sheet.write_column(0, 0, ["Deal", f"d-{name}"])
            sheet.write_column(0, 1, ["Contact", "Ann"])
        sheet.hide()
        workbook.add_worksheet("Notes").write(0, 0, "Ask Ann")
        workbook.add_worksheet("Sheet4")
    return tmp_path


def loaded(book, sheet):
    (book / "map.toml").write_text(MAPPING.format(sheet=sheet))
    found = found_inputs(book, book / "map.toml", ())
    load_inputs(found)
    return found


@pytest.mark.parametrize("sheet", ["Deals", "Old"])
def test_a_hidden_sheet_is_read_if_it_is_named_and_sheets_without_a_table_do_not_matter(
    book, sheet
):
    found = loaded(book, sheet)
    assert found.inputs["deals"].frame["deal"].to_list() == [f"d-{sheet}"]
    assert "contact" not in found.inputs["deals"].frame.columns
    hidden = {"Old"} if sheet == "Old" else set()
    assert {one.location.sheet for one in found.found} == {"Deals", "Notes", "Sheet4"} | hidden


def test_a_sheet_without_a_table_is_refused_if_the_mapping_names_it(book):
    (problem,) = loaded(book, "Notes").problems
    assert "no row that is surely a header" in problem.message
