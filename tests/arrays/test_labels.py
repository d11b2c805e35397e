import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.arrays.labels import encode, gathered


@given(labels=st.lists(st.text(max_size=3), unique=True, min_size=1), data=st.data())
def test_encoding_gives_the_position_of_each_value(labels, data):
    values = data.draw(st.lists(st.sampled_from(labels)))
    places = encode(pl.Series(values, dtype=pl.String), pl.Series(labels))
    assert places.tolist() == [labels.index(value) for value in values]


def test_a_value_that_is_no_label_is_refused():
    with pytest.raises(ValueError, match=r"every value must be one of 1 labels\. Got 'z'"):
        encode(pl.Series(["z"]), pl.Series(["a"]))


@given(labels=st.lists(st.text(max_size=3), unique=True, min_size=1), data=st.data())
def test_gathering_gives_the_label_at_each_position_and_none_at_minus_one(labels, data):
    positions = data.draw(st.lists(st.integers(-1, len(labels) - 1), min_size=1))
    found = gathered(pl.Series(labels), np.array(positions))
    assert found.to_list() == [labels[i] if i >= 0 else None for i in positions]
