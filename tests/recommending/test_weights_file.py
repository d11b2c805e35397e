"""Numbers that anybody may have written are read within bounds, or refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ecosystem_graph.recommending.weights_file import read_weights, write_weights


@given(arrays(np.float64, st.integers(0, 9), elements=st.floats(-1e15, 1e15)))
def test_numbers_come_back_as_they_were(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("weights") / "weights.npz"
    digest = write_weights(path, {"new.weights": numbers, "new.n": np.arange(3)})
    again = read_weights(path, digest, {"new.weights": 9, "new.n": 3})
    np.testing.assert_array_equal(again["new.weights"], numbers)
    assert again["new.n"].dtype == np.int64


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({}, "w is missing"),
        ({"w": np.zeros(10)}, None),
        ({"w": np.zeros(9_999)}, "holds more than 10 numbers"),
        ({"w": np.array([np.nan])}, "must be finite numbers"),
        ({"w": np.array([1e16])}, "must be finite numbers"),
        ({"w": np.zeros((2, 2))}, "not a list of plain numbers"),
        ({"w": np.array(["a"])}, "not a list of plain numbers"),
    ],
)
def test_what_is_no_list_of_so_many_numbers_is_refused(tmp_path, weights, message):
    path = tmp_path / "weights.npz"
    digest = write_weights(path, weights)
    if message is None:
        assert len(read_weights(path, digest, {"w": 10})["w"]) == 10
        return
    with pytest.raises(ValueError, match=message):
        read_weights(path, digest, {"w": 10})


def test_another_file_than_the_one_written_is_refused(tmp_path):
    path = tmp_path / "weights.npz"
    digest = write_weights(path, {"w": np.zeros(2)})
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="is not the file its manifest was written with"):
        read_weights(path, digest, {"w": 2})
    path.unlink()
    with pytest.raises(ValueError, match="is missing"):
        read_weights(path, digest, {"w": 2})
