import numpy as np
import polars as pl

from ecosystem_graph.importing.inputs.loaded import fields_like, found_field, stacked
from ecosystem_graph.importing.mapping.grammar import FieldName
from ecosystem_graph.importing.reading.raw_table import Layout, RawTable


def raw(file, **columns):
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    rows = np.arange(2, frame.height + 2)
    return RawTable(file, file, None, frame, rows, Layout(headers=tuple(columns)))


def test_files_of_one_input_are_stacked_and_a_row_in_two_of_them_counts_once():
    one, other = (
        raw("a.csv", Id=["1", "1"], Name=["x", "x"]),
        raw("b.csv", ID=["1", "2"], NAME=["x", " "]),
    )
    given, problems = stacked("deals", [one, other], {})
    assert problems == []
    assert given.frame.select("id", "name").rows() == [("1", "x"), ("1", "x"), ("2", None)]
    assert given.identical == 1
    assert given.place(2) == ("b.csv", 3)
    assert given.file == "a.csv and 1 more"


def test_files_with_other_columns_are_a_problem():
    _, problems = stacked("deals", [raw("a.csv", Id=["1"]), raw("b.csv", Key=["1"])], {})
    (problem,) = problems
    assert problem.file == "b.csv"
    assert "other columns than a.csv" in problem.message


def test_a_field_goes_by_its_own_name_before_others():
    others = {"id": ("recordid",)}
    assert found_field(FieldName("Id"), {"id", "recordid"}, others) == "id"
    assert found_field(FieldName("ID__c"), {"recordid"}, others) == "recordid"
    assert found_field("Gone", {"id"}, others) is None


def test_a_pattern_stands_for_columns_in_their_order():
    headers = ["Partner 2", "Partner 10", "Partner", "Deal"]
    labels = {"partner2": "", "partner10": "", "partner": "", "deal": ""}
    assert fields_like("Partner *", labels, headers) == ["partner2", "partner10"]
    assert fields_like("*", labels, headers) == ["partner2", "partner10", "partner", "deal"]
