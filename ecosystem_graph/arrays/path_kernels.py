"""Compiled walks of two steps, from partners over what lies between to partners."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.heap import push, sort_heap
from ecosystem_graph.arrays.jit import check_alike, compiled, parts
from ecosystem_graph.arrays.ties import Ties, as_told_apart, turn_back, turned
from ecosystem_graph.arrays.workspace import zeros

#: Weights below it count as none: single precision cannot tell them apart.
SMALLEST = 1e-37


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
        Columns a row may not get, its own among them where rows and columns are the same things.
    open_to : ndarray of bool, shape (n_columns,)
        Columns any row may get.
    k : int
        Length of a list, >= 1.
    ties : Ties, optional
        Which of equal columns comes first; the lower one unless given.

    Returns
    -------
    ndarray of shape (n_sources, k)
        Best first, -1 where a list is shorter. Weights are equal that are in single precision.

    Raises
    ------
    ValueError
        If shapes do not fit, which compiled loops would not notice.

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> itself, everybody = csr_array(np.eye(3)), np.ones(3, dtype=bool)
    >>> best_paths(path, path, np.array([0]), itself, everybody, k=2)
    array([[ 2, -1]], dtype=int32)
    """
    _check_shapes(first, second, barred, open_to)
    ties = Ties.by_column(second.shape[1]) if ties is None else ties
    out = np.full((len(sources), k), -1, dtype=np.int32)
    n = second.shape[1]
    scratch = zeros("row", n), zeros("closed", n, bool)
    barred_pointers, barred_columns, _ = parts(barred)
    _best_paths(
        *parts(first),
        *parts(second),
        sources,
        barred_pointers,
        barred_columns,
        open_to,
        *ties.of(sources),
        *scratch,
        out,
    )
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
    """Two lists of each source from one walk, which takes as long as that for one of them.

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
    >>> itself, everybody = csr_array(np.eye(3)), np.ones(3, dtype=bool)
    >>> best_paths_twice(first, first.data, second, np.array([0]), itself, everybody, k=2)
    (array([[1, 2]], dtype=int32), array([[2, 1]], dtype=int32))
    """
    _check_shapes(first, second, barred, open_to)
    ties = Ties.by_column(second.shape[1]) if ties is None else ties
    lists = np.full((2, len(sources), k), -1, dtype=np.int32)
    n = second.shape[1]
    scratch = zeros("two rows", 2 * n).reshape(n, 2), zeros("closed", n, bool)
    barred_pointers, barred_columns, _ = parts(barred)
    pointers, columns, values = parts(first)
    _best_paths_twice(
        pointers,
        columns,
        values,
        other,
        *parts(second),
        sources,
        barred_pointers,
        barred_columns,
        open_to,
        *ties.of(sources),
        *scratch,
        *lists,
    )
    return lists[0], lists[1]


def _check_shapes(
    first: csr_array, second: csr_array, barred: csr_array, open_to: NDArray[np.bool_]
) -> None:
    check_alike("first's columns and second's rows", first.shape[1], second.shape[0])
    check_alike("rows of first and barred", first.shape[0], barred.shape[0])
    check_alike(
        "columns of second, barred and open_to", second.shape[1], barred.shape[1], len(open_to)
    )


@compiled
def add_row_of_product(fp, fi, fx, sp, si, sx, place, row, touched):  # type: ignore[no-untyped-def]
    """Add a row of the product of two sparse arrays, entries >= 0, to an empty one.

    Returns how many columns have an entry then; they stand in `touched`.
    """
    n_touched = 0
    for i in range(fp[place], fp[place + 1]):
        between = fi[i]
        for j in range(sp[between], sp[between + 1]):
            column, weight = si[j], fx[i] * sx[j]
            if weight > 0.0:  # a product of tiny weights can be 0
                if row[column] == 0.0:
                    touched[n_touched] = column
                    n_touched += 1
                row[column] += weight
    return n_touched


@compiled
def _best_paths(  # type: ignore[no-untyped-def]
    fp, fi, fx, sp, si, sx, sources, bp, bi, open_to, standing, order, turns, row, closed, out
):
    touched = np.empty(len(row), np.uint32)
    k = out.shape[1]
    best_weight = np.empty(k)
    for place in range(len(sources)):
        source, turn = sources[place], turns[place]
        set_closed(closed, bp, bi, source, True)
        n_touched = add_row_of_product(fp, fi, fx, sp, si, sx, source, row, touched)
        size, least = 0, SMALLEST
        for i in range(n_touched):
            column = touched[i]
            weight = as_told_apart(row[column])
            row[column] = 0.0
            # Once the list is full nearly every entry fails this first test, the cheapest.
            if weight >= least and open_to[column] and not closed[column]:
                size = push(best_weight, out[place], size, weight, turned(standing, turn, column))
                if size == k:
                    least = best_weight[0]
        sort_heap(best_weight, out[place], size)
        turn_back(order, turn, out[place], size)
        set_closed(closed, bp, bi, source, False)


@compiled
def _best_paths_twice(  # type: ignore[no-untyped-def]
    fp,
    fi,
    fx,
    fy,
    sp,
    si,
    sx,
    sources,
    bp,
    bi,
    open_to,
    standing,
    order,
    turns,
    rows,
    closed,
    plain,
    strong,
):
    touched = np.empty(len(rows), np.uint32)
    k = plain.shape[1]
    plain_weight, strong_weight = np.empty(k), np.empty(k)
    for place in range(len(sources)):
        source, turn = sources[place], turns[place]
        set_closed(closed, bp, bi, source, True)
        n_touched = _add_two_rows(fp, fi, fx, fy, sp, si, sx, source, rows, touched)
        n_plain, n_strong, least_plain, least_strong = 0, 0, SMALLEST, SMALLEST
        for i in range(n_touched):
            column = touched[i]
            by_plain = as_told_apart(rows[column, 0])
            by_strong = as_told_apart(rows[column, 1])
            rows[column, 0] = 0.0
            rows[column, 1] = 0.0
            if by_plain < least_plain and by_strong < least_strong:
                continue
            if closed[column] or not open_to[column]:
                continue
            key = turned(standing, turn, column)
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
        turn_back(order, turn, plain[place], n_plain)
        turn_back(order, turn, strong[place], n_strong)
        set_closed(closed, bp, bi, source, False)


@compiled
def _add_two_rows(fp, fi, fx, fy, sp, si, sx, place, rows, touched):  # type: ignore[no-untyped-def]
    n_touched = 0
    for i in range(fp[place], fp[place + 1]):
        between, plain = fi[i], fx[i]
        for j in range(sp[between], sp[between + 1]):
            column, strong = si[j], fy[i] * sx[j]
            if plain > 0.0 or strong > 0.0:
                if rows[column, 0] == 0.0 and rows[column, 1] == 0.0:
                    touched[n_touched] = column
                    n_touched += 1
                rows[column, 0] += plain
                rows[column, 1] += strong
    return n_touched


@compiled
def set_closed(closed, bp, bi, row, to):  # type: ignore[no-untyped-def]
    """Close or open the columns a row may not get."""
    for i in range(bp[row], bp[row + 1]):
        closed[bi[i]] = to
