"""Small things done to sparse arrays in more than one place."""

import numpy as np
from scipy.sparse import csr_array, diags_array


def tidy(matrix: csr_array) -> csr_array:
    """Row-compressed, without stored zeros, columns in order."""
    matrix = csr_array(matrix)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def without_diagonal(matrix: csr_array) -> csr_array:
    """The same entries between different partners only."""
    matrix = csr_array(matrix)
    matrix.setdiag(0)
    return tidy(matrix)


def row_shares(matrix: csr_array) -> csr_array:
    """Each row divided by its sum; empty rows stay empty.

    Examples
    --------
    >>> row_shares(csr_array([[1.0, 3.0], [0.0, 0.0]])).toarray()
    array([[0.25, 0.75],
           [0.  , 0.  ]])
    """
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return csr_array(diags_array(1.0 / np.where(total > 0, total, 1.0)) @ matrix)


def largest_per_row(matrix: csr_array, k: int) -> csr_array:
    """The k largest entries of each row, ties by lower column; the rest are dropped.

    Examples
    --------
    >>> largest_per_row(csr_array([[3.0, 1.0, 2.0]]), k=2).toarray()
    array([[3., 0., 2.]])
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    place = np.arange(matrix.nnz) - matrix.indptr[rows]
    kept = order[place < k]
    return tidy(csr_array((matrix.data[kept], (rows[kept], matrix.indices[kept])), matrix.shape))
