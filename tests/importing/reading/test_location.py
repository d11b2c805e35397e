import pytest

from ecosystem_graph.importing.reading.location import InputLocation
from ecosystem_graph.importing.reading.raw_table import InputOptions

DEALS = InputLocation("Deals FY26", "crm/Deals FY26.csv", "csv")
SHEET = InputLocation("book / Deals", "book.xlsx", "workbook", sheet="Deals")


@pytest.mark.parametrize("pattern", ["deals*.csv", "crm/Deals FY26.csv", "CRM/*.CSV", "*"])
def test_a_pattern_fits_a_file_in_any_case_with_or_without_its_folder(pattern):
    assert DEALS.fits(InputOptions(files=(pattern,)))


def test_another_pattern_does_not_fit():
    assert not DEALS.fits(InputOptions(files=("partners*.csv",)))
    assert not DEALS.fits(InputOptions())


def test_letters_that_are_special_in_a_pattern_may_stand_in_a_name():
    copy = InputLocation("deals [1]", "deals [1].csv", "csv")
    assert copy.fits(InputOptions(files=("Deals [1].csv",)))


def test_a_sheet_is_named_in_any_case_and_a_hidden_one_must_be():
    hidden = InputLocation("book / Old", "book.xlsx", "workbook", sheet="Old", hidden=True)
    by_file, by_sheet = InputOptions(files=("book*",)), InputOptions(files=("*",), sheet="old")
    assert [place.fits(by_file) for place in (SHEET, hidden)] == [True, False]
    assert [place.fits(by_sheet) for place in (SHEET, hidden)] == [False, True]


def test_messages_name_the_sheet_where_a_workbook_has_several():
    assert SHEET.shown == "book.xlsx [Deals]"
    assert InputLocation("book", "book.xlsx", "workbook", sheet="Deals").shown == "book.xlsx"
    assert DEALS.shown == "crm/Deals FY26.csv"
