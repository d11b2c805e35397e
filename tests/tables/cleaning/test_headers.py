import polars as pl

from ecosystem_graph.tables.cleaning.headers import header_notes, header_problems
from ecosystem_graph.tables.opening.raw_table import numbered
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import match_columns


def told(table, *headers):
    """Problems and notes of a header, as text."""
    raw = numbered(table, f"{table}.csv", pl.DataFrame(dict.fromkeys(headers, "x")))
    found = match_columns(headers, TABLES[table].column_names(), table)
    return [str(one) for one in header_problems(raw, found)], [
        str(one) for one in header_notes(raw, found)
    ]


def test_unknown_columns_are_noted_and_a_near_one_is_named_where_one_is_missing():
    problems, notes = told("partners", "partner_id", "nam", "partner_typ")
    assert problems == [
        "partners.csv  column 'name' is missing. Is it 'nam'? Found: partner_id, nam, partner_typ."
    ]
    assert notes == [
        "partners.csv  unknown column 'nam': ignored. Did you mean 'name'?",
        "partners.csv  unknown column 'partner_typ': ignored. Did you mean 'type'?",
    ]


def test_many_unknown_columns_are_one_note():
    problems, notes = told("partners", "partner_id", "name", "q1", "q2", "q3", "q4")
    assert problems == []
    assert notes == ["partners.csv  4 unknown columns: ignored. They are 'q1', 'q2', 'q3', 'q4'."]


def test_columns_that_claim_to_be_one_are_a_problem():
    problems, _ = told("partners", "partner_id", "Partner ID", "name")
    assert problems == [
        "partners.csv  column 'partner_id' is there 2 times ('partner_id' and 'Partner ID'): "
        "keep one."
    ]


def test_a_column_under_the_name_of_its_table_is_noted():
    assert told("partners", "partner_id", "Partner Name") == (
        [],
        ["partners.csv  column 'Partner Name' is read as 'name'."],
    )
