"""Sparse arrays kept to the largest entries of each row."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import csr_arrays, tidy
from ecosystem_graph.arrays.heap import push
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.row_kernels import add_row_of_product
from ecosystem_graph.arrays.ties import single_precision

#: Rows worked on together: many, for each chunk has a dense row of its own.
_ROWS = 4_096


def largest_per_row(matrix: csr_array, k: int, rank: NDArray[np.int64] | None = None) -> csr_array:
    """The k largest entries of each row; the rest are dropped.

    Ties go to the lower column, or to the column of lower rank where that is given. Entries count
    as equal that are equal in single precision.

    Examples
    --------
    >>> largest_per_row(csr_array([[3.0, 1.0, 2.0]]), k=2).toarray()
    array([[3., 0., 2.]])
    """
    if len(matrix.indptr) < 2 or np.diff(matrix.indptr).max() <= k:
        return tidy(matrix.copy())
    if not matrix.has_sorted_indices:
        matrix = matrix.sorted_indices()
    kept = np.zeros(matrix.nnz, dtype=bool)
    rank = np.arange(matrix.shape[1]) if rank is None else rank
    arrays = csr_arrays(matrix)
    _mark_largest(arrays, rank, k, kept)
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return tidy(csr_array((arrays.values[kept], matrix.indices[kept], ends), shape=matrix.shape))


def largest_of_product(first: csr_array, second: csr_array, k: int) -> csr_array:
    """The k largest entries of each row of ``first @ second``, without making the rest of it.

    Parameters
    ----------
    first : csr_array of shape (n_rows, n_between)
        Entries >= 0.
    second : csr_array of shape (n_between, n_columns)
        Entries >= 0.
    k : int
        Entries kept per row, ties by lower column, >= 1.

    Returns
    -------
    csr_array of shape (n_rows, n_columns)

    Examples
    --------
    >>> shares, held = csr_array([[0.5, 0.5]]), csr_array([[1.0, 0.0, 3.0], [1.0, 1.0, 0.0]])
    >>> largest_of_product(shares, held, k=2).toarray()
    array([[1. , 0. , 1.5]])
    """
    shape = (first.shape[0], second.shape[1])
    k = min(k, shape[1])
    weights, columns = np.zeros((shape[0], k)), np.full((shape[0], k), -1, dtype=np.int32)
    factors = csr_arrays(first), csr_arrays(second)

    def fill(rows: NDArray[np.intp]) -> None:
        chunk = slice(rows[0], rows[-1] + 1)
        _largest_of_product(*factors, rows, np.zeros(shape[1]), weights[chunk], columns[chunk])

    for _ in map_chunks(fill, np.arange(shape[0]), size=_ROWS):
        pass
    return listed_rows(weights, columns, shape)


def listed_rows(
    values: NDArray[np.float64], columns: NDArray[np.int32], shape: tuple[int, int]
) -> csr_array:
    """Sparse array from a list of columns per row, -1 where a list is shorter.

    Examples
    --------
    >>> listed_rows(np.array([[1.0, 2.0]]), np.array([[1, -1]], dtype=np.int32), (1, 2)).toarray()
    array([[0., 1.]])
    """
    filled = columns >= 0
    ends = np.concatenate([[0], np.cumsum(filled.sum(axis=1))])
    return tidy(csr_array((values[filled], columns[filled], ends), shape=shape))


@compiled
def _mark_largest(matrix, rank, k, kept):  # type: ignore[no-untyped-def]
    best_weight, best_rank = np.empty(k), np.empty(k, np.int64)
    for row in range(len(matrix.pointers) - 1):
        first, end = np.int64(matrix.pointers[row]), np.int64(matrix.pointers[row + 1])
        size = np.int64(0)
        for i in range(first, end):
            weight = single_precision(matrix.values[i])
            size = push(best_weight, best_rank, size, weight, rank[matrix.columns[i]])
        # The root of a full heap is the last that is kept.
        for i in range(first, end):
            weight = single_precision(matrix.values[i])
            kept[i] = (
                end - first <= k
                or weight > best_weight[0]
                or (weight == best_weight[0] and rank[matrix.columns[i]] <= best_rank[0])
            )


@compiled
def _largest_of_product(  # type: ignore[no-untyped-def]
    first, second, rows, total, weights, columns
):
    touched = np.empty(len(total), np.uint32)
    for place in range(len(rows)):
        n_touched = add_row_of_product(first, second, rows[place], total, touched)
        size = np.int64(0)
        for i in range(n_touched):
            column = touched[i]
            size = push(weights[place], columns[place], size, total[column], np.int64(column))
            total[column] = 0.0
        by_column(weights[place], columns[place], size)


@compiled
def by_column(weights, columns, size):  # type: ignore[no-untyped-def]
    """Put the entries of a short list in the order of their columns, in place."""
    for end in range(1, size):
        weight, column, place = weights[end], columns[end], end
        while place > 0 and columns[place - 1] > column:
            weights[place], columns[place] = weights[place - 1], columns[place - 1]
            place -= 1
        weights[place], columns[place] = weight, column
