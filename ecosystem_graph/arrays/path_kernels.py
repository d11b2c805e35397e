"""Compiled walks of two steps, which find the largest entries of a product of two matrices."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import Csr, csr_arrays
from ecosystem_graph.arrays.heap import push, sort_heap
from ecosystem_graph.arrays.jit import check_alike, compiled
from ecosystem_graph.arrays.row_kernels import SMALLEST, add_row_of_product, mark_row
from ecosystem_graph.arrays.ties import Ties, keys_to_columns, single_precision, tie_key
from ecosystem_graph.arrays.workspace import zeros


def best_paths(
    first: csr_array,
    second: csr_array,
    sources: NDArray[np.intp],
    barred: csr_array,
    open_to: NDArray[np.bool_],
    k: int,
    ties: Ties | None = None,
) -> NDArray[np.int32]:
    """The k columns where each source's row of ``first @ second`` is largest and positive.

    Parameters
    ----------
    first : csr_array of shape (n_rows, n_between)
        Entries >= 0.
    second : csr_array of shape (n_between, n_columns)
        Entries >= 0.
    sources : ndarray of shape (n_sources,)
        Rows of `first`.
    barred : csr_array of shape (n_rows, n_columns)
        Columns excluded for a row; its own as well where rows and columns are the same partners.
    open_to : ndarray of bool, shape (n_columns,)
        Columns allowed for any row.
    k : int
        Length of a list, >= 1.
    ties : Ties, optional
        Which of equal columns comes first; by default the lower one.

    Returns
    -------
    ndarray of shape (n_sources, k)
        Best first, -1 where a list is shorter. Weights are compared in single precision.

    Raises
    ------
    ValueError
        If shapes do not match, which compiled loops would not notice.

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> itself, anyone = csr_array(np.eye(3)), np.ones(3, dtype=bool)
    >>> best_paths(path, path, np.array([0]), itself, anyone, k=2)
    array([[ 2, -1]], dtype=int32)
    """
    _check_shapes(first, second, barred, open_to)
    n = second.shape[1]
    ties = (Ties.by_column(n) if ties is None else ties).of(sources)
    allowed = _Allowed(csr_arrays(barred), open_to, zeros("closed", n, bool))
    out = np.full((len(sources), k), -1, dtype=np.int32)
    arrays = csr_arrays(first), csr_arrays(second)
    _best_paths(*arrays, sources, allowed, ties, zeros("row", n), out)
    return out


def best_paths_twice(
    first: csr_array,
    other: NDArray[np.float64],
    second: csr_array,
    sources: NDArray[np.intp],
    barred: csr_array,
    open_to: NDArray[np.bool_],
    k: int,
    ties: Ties | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Two lists per source from one walk, in the time of one.

    Those of :func:`best_paths` for `first`, every second step counting 1, and for the same first
    steps with the weights `other`, second steps counting what they are.

    Parameters
    ----------
    first : csr_array of shape (n_rows, n_between)
        Entries >= 0.
    other : ndarray of shape (n_entries_of_first,)
        >= 0.
    second, sources, barred, open_to, k, ties
        As for :func:`best_paths`.

    Returns
    -------
    tuple of ndarray of shape (n_sources, k)

    Examples
    --------
    >>> first = csr_array([[1.0, 1.0, 1.0]] * 3)
    >>> second = csr_array([[0.0, 1.0, 5.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    >>> itself, anyone = csr_array(np.eye(3)), np.ones(3, dtype=bool)
    >>> best_paths_twice(first, first.data, second, np.array([0]), itself, anyone, k=2)
    (array([[1, 2]], dtype=int32), array([[2, 1]], dtype=int32))
    """
    _check_shapes(first, second, barred, open_to)
    n = second.shape[1]
    ties = (Ties.by_column(n) if ties is None else ties).of(sources)
    allowed = _Allowed(csr_arrays(barred), open_to, zeros("closed", n, bool))
    rows = zeros("two rows", 2 * n).reshape(n, 2)
    lists = np.full((2, len(sources), k), -1, dtype=np.int32)
    arrays = csr_arrays(first), other, csr_arrays(second)
    _best_paths_twice(*arrays, sources, allowed, ties, rows, lists)
    return lists[0], lists[1]


class _Allowed(NamedTuple):
    """Columns a list may hold: those of `open_to`, without those barred for its row."""

    barred: Csr
    open_to: NDArray[np.bool_]
    closed: NDArray[np.bool_]  # all false; a loop marks in it what is barred for its row


def _check_shapes(
    first: csr_array, second: csr_array, barred: csr_array, open_to: NDArray[np.bool_]
) -> None:
    check_alike("first's columns and second's rows", first.shape[1], second.shape[0])
    check_alike("rows of first and barred", first.shape[0], barred.shape[0])
    check_alike(
        "columns of second, barred and open_to", second.shape[1], barred.shape[1], len(open_to)
    )


@compiled
def _best_paths(first, second, sources, allowed, ties, row, out):  # type: ignore[no-untyped-def]
    touched = np.empty(len(row), np.uint32)
    k = out.shape[1]
    best_weight = np.empty(k)
    for place in range(len(sources)):
        source = sources[place]
        mark_row(allowed.closed, allowed.barred, source, True)
        n_touched = add_row_of_product(first, second, source, row, touched)
        size, least = np.int64(0), SMALLEST
        for i in range(n_touched):
            column = touched[i]
            weight = single_precision(row[column])
            row[column] = 0.0
            # Once the list is full nearly every entry fails this first test, the cheapest.
            if weight >= least and allowed.open_to[column] and not allowed.closed[column]:
                key = tie_key(ties, place, column)
                size = push(best_weight, out[place], size, weight, key)
                if size == k:
                    least = best_weight[0]
        sort_heap(best_weight, out[place], size)
        keys_to_columns(ties, place, out[place], size)
        mark_row(allowed.closed, allowed.barred, source, False)


@compiled
def _best_paths_twice(  # type: ignore[no-untyped-def]
    first, other, second, sources, allowed, ties, rows, lists
):
    touched = np.empty(len(rows), np.uint32)
    plain, strong = lists[0], lists[1]
    k = plain.shape[1]
    plain_weight, strong_weight = np.empty(k), np.empty(k)
    for place in range(len(sources)):
        source = sources[place]
        mark_row(allowed.closed, allowed.barred, source, True)
        n_touched = _add_two_rows(first, other, second, source, rows, touched)
        n_plain, n_strong = np.int64(0), np.int64(0)
        least_plain, least_strong = SMALLEST, SMALLEST
        for i in range(n_touched):
            column = touched[i]
            by_plain = single_precision(rows[column, 0])
            by_strong = single_precision(rows[column, 1])
            rows[column, 0] = 0.0
            rows[column, 1] = 0.0
            if by_plain < least_plain and by_strong < least_strong:
                continue
            if allowed.closed[column] or not allowed.open_to[column]:
                continue
            key = tie_key(ties, place, column)
            if by_plain >= least_plain:
                n_plain = push(plain_weight, plain[place], n_plain, by_plain, key)
                if n_plain == k:
                    least_plain = plain_weight[0]
            if by_strong >= least_strong:
                n_strong = push(strong_weight, strong[place], n_strong, by_strong, key)
                if n_strong == k:
                    least_strong = strong_weight[0]
        sort_heap(plain_weight, plain[place], n_plain)
        sort_heap(strong_weight, strong[place], n_strong)
        keys_to_columns(ties, place, plain[place], n_plain)
        keys_to_columns(ties, place, strong[place], n_strong)
        mark_row(allowed.closed, allowed.barred, source, False)


@compiled
def _add_two_rows(first, other, second, source, rows, touched):  # type: ignore[no-untyped-def]
    n_touched = 0
    for i in range(first.pointers[source], first.pointers[source + 1]):
        between, plain = first.columns[i], first.values[i]
        for j in range(second.pointers[between], second.pointers[between + 1]):
            column, strong = second.columns[j], other[i] * second.values[j]
            if plain > 0.0 or strong > 0.0:
                if rows[column, 0] == 0.0 and rows[column, 1] == 0.0:
                    touched[n_touched] = column
                    n_touched += 1
                rows[column, 0] += plain
                rows[column, 1] += strong
    return n_touched
