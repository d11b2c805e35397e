import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import csr_arrays
from ecosystem_graph.arrays.row_kernels import add_row_of_product, clear_row, mark_row, set_row

squares = hnp.arrays(float, (5, 5), elements=st.sampled_from([0.0, 0.0, 0.5, 2.0]))
rows = st.integers(0, 4)


@given(table=squares, row=rows)
def test_a_row_is_set_and_cleared_again(table, row):
    matrix, dense = csr_arrays(csr_array(table)), np.zeros(5)
    set_row(dense, matrix, row)
    np.testing.assert_array_equal(dense, table[row])
    clear_row(dense, matrix, np.int64(-1))
    np.testing.assert_array_equal(dense, table[row])
    clear_row(dense, matrix, row)
    assert not dense.any()


@given(table=squares, row=rows)
def test_a_row_is_marked_where_it_has_entries(table, row):
    matrix, mask = csr_arrays(csr_array(table)), np.zeros(5, dtype=bool)
    mark_row(mask, matrix, row, True)
    np.testing.assert_array_equal(mask, table[row] != 0)
    mark_row(mask, matrix, row, False)
    assert not mask.any()


@given(first=squares, second=squares, row=rows)
def test_a_row_of_the_product_is_that_of_the_dense_product(first, second, row):
    dense, touched = np.zeros(5), np.zeros(5, dtype=np.uint32)
    matrices = csr_arrays(csr_array(first)), csr_arrays(csr_array(second))
    n_touched = add_row_of_product(*matrices, row, dense, touched)
    np.testing.assert_allclose(dense, (first @ second)[row])
    assert sorted(touched[:n_touched]) == np.flatnonzero(dense).tolist()
