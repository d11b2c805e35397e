"""The largest entries of rows, against sorting everything."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.top_k import largest_of_product, largest_per_row

# Few values, all exact in binary: ties are many, and sums the same in any order.
values = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0])


def arrays(n_rows, n_columns):
    return hnp.arrays(float, (n_rows, n_columns), elements=values)


def kept(table, k):
    """The k largest positive entries of each row, the lower column first among equals."""
    out = np.zeros_like(table)
    for row, entries in enumerate(table):
        for column in sorted(range(len(entries)), key=lambda c: (-entries[c], c))[:k]:
            out[row, column] = entries[column]
    return out


@given(n=st.integers(1, 6), m=st.integers(1, 6), k=st.integers(1, 7), data=st.data())
def test_the_largest_of_a_row_stay(n, m, k, data):
    table = data.draw(arrays(n, m))
    np.testing.assert_array_equal(largest_per_row(csr_array(table), k).toarray(), kept(table, k))


@given(n=st.integers(1, 6), m=st.integers(1, 5), k=st.integers(1, 7), data=st.data())
def test_the_largest_of_a_product_are_those_of_the_whole_of_it(n, m, k, data):
    first, second = data.draw(arrays(n, m)), data.draw(arrays(m, n))
    ours = largest_of_product(csr_array(first), csr_array(second), k)
    np.testing.assert_array_equal(ours.toarray(), kept(first @ second, k))
    assert ours.nnz == (ours.data > 0).sum()


def test_the_order_entries_are_stored_in_does_not_matter():
    backwards = csr_array((np.ones(3), np.array([2, 1, 0]), np.array([0, 3])), shape=(1, 3))
    assert largest_per_row(backwards, 2).toarray().tolist() == [[1, 1, 0]]
    assert backwards.indices.tolist() == [2, 1, 0]


def test_many_rows_are_worked_on_in_parts_and_come_back_in_order():
    rng = np.random.default_rng(0)
    first = csr_array(rng.random((9_000, 3)))
    ours = largest_of_product(first, csr_array(np.eye(3)), 1)
    np.testing.assert_array_equal(ours.indices, first.toarray().argmax(axis=1))
