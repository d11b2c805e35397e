"""Lines of totals are told, and a company that is called so is left alone."""

import polars as pl
import pytest

from ecosystem_graph.tables import check_tables


def notes(partners, capabilities=("p-1",)):
    facts = pl.DataFrame({"partner_id": capabilities, "capability_id": ["x"] * len(capabilities)})
    report = check_tables({"partners": pl.DataFrame(partners), "partner_capabilities": facts})
    return [note.message for note in report.notes if note.table == "partners"]


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Grand total", "Summe", "Total général"])
def test_a_line_of_totals_is_told_with_its_row(word):
    told = notes({"partner_id": ["p-1", word], "name": ["Ann", "7"]})
    assert any("row 2" in note and "line of totals" in note for note in told)


def test_a_company_that_other_rows_know_or_that_is_called_otherwise_is_none():
    assert notes({"partner_id": ["p-1", "p-2"], "name": ["Total", "Total Energy"]}) == []
