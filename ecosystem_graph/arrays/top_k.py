"""Sparse arrays kept to the largest entries of each row."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.arrays.heap import push
from ecosystem_graph.arrays.jit import compiled, parts
from ecosystem_graph.arrays.path_kernels import add_row_of_product
from ecosystem_graph.arrays.ties import as_told_apart

#: Rows worked on together: many, for each shard has a place for every column.
_ROWS = 4_096


def largest_per_row(
    matrix: csr_array, k: int, standing: NDArray[np.int64] | None = None
) -> csr_array:
    """The k largest entries of each row; the rest are dropped.

    Ties go to the lower column, or to the column of lower standing where that is given; entries
    are equal that are in single precision.

    Examples
    --------
    >>> largest_per_row(csr_array([[3.0, 1.0, 2.0]]), k=2).toarray()
    array([[3., 0., 2.]])
    """
    if len(matrix.indptr) < 2 or np.diff(matrix.indptr).max() <= k:
        return tidy(matrix.copy())
    if not matrix.has_sorted_indices:
        matrix = matrix.sorted_indices()
    pointers, columns, data = parts(matrix)
    kept = np.zeros(matrix.nnz, dtype=bool)
    places = np.arange(matrix.shape[1]) if standing is None else standing
    _mark_largest(pointers, columns, data, places, k, kept)
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return tidy(csr_array((data[kept], matrix.indices[kept], ends), shape=matrix.shape))


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
    factors = (*parts(first), *parts(second))

    def fill(rows: NDArray[np.intp]) -> None:
        here = slice(rows[0], rows[-1] + 1)
        _largest_of_product(*factors, rows, np.zeros(shape[1]), weights[here], columns[here])

    for _ in map_chunks(fill, np.arange(shape[0]), size=_ROWS):
        pass
    return listed_rows(weights, columns, shape)


def listed_rows(
    values: NDArray[np.float64], columns: NDArray[np.int32], shape: tuple[int, int]
) -> csr_array:
    """Sparse array of which each row is listed, -1 where it has no further column.

    Examples
    --------
    >>> listed_rows(np.array([[1.0, 2.0]]), np.array([[1, -1]], dtype=np.int32), (1, 2)).toarray()
    array([[0., 1.]])
    """
    there = columns >= 0
    ends = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    return tidy(csr_array((values[there], columns[there], ends), shape=shape))


@compiled
def _mark_largest(pointers, columns, data, standing, k, kept):  # type: ignore[no-untyped-def]
    best_weight, best_place = np.empty(k), np.empty(k, np.int64)
    for row in range(len(pointers) - 1):
        first, end = np.int64(pointers[row]), np.int64(pointers[row + 1])
        size = 0
        for i in range(first, end):
            weight = as_told_apart(data[i])
            size = push(best_weight, best_place, size, weight, standing[columns[i]])
        # The root of a full heap is the last that is kept.
        for i in range(first, end):
            weight = as_told_apart(data[i])
            kept[i] = (
                end - first <= k
                or weight > best_weight[0]
                or (weight == best_weight[0] and standing[columns[i]] <= best_place[0])
            )


@compiled
def _largest_of_product(  # type: ignore[no-untyped-def]
    fp, fi, fx, sp, si, sx, rows, total, weights, columns
):
    touched = np.empty(len(total), np.uint32)
    for place in range(len(rows)):
        n_touched = add_row_of_product(fp, fi, fx, sp, si, sx, rows[place], total, touched)
        size = 0
        for i in range(n_touched):
            column = touched[i]
            size = push(weights[place], columns[place], size, total[column], column)
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
