import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.arrays.ties import Ties, keys_to_columns, single_precision, tie_key

permutations = st.integers(1, 8).flatmap(lambda n: st.permutations(range(n))).map(np.array)


@given(rank=permutations, data=st.data())
def test_columns_follow_a_row_in_the_cyclic_order(rank, data):
    row = data.draw(st.integers(0, len(rank) - 1))
    ties = Ties.next_to(rank).of(np.array([row]))
    keys = np.array([tie_key(ties, 0, column) for column in range(len(rank))])
    np.testing.assert_array_equal(keys, (rank - rank[row]) % len(rank))


@given(rank=permutations, data=st.data())
def test_keys_turn_back_into_their_columns(rank, data):
    row = data.draw(st.integers(0, len(rank) - 1))
    ties = Ties.next_to(rank).of(np.array([row]))
    keys = np.array([tie_key(ties, 0, column) for column in range(len(rank))], dtype=np.int32)
    keys_to_columns(ties, 0, keys, np.int64(len(keys)))
    np.testing.assert_array_equal(keys, np.arange(len(rank)))


def test_by_default_the_lower_column_comes_first_in_every_row():
    ties = Ties.by_column(4).of(np.array([3, 1]))
    keys = [[tie_key(ties, place, column) for column in range(4)] for place in range(2)]
    assert keys == [[0, 1, 2, 3]] * 2


def test_sums_in_another_order_are_equal_in_single_precision():
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    assert single_precision(one) == single_precision(other)
