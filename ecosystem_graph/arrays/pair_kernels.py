"""Compiled loops that give one number per pair of partners.

Pairs are two equally long arrays, sources and targets. The loops are at their best when equal
sources stand together: the work on a source's own row is then done once. Where the rows of targets
are by far the longer ones, as those of hubs are, pairs are taken by target instead; both add the
same numbers in the same order. The loops release the interpreter lock, so threads over shards of
pairs use every core.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.jit import compiled, parts
from ecosystem_graph.arrays.workspace import zeros

#: Entries read one after the other in the time that one is read by target: those chain and scatter.
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
    _row_dot(*parts(left), *parts(right), sources, targets, zeros("row", left.shape[1]), out)
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
    _bilinear(*parts(groups), table, sources, targets, out)
    return out


def unmet_demand(
    demand: csr_array,
    held: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    met: csr_array | None = None,
) -> NDArray[np.float64]:
    """Demand on the source that the target would meet beyond what the source holds itself.

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
    n = held.shape[1]
    scratch = zeros("row", n), zeros("held", n)
    _unmet_demand(*parts(demand), *parts(held), sources, targets, *scratch, out)
    return out


def unmet_demand_in_return(
    demand: csr_array,
    met: csr_array,
    held: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Demand on the target that the source would meet beyond what the target holds itself.

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
    scratch = zeros("row", held.shape[1])
    _unmet_in_return(*parts(demand), met.data, *parts(held), sources, targets, scratch, out)
    return out


def by_target(
    left: csr_array, right: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.intp] | None:
    """Places of the pairs, those of a target together, where that leaves much less to read.

    Parameters
    ----------
    left, right : csr_array of shape (n_partners, n_columns)
        What is read of sources, and of targets.
    sources, targets : ndarray of shape (n_pairs,)

    Returns
    -------
    ndarray of shape (n_pairs,) or None
        None where pairs are best taken as they are, by source.
    """
    if not (left.has_sorted_indices and right.has_sorted_indices):
        return None  # the sums would not be of the same order
    order = np.empty(len(sources), dtype=np.intp)
    newest = zeros("newest", right.shape[0], np.uint32)
    pointers = parts(left)[0], parts(right)[0]
    return order if _group_by_target(*pointers, sources, targets, newest, order) else None


def _put(values: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.float64]:
    out = np.empty_like(values)
    out[places] = values
    return out


@compiled
def _group_by_target(lp, rp, sources, targets, newest, order):  # type: ignore[no-untyped-def]
    as_they_are, turned = np.int64(0), np.int64(0)
    for pair in range(len(sources)):
        as_they_are += np.int64(rp[targets[pair] + 1] - rp[targets[pair]])
        turned += np.int64(lp[sources[pair] + 1] - lp[sources[pair]])
    if as_they_are <= _TURNED * turned:
        return False
    # Pairs of a target are chained, the newest first; 0 ends a chain.
    before = np.empty(len(sources), np.uint32)
    for pair in range(len(sources)):
        before[pair] = newest[targets[pair]]
        newest[targets[pair]] = pair + 1
        if before[pair] == 0:
            turned += np.int64(rp[targets[pair] + 1] - rp[targets[pair]])
    n_placed = 0
    for pair in range(len(sources)):
        link = np.int64(newest[targets[pair]])
        newest[targets[pair]] = 0
        while link > 0:
            order[n_placed] = link - 1
            n_placed += 1
            link = np.int64(before[link - 1])
    return as_they_are > _TURNED * turned


@compiled
def _set(row, pointers, columns, values, source):  # type: ignore[no-untyped-def]
    for i in range(pointers[source], pointers[source + 1]):
        row[columns[i]] = values[i]


@compiled
def _clear(row, pointers, columns, source):  # type: ignore[no-untyped-def]
    if source >= 0:
        for i in range(pointers[source], pointers[source + 1]):
            row[columns[i]] = 0.0


@compiled
def _row_dot(lp, li, lx, rp, ri, rx, sources, targets, row, out):  # type: ignore[no-untyped-def]
    now = -1
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != now:
            _clear(row, lp, li, now)
            _set(row, lp, li, lx, source)
            now = source
        total = 0.0
        if lp[source] < lp[source + 1]:
            for i in range(rp[target], rp[target + 1]):
                total += row[ri[i]] * rx[i]
        out[pair] = total
    _clear(row, lp, li, now)


@compiled
def _bilinear(gp, gi, gx, table, sources, targets, out):  # type: ignore[no-untyped-def]
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        total = 0.0
        for i in range(gp[source], gp[source + 1]):
            for j in range(gp[target], gp[target + 1]):
                total += gx[i] * table[gi[i], gi[j]] * gx[j]
        out[pair] = total


@compiled
def _unmet_demand(  # type: ignore[no-untyped-def]
    dp, di, dx, hp, hi, hx, sources, targets, demand, held, out
):
    now = -1
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != now:
            _clear(demand, dp, di, now)
            _clear(held, hp, hi, now)
            _set(demand, dp, di, dx, source)
            _set(held, hp, hi, hx, source)
            now = source
        total = 0.0
        for i in range(hp[target], hp[target + 1]):
            total += demand[hi[i]] * max(hx[i] - held[hi[i]], 0.0)
        out[pair] = total
    _clear(demand, dp, di, now)
    _clear(held, hp, hi, now)


@compiled
def _unmet_in_return(  # type: ignore[no-untyped-def]
    dp, di, dx, met, hp, hi, hx, sources, targets, held, out
):
    now = -1
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        if source != now:
            _clear(held, hp, hi, now)
            _set(held, hp, hi, hx, source)
            now = source
        total = 0.0
        for i in range(dp[target], dp[target + 1]):
            total += dx[i] * max(held[di[i]] - met[i], 0.0)
        out[pair] = total
    _clear(held, hp, hi, now)
