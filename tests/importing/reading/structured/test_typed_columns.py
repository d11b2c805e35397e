import datetime as dt

import pandas as pd
import polars as pl
import pytest

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.structured.typed_columns import (
    frame_of_any,
    frame_of_parquet,
    frame_of_records,
    text_frame,
)


def test_every_type_becomes_text_and_fields_of_a_struct_become_columns():
    frame = pl.DataFrame(
        {
            "id": [1, None],
            "amount": [2.0, 2.5],
            "won": [True, None],
            "day": [dt.date(2026, 3, 31), None],
            "at": [dt.datetime(2026, 3, 31, 9, tzinfo=dt.UTC), None],
            "tags": [["a", "b"], []],
            "stage": pl.Series(["x", ""], dtype=pl.Categorical),
            "c": [{"name": "Acme", "at": {"iso": "DE"}}, None],
        }
    )
    assert text_frame(frame).to_dict(as_series=False) == {
        "id": ["1", None],
        "amount": ["2", "2.5"],
        "won": ["true", None],
        "day": ["2026-03-31", None],
        "at": ["2026-03-31T09:00:00Z", None],
        "tags": ["a;b", None],
        "stage": ["x", None],
        "c.name": ["Acme", None],
        "c.at.iso": ["DE", None],
    }


def test_dataframes_of_other_libraries_are_taken_and_other_things_refused():
    frame = pd.DataFrame({"id": [1.0, None]})
    assert text_frame(frame_of_any(frame)).rows() == [("1",), (None,)]
    with pytest.raises(TypeError, match="Got list"):
        frame_of_any([1])


def test_what_is_not_parquet_is_refused():
    with pytest.raises(UnreadableInputError, match="cannot be read as Parquet"):
        frame_of_parquet(b"PAR1")


def test_records_may_lack_fields():
    frame = frame_of_records([{"b": "x"}, {"a": 1.0, "b": None}])
    assert frame.to_dict(as_series=False) == {"b": ["x", None], "a": [None, "1"]}
