"""Sparse arrays by row: small operations, and the three arrays that compiled loops read."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.jit import compiled


class Csr(NamedTuple):
    """The three arrays of a sparse array, as compiled loops take it.

    Entries ``pointers[r]`` to ``pointers[r + 1]``, the last left out, are those of row r.

    Attributes
    ----------
    pointers : ndarray of uint32 or uint64, shape (n_rows + 1,)
    columns : ndarray of uint32, shape (n_entries,)
    values : ndarray of float64, shape (n_entries,)
    """

    pointers: NDArray[np.unsignedinteger]
    columns: NDArray[np.uint32]
    values: NDArray[np.float64]


def csr_arrays(matrix: csr_array) -> Csr:
    """Arrays of a sparse array, always of the same types, so that a loop is compiled once.

    Nothing is copied of an array that is :func:`tidy`. Indices are unsigned: a loop then need not
    check each for being negative, which takes half the time of most.

    Examples
    --------
    >>> csr_arrays(csr_array([[0.0, 2.0], [3.0, 0.0]])).columns
    array([1, 0], dtype=uint32)
    """
    narrow = matrix.nnz < np.iinfo(np.int32).max
    signed, unsigned = (np.int32, np.uint32) if narrow else (np.int64, np.uint64)
    return Csr(
        matrix.indptr.astype(signed, copy=False).view(unsigned),
        matrix.indices.astype(np.int32, copy=False).view(np.uint32),
        matrix.data.astype(np.float64, copy=False),
    )


def tidy(matrix: csr_array) -> csr_array:
    """Row-compressed, without stored zeros, columns in order, indices as narrow as they can be.

    A row-compressed array is tidied in place: give one that shares its parts with no other.
    """
    matrix = csr_array(matrix)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    # Products widen their indices, and an array with wide ones doubles what a loop has to read.
    if matrix.nnz < np.iinfo(np.int32).max:
        matrix.indices = matrix.indices.astype(np.int32, copy=False)
        matrix.indptr = matrix.indptr.astype(np.int32, copy=False)
    return matrix


def column_scaled(matrix: csr_array, weight: NDArray[np.float64]) -> csr_array:
    """Each column times its weight."""
    return _with_data(matrix, matrix.data * weight[matrix.indices])


def row_scaled(matrix: csr_array, weight: NDArray[np.float64]) -> csr_array:
    """Each row times its weight."""
    return _with_data(matrix, matrix.data * weight[row_of_entries(matrix)])


def _with_data(matrix: csr_array, data: NDArray[np.float64]) -> csr_array:
    parts = (data, matrix.indices.copy(), matrix.indptr.copy())
    return tidy(csr_array(parts, shape=matrix.shape))


def row_of_entries(matrix: csr_array) -> NDArray[np.integer]:
    """Row of each stored entry, shape (n_entries,).

    Examples
    --------
    >>> row_of_entries(csr_array([[1.0, 3.0], [0.0, 2.0]]))
    array([0, 0, 1], dtype=int32)
    """
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))


def presence(matrix: csr_array) -> csr_array:
    """1 for every stored entry."""
    present = matrix.copy()
    present.data = np.ones_like(present.data)
    return present


def without_diagonal(matrix: csr_array) -> csr_array:
    """The entries off the diagonal."""
    kept = row_of_entries(matrix) != matrix.indices
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return tidy(csr_array((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape))


def entries_at(
    matrix: csr_array, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Entries of a sparse array at pairs of row and column, shape (n_pairs,); 0 if not stored.

    As ``matrix[rows, columns]``, which reads a row from its start for every pair asked for: on
    a hub with thousands of entries that takes hundreds of times as long as this binary search.

    Examples
    --------
    >>> entries_at(csr_array([[1.0, 3.0], [0.0, 2.0]]), np.array([0, 1]), np.array([1, 0]))
    array([3., 0.])
    """
    if not matrix.has_sorted_indices:
        matrix = matrix.sorted_indices()
    found = np.empty(len(rows), dtype=np.intp)
    pairs = (side.astype(np.intp, copy=False) for side in (rows, columns))
    _search(matrix.indptr, matrix.indices, *pairs, found)
    entries = np.zeros(len(rows))
    stored = found >= 0
    entries[stored] = matrix.data[found[stored]]
    return entries


@compiled
def _search(pointers, indices, rows, columns, found):  # type: ignore[no-untyped-def]
    """Index of each entry among those stored, -1 if it is not."""
    for i in range(len(rows)):
        low, high = pointers[rows[i]], pointers[rows[i] + 1]
        end = high
        while low < high:
            middle = (low + high) // 2
            if indices[middle] < columns[i]:
                low = middle + 1
            else:
                high = middle
        found[i] = low if low < end and indices[low] == columns[i] else -1


def row_shares(matrix: csr_array) -> csr_array:
    """Each row divided by its sum; empty rows stay empty.

    Examples
    --------
    >>> row_shares(csr_array([[1.0, 3.0], [0.0, 0.0]])).toarray()
    array([[0.25, 0.75],
           [0.  , 0.  ]])
    """
    total = np.asarray(matrix.sum(axis=1)).ravel()
    # Divided, not multiplied: one over the smallest numbers is infinite.
    total = np.where(total > 0, total, 1.0)
    return _with_data(matrix, matrix.data / total[row_of_entries(matrix)])


def unit_rows(matrix: csr_array) -> csr_array:
    """Each row divided by its length; empty rows stay empty.

    Examples
    --------
    >>> unit_rows(csr_array([[3.0, 4.0], [0.0, 0.0]])).toarray()
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return row_scaled(matrix, 1.0 / np.where(length > 0, length, 1.0))
