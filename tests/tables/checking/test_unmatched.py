"""Why a reference finds no row."""

import polars as pl
import pytest

from ecosystem_graph.tables.checking.unmatched import why_unmatched

KNOWN = pl.DataFrame(
    {
        "partner_id": ["p-1", "007", "a b", "acme", "Bolt", "bolt", None],
        "name": ["Acme", "Bond", "Blank", "Firm", "Two", "Two", "None"],
    }
)


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("P-1", "differs in case", "is not in p.csv, where 'p-1' is: the two differ only in case."),
        ("AB", "differs in blanks", "where 'a b' is: the two differ only in blanks."),
        ("7", "differs in leading zeros", "a spreadsheet cuts leading zeros"),
        ("7.0", "differs in decimals", "an id is no number with decimals"),
        ("bond", "a name where an id belongs", "is a name in p.csv, an id belongs here: '007'."),
        ("N/A", "missing value as a word", "Write nothing for a missing value."),
        ("1.2E+11", "shortened by a spreadsheet", "format the column as text"),
        ("acne", "not in p.csv", "is not in p.csv. Did you mean 'acme'?"),
        ("zebra", "not in p.csv", "is not in p.csv."),
    ],
)
def test_a_value_is_explained_by_how_it_is_written(value, kind, message):
    found = why_unmatched(pl.Series([value]), KNOWN, "partner_id", "p.csv")[value]
    assert found.kind == kind
    assert message in found.message


@pytest.mark.parametrize("value", ["BOLT", "two"])
def test_what_fits_several_ids_is_explained_by_none_of_them(value):
    found = why_unmatched(pl.Series([value]), KNOWN, "partner_id", "p.csv")[value]
    assert found.kind == "not in p.csv"


def test_every_distinct_value_is_explained_once_in_its_order():
    lost = pl.Series(["zebra", "P-1", "zebra", "N/A"])
    assert list(why_unmatched(lost, KNOWN, "partner_id", "p.csv")) == ["zebra", "P-1", "N/A"]


def test_only_the_first_ten_values_get_a_hint():
    known = pl.DataFrame({"id": ["kestrel"]})
    lost = pl.Series([f"unknown{letter}" for letter in "abcdefghij"] + ["kestral"])
    found = why_unmatched(lost, known, "id", "c.csv")
    assert found["kestral"].message == "is not in c.csv."
    found = why_unmatched(lost.reverse(), known, "id", "c.csv")
    assert found["kestral"].message == "is not in c.csv. Did you mean 'kestrel'?"
