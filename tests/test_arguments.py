"""Arguments are checked at the border: the name, what is allowed and what was given are said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.arguments import check_kind, check_real, check_whole, checked_texts


@given(st.integers(-50, 50), st.integers(-20, 20), st.integers(0, 20))
def test_a_whole_number_passes_within_its_bounds_and_nowhere_else(value, least, span):
    if least <= value <= least + span:
        check_whole("k", np.int32(value), least, least + span)
    else:
        with pytest.raises(ValueError, match=r"k must be at (least|most) "):
            check_whole("k", value, least, least + span)


@pytest.mark.parametrize("value", [True, 2.0, "2", None])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(TypeError, match="k must be a whole number"):
        check_whole("k", value, 0, 9)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_number_out_of_its_bounds_is_refused(value):
    check_real("x", 1, 0.0, 1.0)
    with pytest.raises(ValueError, match="x must be between 0"):
        check_real("x", value, 0.0, 1.0)


def test_texts_are_listed_whatever_holds_them():
    assert checked_texts("partners", (name for name in ("a", "b"))) == ["a", "b"]
    with pytest.raises(TypeError, match=r"each of types must be text. Got int"):
        checked_texts("types", ["a", 7], "texts")


def test_another_type_is_named():
    with pytest.raises(TypeError, match=r"graph must be a graph. Got dict"):
        check_kind("graph", {}, list, "a graph")
