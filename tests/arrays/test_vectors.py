import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ecosystem_graph.arrays.vectors import decay, run_starts


@given(values=hnp.arrays(int, st.integers(0, 12), elements=st.integers(0, 3)))
def test_runs_start_where_a_value_differs_from_the_one_before(values):
    expected = [i for i in range(len(values)) if i == 0 or values[i] != values[i - 1]]
    assert run_starts(values).tolist() == expected


@given(age=st.floats(0, 1e4), half_life=st.floats(1, 1e4))
def test_each_half_life_leaves_half_of_what_there_was(age, half_life):
    now, later = decay(np.array([age, age + half_life]), half_life)
    assert 0 <= now <= 1
    assert later == pytest.approx(now / 2)


@pytest.mark.parametrize("half_life_days", [0, -1, np.inf, np.nan])
def test_a_half_life_is_positive_and_finite(half_life_days):
    with pytest.raises(ValueError, match="half_life_days must be positive and finite"):
        decay(np.ones(1), half_life_days)
