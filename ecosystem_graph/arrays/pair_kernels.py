"""Compiled loops that give one number per pair of partners.

Pairs are two equally long arrays, sources and targets. The loops are fastest when equal sources
are adjacent: a source's own row is then read once. Where the rows of targets are much longer, as
those of hubs are, pairs are taken by target instead; both add the same numbers in the same order.
The loops release the interpreter lock, so threads over chunks of pairs use every core.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import csr_arrays
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.row_kernels import clear_row, set_row
from ecosystem_graph.arrays.workspace import zeros

#: Entries read in sequence in the time that one is read by target, where access is scattered.
_TURNED = 2


def row_dot(
    left: csr_array, right: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Dot product of row `source` of one matrix with row `target` of another, for many pairs.

    Parameters
    ----------
    left, right : csr_array of shape (n_partners, n_columns)
    sources, targets : ndarray of shape (n_pairs,)

    Returns
    -------
    ndarray of shape (n_pairs,)

    Examples
    --------
    >>> held = csr_array([[1.0, 0.0, 2.0], [0.0, 1.0, 3.0]])
    >>> row_dot(held, held, np.array([0, 0]), np.array([0, 1]))
    array([5., 6.])
    """
    out = np.empty(len(sources))
    turned = by_target(left, right, sources, targets)
    if turned is not None:
        left, right, sources, targets = right, left, targets[turned], sources[turned]
    row = zeros("row", left.shape[1])
    _row_dot(csr_arrays(left), csr_arrays(right), sources, targets, row, out)
    return out if turned is None else _put(out, turned)


def bilinear(
    groups: csr_array,
    table: NDArray[np.float64],
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """A table's entries between two partners' groups, weighted by both memberships.

    Parameters
    ----------
    groups : csr_array of shape (n_partners, n_groups)
    table : ndarray of shape (n_groups, n_groups)
    sources, targets : ndarray of shape (n_pairs,)

    Returns
    -------
    ndarray of shape (n_pairs,)

    Examples
    --------
    >>> groups = csr_array([[1.0, 0.0], [0.5, 0.5]])
    >>> bilinear(groups, np.array([[1.0, 3.0], [3.0, 1.0]]), np.array([0]), np.array([1]))
    array([2.])
    """
    out = np.empty(len(sources))
    _bilinear(csr_arrays(groups), np.ascontiguousarray(table), sources, targets, out)
    return out


def unmet_demand(
    demand: csr_array,
    held: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    met: csr_array | None = None,
) -> NDArray[np.float64]:
    """Demand on the source that the target covers beyond what the source holds itself.

    ``sum over c of demand[a, c] * max(0, held[b, c] - held[a, c])``.

    Parameters
    ----------
    demand, held : csr_array of shape (n_partners, n_capabilities)
    sources, targets : ndarray of shape (n_pairs,)
    met : csr_array of shape (n_partners, n_capabilities), optional
        As for :func:`unmet_demand_in_return`; with it, pairs can be taken by target.

    Returns
    -------
    ndarray of shape (n_pairs,)

    Examples
    --------
    >>> demand = csr_array([[0.5, 0.5], [1.0, 0.0]])
    >>> held = csr_array([[1.0, 0.0], [1.0, 0.8]])
    >>> unmet_demand(demand, held, np.array([0, 1]), np.array([1, 0]))
    array([0.4, 0. ])
    """
    turned = None if met is None else by_target(demand, held, sources, targets)
    if turned is not None and met is not None:
        pairs = targets[turned], sources[turned]
        return _put(unmet_demand_in_return(demand, met, held, *pairs), turned)
    out = np.empty(len(sources))
    rows = zeros("row", held.shape[1]), zeros("held", held.shape[1])
    _unmet_demand(csr_arrays(demand), csr_arrays(held), sources, targets, *rows, out)
    return out


def unmet_demand_in_return(
    demand: csr_array,
    met: csr_array,
    held: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Demand on the target that the source covers beyond what the target holds itself.

    ``sum over c of demand[b, c] * max(0, held[a, c] - met[b, c])``.

    Parameters
    ----------
    demand, met : csr_array of shape (n_partners, n_capabilities)
        Of one pattern; `met` has what the partner holds of each capability in demand with it.
    held : csr_array of shape (n_partners, n_capabilities)
    sources, targets : ndarray of shape (n_pairs,)

    Returns
    -------
    ndarray of shape (n_pairs,)
    """
    out = np.empty(len(sources))
    row = zeros("row", held.shape[1])
    _unmet_in_return(
        csr_arrays(demand), csr_arrays(met), csr_arrays(held), sources, targets, row, out
    )
    return out


def by_target(
    left: csr_array, right: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.intp] | None:
    """Order of the pairs by target, where that leaves much less to read.

    Parameters
    ----------
    left, right : csr_array of shape (n_partners, n_columns)
        Matrices that rows of sources, and of targets, are read from.
    sources, targets : ndarray of shape (n_pairs,)

    Returns
    -------
    ndarray of shape (n_pairs,) or None
        None where pairs are best taken in their own order, by source.
    """
    if not (left.has_sorted_indices and right.has_sorted_indices):
        return None  # the sums would not be of the same order
    order = np.empty(len(sources), dtype=np.intp)
    newest = zeros("newest", right.shape[0], np.uint32)
    arrays = csr_arrays(left), csr_arrays(right)
    return order if _group_by_target(*arrays, sources, targets, newest, order) else None


def _put(values: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.float64]:
    out = np.empty_like(values)
    out[places] = values
    return out


@compiled
def _n_entries(matrix, row):  # type: ignore[no-untyped-def]
    return np.int64(matrix.pointers[row + 1] - matrix.pointers[row])


@compiled
def _group_by_target(left, right, sources, targets, newest, order):  # type: ignore[no-untyped-def]
    by_source, by_target = np.int64(0), np.int64(0)
    for pair in range(len(sources)):
        by_source += _n_entries(right, targets[pair])
        by_target += _n_entries(left, sources[pair])
    if by_source <= _TURNED * by_target:
        return False
    # Pairs of a target are chained, the newest first; 0 ends a chain.
    before = np.empty(len(sources), np.uint32)
    for pair in range(len(sources)):
        before[pair] = newest[targets[pair]]
        newest[targets[pair]] = pair + 1
        if before[pair] == 0:
            by_target += _n_entries(right, targets[pair])
    n_placed = 0
    for pair in range(len(sources)):
        link = np.int64(newest[targets[pair]])
        newest[targets[pair]] = 0
        while link > 0:
            order[n_placed] = link - 1
            n_placed += 1
            link = np.int64(before[link - 1])
    return by_source > _TURNED * by_target


@compiled
def _row_dot(left, right, sources, targets, row, out):  # type: ignore[no-untyped-def]
    current = np.int64(-1)
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != current:
            clear_row(row, left, current)
            set_row(row, left, source)
            current = source
        total = 0.0
        if left.pointers[source] < left.pointers[source + 1]:
            for i in range(right.pointers[target], right.pointers[target + 1]):
                total += row[right.columns[i]] * right.values[i]
        out[pair] = total
    clear_row(row, left, current)


@compiled
def _bilinear(groups, table, sources, targets, out):  # type: ignore[no-untyped-def]
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        total = 0.0
        for i in range(groups.pointers[source], groups.pointers[source + 1]):
            for j in range(groups.pointers[target], groups.pointers[target + 1]):
                weight = table[groups.columns[i], groups.columns[j]]
                total += groups.values[i] * weight * groups.values[j]
        out[pair] = total


@compiled
def _unmet_demand(  # type: ignore[no-untyped-def]
    demand, held, sources, targets, demand_row, held_row, out
):
    current = np.int64(-1)
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != current:
            clear_row(demand_row, demand, current)
            clear_row(held_row, held, current)
            set_row(demand_row, demand, source)
            set_row(held_row, held, source)
            current = source
        total = 0.0
        for i in range(held.pointers[target], held.pointers[target + 1]):
            column = held.columns[i]
            total += demand_row[column] * max(held.values[i] - held_row[column], 0.0)
        out[pair] = total
    clear_row(demand_row, demand, current)
    clear_row(held_row, held, current)


@compiled
def _unmet_in_return(demand, met, held, sources, targets, held_row, out):  # type: ignore[no-untyped-def]
    current = np.int64(-1)
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != current:
            clear_row(held_row, held, current)
            set_row(held_row, held, source)
            current = source
        total = 0.0
        for i in range(demand.pointers[target], demand.pointers[target + 1]):
            total += demand.values[i] * max(held_row[demand.columns[i]] - met.values[i], 0.0)
        out[pair] = total
    clear_row(held_row, held, current)
