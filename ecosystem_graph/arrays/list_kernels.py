"""Compiled loops that give a short list per row: the best entries, ties by lower column."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import csr_arrays
from ecosystem_graph.arrays.heap import push, sort_heap
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.row_kernels import SMALLEST, clear_row, mark_row, set_row
from ecosystem_graph.arrays.ties import Ties, keys_to_columns, single_precision, tie_key
from ecosystem_graph.arrays.workspace import zeros

#: Entries of a row read one after the other in the time that one is looked up in it.
_LOOK_UP = 16


def best_columns(
    scores: NDArray[np.float32],
    columns: NDArray[np.intp],
    rows: NDArray[np.intp],
    barred: csr_array,
    k: int,
    least: float = SMALLEST,
    ties: Ties | None = None,
) -> NDArray[np.int32]:
    """The k partners with the largest entries in each row of a dense table.

    Parameters
    ----------
    scores : ndarray of shape (n_rows, n_columns)
    columns : ndarray of shape (n_columns,)
        Position of the partner each column belongs to, in order.
    rows : ndarray of shape (n_rows,)
        Position of the partner each row belongs to.
    barred : csr_array of shape (n_partners, n_partners)
        Partners excluded from the list of a row's partner, itself included.
    k : int
        Length of a list, >= 1.
    least : float, default 1e-37
        Scores below it do not count, > 0.
    ties : Ties, optional
        Which of equal partners comes first; by default the lower position.

    Returns
    -------
    ndarray of shape (n_rows, k)
        Positions, best first, -1 where a list is shorter.

    Examples
    --------
    >>> scores = np.array([[9.0, 0.5, 0.7]], dtype=np.float32)
    >>> itself = csr_array(np.eye(6))
    >>> best_columns(scores, np.array([0, 4, 5]), np.array([0]), itself, k=2)
    array([[5, 4]], dtype=int32)
    """
    out = np.full((len(rows), k), -1, dtype=np.int32)
    closed = zeros("closed", barred.shape[1], bool)
    ties = (Ties.by_column(barred.shape[1]) if ties is None else ties).of(rows)
    columns = columns.astype(np.uint32)
    _best_columns(scores, columns, rows, csr_arrays(barred), least, ties, closed, out)
    return out


def best_of_runs(
    groups: NDArray[np.intp], columns: NDArray[np.intp], scores: NDArray[np.float64], k: int
) -> NDArray[np.intp]:
    """Indices of the k highest scores of each run of equal groups, best first.

    Parameters
    ----------
    groups : ndarray of shape (n_entries,)
        Equal ones are adjacent.
    columns : ndarray of shape (n_entries,)
        Break ties: the lower one comes first.
    scores : ndarray of shape (n_entries,)
    k : int
        Length of a list, >= 1.

    Returns
    -------
    ndarray of shape (n_listed,)
        Indices into the arrays given, run after run.

    Examples
    --------
    >>> best_of_runs(np.array([7, 7, 7, 8]), np.arange(4), np.array([0.1, 0.3, 0.2, -1.0]), k=2)
    array([1, 2, 3])
    """
    listed = np.empty(len(groups), dtype=np.intp)
    n_listed = _best_of_runs(groups, columns, scores, np.empty(k), np.empty(k, np.intp), listed)
    return listed[:n_listed]


def fuse(
    lists: NDArray[np.int32],
    ranks: NDArray[np.int64],
    n: int,
    k: int,
    ties: Ties | None = None,
    rows: NDArray[np.intp] | None = None,
) -> NDArray[np.int32]:
    """Merge several ranked lists per row into one by reciprocal rank.

    An entry at rank r of a list adds 1/(60 + r) to its column.

    Parameters
    ----------
    lists : ndarray of shape (n_rows, n_entries)
        Columns, the lists of a row side by side, -1 where a list is shorter.
    ranks : ndarray of shape (n_entries,)
        Rank of each entry in its own list, from 1.
    n : int
        Number of columns.
    k : int
        Length of the merged lists, >= 1.
    ties : Ties, optional
        Which of equal columns comes first; by default the lower one.
    rows : ndarray of shape (n_rows,), optional
        Position of the partner each row belongs to, for the ties.

    Returns
    -------
    ndarray of shape (n_rows, k)
        Best first, -1 where fewer were listed.

    References
    ----------
    Cormack, G. V., Clarke, C. L. A., Büttcher, S. (2009). Reciprocal rank fusion outperforms
    Condorcet and individual rank learning methods. SIGIR. doi:10.1145/1571941.1572114

    Examples
    --------
    >>> lists = np.array([[4, 2, 2, 3]], dtype=np.int32)
    >>> fuse(lists, np.array([1, 2, 1, 2]), n=5, k=3)
    array([[2, 4, 3]], dtype=int32)
    """
    out = np.full((len(lists), k), -1, dtype=np.int32)
    ties = Ties.by_column(n) if ties is None else ties
    rows = np.zeros(len(lists), dtype=np.intp) if rows is None else rows
    _fuse(lists, 1.0 / (60.0 + ranks), ties.of(rows), zeros("row", n), out)
    return out


def largest_terms(
    left: csr_array,
    right: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    k: int,
) -> NDArray[np.int32]:
    """The k columns with the largest terms in each dot product of :func:`row_dot`.

    Parameters
    ----------
    left, right : csr_array of shape (n_partners, n_columns)
        Entries >= 0.
    sources, targets : ndarray of shape (n_pairs,)
    k : int
        Columns per pair, >= 1.

    Returns
    -------
    ndarray of shape (n_pairs, k)
        Largest term first, ties by lower column, -1 where a pair has fewer.

    Examples
    --------
    >>> held = csr_array([[1.0, 0.0, 2.0], [2.0, 1.0, 3.0]])
    >>> largest_terms(held, held, np.array([0]), np.array([1]), k=3)
    array([[ 2,  0, -1]], dtype=int32)
    """
    out = np.full((len(sources), k), -1, dtype=np.int32)
    row = zeros("row", left.shape[1])
    ordered = bool(right.has_sorted_indices)
    _largest_terms(csr_arrays(left), csr_arrays(right), sources, targets, ordered, row, out)
    return out


@compiled
def _best_columns(  # type: ignore[no-untyped-def]
    scores, columns, rows, barred, lowest, ties, closed, out
):
    k = out.shape[1]
    best_weight = np.empty(k)
    for place in range(len(rows)):
        mark_row(closed, barred, rows[place], True)
        size, least = np.int64(0), lowest
        for i in range(scores.shape[1]):
            weight = np.float64(scores[place, i])
            if weight >= least and not closed[columns[i]]:
                key = tie_key(ties, place, columns[i])
                size = push(best_weight, out[place], size, weight, key)
                if size == k:
                    least = max(lowest, best_weight[0])
        sort_heap(best_weight, out[place], size)
        keys_to_columns(ties, place, out[place], size)
        mark_row(closed, barred, rows[place], False)


@compiled
def _fuse(lists, weights, ties, row, out):  # type: ignore[no-untyped-def]
    best_weight = np.empty(out.shape[1])
    touched = np.empty(lists.shape[1], np.uint32)
    for place in range(len(lists)):
        n_touched = 0
        for i in range(len(weights)):
            if lists[place, i] >= 0:
                column = np.uint32(lists[place, i])
                if row[column] == 0.0:
                    touched[n_touched] = column
                    n_touched += 1
                row[column] += weights[i]
        size = np.int64(0)
        for i in range(n_touched):
            column = touched[i]
            key = tie_key(ties, place, column)
            size = push(best_weight, out[place], size, single_precision(row[column]), key)
            row[column] = 0.0
        sort_heap(best_weight, out[place], size)
        keys_to_columns(ties, place, out[place], size)


@compiled
def _largest_terms(  # type: ignore[no-untyped-def]
    left, right, sources, targets, ordered, row, out
):
    best_weight = np.empty(out.shape[1])
    current = np.int64(-1)
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != current:
            clear_row(row, left, current)
            set_row(row, left, source)
            current = source
        begin, stop = left.pointers[source], left.pointers[source + 1]
        size = np.int64(0)
        first, end = right.pointers[target], right.pointers[target + 1]
        if ordered and end - first > _LOOK_UP * (stop - begin):
            for i in range(begin, stop):
                column = left.columns[i]
                found = first + np.uint64(np.searchsorted(right.columns[first:end], column))
                if found < end and right.columns[found] == column:
                    term = left.values[i] * right.values[found]
                    if term > 0.0:
                        size = push(best_weight, out[pair], size, term, np.int64(column))
        else:
            for i in range(first, end):
                column = right.columns[i]
                term = row[column] * right.values[i]
                if term > 0.0:
                    size = push(best_weight, out[pair], size, term, np.int64(column))
        sort_heap(best_weight, out[pair], size)
    clear_row(row, left, current)


@compiled
def _best_of_runs(groups, columns, scores, weights, best, listed):  # type: ignore[no-untyped-def]
    place_of = np.empty(columns.max() + 1 if len(columns) else 0, np.int64)
    n_listed, start = 0, 0
    while start < len(groups):
        size, end = np.int64(0), start
        while end < len(groups) and groups[end] == groups[start]:
            place_of[columns[end]] = end
            size = push(weights, best, size, scores[end], columns[end])
            end += 1
        sort_heap(weights, best, size)
        for rank in range(size):
            listed[n_listed] = place_of[best[rank]]
            n_listed += 1
        start = end
    return n_listed
