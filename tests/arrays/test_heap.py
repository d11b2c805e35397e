import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.arrays.heap import push, sort_heap

weights = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=20)


@given(weights=weights, k=st.integers(1, 6))
def test_the_best_k_are_kept_in_order_ties_by_lower_column(weights, k):
    best_weight, best_column, size = np.empty(k), np.empty(k, dtype=np.int32), np.int64(0)
    for column, weight in enumerate(weights):
        size = push(best_weight, best_column, size, weight, column)
    sort_heap(best_weight, best_column, size)
    expected = sorted(range(len(weights)), key=lambda column: (-weights[column], column))[:k]
    assert best_column[:size].tolist() == expected
    assert best_weight[:size].tolist() == [weights[column] for column in expected]


@given(weights=weights.filter(len))
def test_the_root_is_the_worst_that_is_kept(weights):
    best_weight, best_column, size = np.empty(3), np.empty(3, dtype=np.int32), np.int64(0)
    for column, weight in enumerate(weights):
        size = push(best_weight, best_column, size, weight, column)
        assert best_weight[0] == best_weight[:size].min()
