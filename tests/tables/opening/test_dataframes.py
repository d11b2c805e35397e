import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from ecosystem_graph.tables.opening.dataframes import of_frames

FACTS = pl.DataFrame({"partner_id": ["p-1"], "capability_id": ["crm"]})


def of_partners(frame):
    return of_frames({"partners": frame, "partner_capabilities": FACTS})


def test_a_column_of_mixed_types_is_named():
    mixed = pd.DataFrame({"partner_id": pd.Series([1, "b"], dtype=object), "name": ["A", "B"]})
    (problem,) = of_partners(mixed).problems
    assert (problem.column, problem.kind) == ("partner_id", "mixed types")
    assert "frame['partner_id'].astype('string')" in problem.message


def test_a_column_of_mixed_types_that_nobody_needs_is_passed_over():
    mixed = pd.DataFrame({"partner_id": ["p-1", "p-2"], "name": ["A", "B"], "extra": [{}, "b"]})
    source = of_partners(mixed)
    assert source.problems == []
    assert "'extra', which cannot be read: ignored" in source.notes[0].message
    assert source.tables["partners"].frame.height == 2


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([["p-1", "A", "B"]], columns=["partner_id", "name", "name"]),
        pa.table([["p-1"], ["A"], ["B"]], names=["partner_id", "name", "name"]),
    ],
)
def test_a_column_that_is_there_twice_is_named(frame):
    (problem,) = of_partners(frame).problems
    assert problem.message == "has 2 columns named 'name': keep one."


def test_names_of_columns_need_not_be_text():
    frame = pd.DataFrame({"partner_id": ["p-1"], "name": ["A"], 0: [1]})
    assert of_partners(frame).tables["partners"].columns == ("partner_id", "name", "0")


def test_an_unknown_table_is_noted_with_a_near_name():
    frames = {"partner": pl.DataFrame({"partner_id": ["p"]})}
    assert str(of_frames(frames).notes[0]).endswith("Did you mean 'partners'?")


def test_what_is_no_dataframe_is_the_callers_mistake():
    with pytest.raises(TypeError, match=r"'partners' must be a dataframe .* Got list"):
        of_frames({"partners": []})
