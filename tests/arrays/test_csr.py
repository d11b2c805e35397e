import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import coo_array, csr_array

from ecosystem_graph.arrays.csr import (
    column_scaled,
    csr_arrays,
    entries_at,
    presence,
    row_of_entries,
    row_scaled,
    row_shares,
    tidy,
    unit_rows,
    without_diagonal,
)
from ecosystem_graph.arrays.top_k import largest_per_row

values = st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.0])
tables = hnp.array_shapes(min_dims=2, max_dims=2, max_side=6).flatmap(
    lambda shape: hnp.arrays(float, shape, elements=values)
)
squares = st.integers(1, 6).flatmap(lambda n: hnp.arrays(float, (n, n), elements=values))


def untidy(table):
    """The same array with every zero stored and the columns of each row backwards."""
    n_rows, n_columns = table.shape
    backwards = np.tile(np.arange(n_columns)[::-1], n_rows)
    pointers = np.arange(n_rows + 1) * n_columns
    return csr_array((table[:, ::-1].flatten(), backwards, pointers), shape=table.shape)


def assert_tidy(matrix):
    assert (matrix.data != 0).all()
    for start, end in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        assert (np.diff(matrix.indices[start:end]) > 0).all()
    assert matrix.indices.dtype == matrix.indptr.dtype == np.int32


@given(table=tables)
def test_tidying_drops_stored_zeros_and_sorts_columns(table):
    tidied = tidy(untidy(table))
    assert_tidy(tidied)
    np.testing.assert_array_equal(tidied.toarray(), table)


def test_products_get_narrow_indices_again():
    wide = csr_array(coo_array(([1.0], (np.array([0]), np.array([1]))), shape=(2, 2)))
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    assert_tidy(tidy(wide))


@given(table=squares)
def test_the_diagonal_is_taken_out_of_a_copy(table):
    matrix = untidy(table)
    without = without_diagonal(matrix)
    assert_tidy(without)
    np.testing.assert_array_equal(without.toarray(), table * (1 - np.eye(len(table))))
    np.testing.assert_array_equal(matrix.toarray(), table)


@given(table=tables, data=st.data())
def test_scaling_agrees_with_dense_arrays(table, data):
    by_row = data.draw(hnp.arrays(float, table.shape[0], elements=values))
    by_column = data.draw(hnp.arrays(float, table.shape[1], elements=values))
    for scaled, expected in (
        (row_scaled(untidy(table), by_row), table * by_row[:, None]),
        (column_scaled(untidy(table), by_column), table * by_column),
    ):
        assert_tidy(scaled)
        np.testing.assert_array_equal(scaled.toarray(), expected)


@given(table=tables, data=st.data())
def test_entries_at_places_are_those_of_the_dense_array(table, data):
    n_rows, n_columns = table.shape
    place = st.tuples(st.integers(0, n_rows - 1), st.integers(0, n_columns - 1))
    rows, columns = np.array(data.draw(st.lists(place)), dtype=np.intp).reshape(-1, 2).T
    entries = entries_at(csr_array(table), rows, columns)
    np.testing.assert_array_equal(entries, table[rows, columns], strict=True)


@given(table=tables)
def test_shares_of_a_row_sum_to_one_and_empty_rows_stay_empty(table):
    shares = row_shares(csr_array(table)).toarray()
    np.testing.assert_allclose(shares.sum(axis=1), table.any(axis=1))
    np.testing.assert_allclose(shares * table.sum(axis=1, keepdims=True), table)


@given(table=tables, k=st.integers(1, 7))
def test_the_largest_entries_of_a_row_are_kept_ties_by_lower_column(table, k):
    expected = np.zeros_like(table)
    for row, entries in enumerate(table):
        best = sorted(np.flatnonzero(entries), key=lambda column: (-entries[column], column))[:k]
        expected[row, best] = entries[best]
    kept = largest_per_row(tidy(untidy(table)), k)
    assert_tidy(kept)
    np.testing.assert_array_equal(kept.toarray(), expected)


@pytest.mark.parametrize("tiny", [5e-324, 1e-310, 1e-300])
def test_shares_of_sums_however_small_are_finite_and_sum_to_one(tiny):
    matrix = csr_array(np.array([[tiny, tiny], [0.0, 1.0]]))
    np.testing.assert_allclose(row_shares(matrix).toarray(), [[0.5, 0.5], [0.0, 1.0]])


@given(table=tables)
def test_the_row_of_every_entry_is_found(table):
    np.testing.assert_array_equal(row_of_entries(csr_array(table)), table.nonzero()[0])


@given(table=tables)
def test_presence_is_one_where_something_is_stored(table):
    np.testing.assert_array_equal(presence(csr_array(table)).toarray(), table != 0)


@given(table=tables)
def test_loops_get_arrays_of_the_same_types_whatever_the_matrix_has(table):
    wide = csr_array(table.astype(np.float32))
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    for matrix in (wide, tidy(csr_array(table))):
        arrays = csr_arrays(matrix)
        assert [part.dtype for part in arrays] == [np.uint32, np.uint32, np.float64]
        again = csr_array((arrays.values, arrays.columns, arrays.pointers), shape=table.shape)
        np.testing.assert_array_equal(again.toarray(), table)


def test_nothing_is_copied_of_a_tidy_array():
    matrix = tidy(csr_array(np.eye(3)))
    parts = (matrix.indptr, matrix.indices, matrix.data)
    assert all(map(np.shares_memory, csr_arrays(matrix), parts))


def test_rows_get_the_length_of_one_and_empty_ones_stay_empty():
    rows = unit_rows(csr_array([[3.0, 4.0], [0.0, 0.0], [0.0, 0.5]])).toarray()
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.0, 0.0], [0.0, 1.0]])
