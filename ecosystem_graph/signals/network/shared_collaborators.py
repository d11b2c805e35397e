"""Sums over the collaborators that two partners share, in one pass."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import Csr, csr_arrays
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.workspace import zeros

#: Entries of a row read one after the other in the time that one is looked up in it.
_LOOK_UP = 8

#: Entries of a row that has shelves, at least, and of a shelf, about.
_LONG, _SHELF = 64, 8


@dataclass(frozen=True, eq=False, slots=True)
class SharedCollaborators:
    """Sums over the collaborators two partners share, each array of shape (n_pairs,).

    Attributes
    ----------
    number : ndarray
        One for each.
    log_damped, degree_damped : ndarray
        1 / log of the degree for each (Adamic-Adar), 1 / degree (resource allocation).
    tie_strength : ndarray
        Strength of the source's tie to each, times the share of its own ties that goes to the
        target.
    vouched : ndarray
        Joint wins of each with the target, weighted by how far the source believes in it.
    """

    number: NDArray[np.float64]
    log_damped: NDArray[np.float64]
    degree_damped: NDArray[np.float64]
    tie_strength: NDArray[np.float64]
    vouched: NDArray[np.float64]


class Shelves(NamedTuple):
    """Index of the long rows: their entries by the leading bits of their columns.

    A shelf of row r holds the columns that are equal once shifted by ``shift[r]`` bits, 4 to 8 of
    them if they are spread evenly. A binary search of a hub's thousands of entries would wait for
    memory at every step.

    Attributes
    ----------
    shift : ndarray of uint8, shape (n_rows,)
    first : ndarray of int64, shape (n_rows + 1,)
        Where the shelves of each row start in `begins`.
    begins : ndarray of uint32, shape (n_shelves + n_long_rows,)
        Where in its row each shelf starts, and where the last one ends.
    """

    shift: NDArray[np.uint8]
    first: NDArray[np.int64]
    begins: NDArray[np.uint32]


class Walks(NamedTuple):
    """Arrays read on the way over shared collaborators.

    Attributes
    ----------
    ties : Csr
        Tie strengths, stored wherever two have won together, zeros included.
    belief : ndarray of shape (n_ties,)
        How far the row's partner believes in the column's, 0..1.
    weights : ndarray of shape (n_partners, 3)
        1 / log of the degree, 1 / degree, 1 / total tie strength.
    shelves : Shelves
        Where to look for a column in a long row.
    """

    ties: Csr
    belief: NDArray[np.float64]
    weights: NDArray[np.float64]
    shelves: Shelves

    @classmethod
    def along(cls, ties: csr_array, belief: NDArray[np.float64]) -> Self:
        """Read them off ties (n_partners, n_partners), symmetric, and the belief in each."""
        arrays = csr_arrays(ties)
        degree = np.diff(ties.indptr).astype(np.float64)
        total = np.asarray(ties.sum(axis=1), dtype=np.float64).ravel()
        weights = np.empty((ties.shape[0], 3))
        weights[:, 0] = log_weight(degree)
        weights[:, 1] = 1.0 / np.maximum(degree, 1)
        weights[:, 2] = 1.0 / np.where(total > 0, total, 1.0)
        return cls(arrays, belief, weights, _shelved(arrays, degree.astype(np.int64)))


def shared_collaborators(
    walks: Walks, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> SharedCollaborators:
    """All sums over shared collaborators that signals read.

    Paths of two steps are by far the most entries that ranking reads, so one pass computes all
    five sums: from the source over its collaborators to theirs, adding up only paths that end at a
    target, or, where that is fewer steps, from each target over its collaborators to the source.
    Both add the same numbers in the same order.

    Parameters
    ----------
    walks : Walks
    sources, targets : ndarray of shape (n_pairs,)
        Positions; fastest where equal sources stand together.

    Returns
    -------
    SharedCollaborators

    Examples
    --------
    >>> path = csr_array([[0.0, 2.0, 0.0], [2.0, 0.0, 2.0], [0.0, 2.0, 0.0]])
    >>> walks = Walks.along(path, belief=np.full(4, 0.5))
    >>> found = shared_collaborators(walks, np.array([0]), np.array([2]))
    >>> found.number, found.degree_damped, found.tie_strength, found.vouched
    (array([1.]), array([0.5]), array([1.]), array([1.]))
    """
    out = np.zeros((len(sources), 5))
    mark = zeros("mark", len(walks.weights), np.uint32)
    _sweep(walks, sources, targets, mark, out)
    return SharedCollaborators(*np.ascontiguousarray(out.T))


def log_weight(degree: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each shared collaborator in Adamic-Adar: ``1 / log(degree)``, (n_partners,).

    References
    ----------
    Adamic, L., Adar, E. (2003). Friends and neighbors on the Web.
    Social Networks 25(3). doi:10.1016/S0378-8733(03)00009-1

    Examples
    --------
    >>> log_weight(np.array([2.0, 10.0])).round(2)
    array([1.44, 0.43])
    """
    # A shared collaborator has degree >= 2; the floor only keeps log(1) out of the division.
    weight: NDArray[np.float64] = 1.0 / np.log(np.maximum(degree, 2))
    return weight


def _shelved(ties: Csr, degree: NDArray[np.int64]) -> Shelves:
    wide = len(degree) * _SHELF / np.maximum(degree, 1)
    shift = np.maximum(np.floor(np.log2(np.maximum(wide, 1.0))), 0).astype(np.uint8)
    n_shelves = (np.int64(max(len(degree) - 1, 0)) >> shift.astype(np.int64)) + 1
    first = np.concatenate([[0], np.cumsum(np.where(degree >= _LONG, n_shelves + 1, 0))])
    begins = np.zeros(first[-1], dtype=np.uint32)
    shelves = Shelves(shift, first, begins)
    _fill_shelves(ties, shelves)
    return shelves


@compiled
def _fill_shelves(ties, shelves):  # type: ignore[no-untyped-def]
    shift, first, begins = shelves
    for row in range(len(shift)):
        begin, end = first[row], first[row + 1]
        if begin < end:
            for i in range(ties.pointers[row], ties.pointers[row + 1]):
                begins[begin + 1 + np.int64(ties.columns[i] >> shift[row])] += 1
            for shelf in range(begin + 1, end):
                begins[shelf] += begins[shelf - 1]


@compiled
def _find(ties, shelves, row, column):  # type: ignore[no-untyped-def]
    """Which entry of a long row has a column, or -1."""
    shelf = shelves.first[row] + np.int64(column >> shelves.shift[row])
    row_begin = np.int64(ties.pointers[row])
    low = row_begin + np.int64(shelves.begins[shelf])
    high = row_begin + np.int64(shelves.begins[shelf + 1])
    while high - low > _SHELF:
        middle = (low + high) // 2
        if ties.columns[middle] < column:
            low = middle + 1
        else:
            high = middle + 1
    for entry in range(low, high):
        if ties.columns[entry] == column:
            return entry
    return -1


@compiled
def _degree(ties, partner):  # type: ignore[no-untyped-def]
    return np.int64(ties.pointers[partner + 1] - ties.pointers[partner])


@compiled
def _sweep(walks, sources, targets, mark, out):  # type: ignore[no-untyped-def]
    ties = walks.ties
    begin, n_pairs = np.int64(0), len(sources)  # a plain 0 would be a type of its own
    while begin < n_pairs:
        source, end = sources[begin], begin
        degree = _degree(ties, source)
        back, onward = np.int64(0), np.int64(0)
        while end < n_pairs and sources[end] == source:
            back += min(_degree(ties, targets[end]), _LOOK_UP * degree)
            end += 1
        for i in range(ties.pointers[source], ties.pointers[source + 1]):
            onward += _degree(ties, ties.columns[i])
        if back < onward:
            _from_targets(walks, source, targets, begin, end, mark, out)
        else:
            _from_source(walks, source, targets, begin, end, mark, out)
        begin = end


# A mark is a place counted from 1: what is not marked is 0.


@compiled
def _from_targets(walks, source, targets, begin, end, mark, out):  # type: ignore[no-untyped-def]
    ties, belief, weights, shelves = walks
    values = ties.values
    first_own, end_own = ties.pointers[source], ties.pointers[source + 1]
    degree = _degree(ties, source)
    n_all = np.int64(0)
    for pair in range(begin, end):
        n_all += _degree(ties, targets[pair])
    # A hub met by a few is looked up in: marking its thousands would take longer.
    marking = degree < _LONG or degree <= _LOOK_UP // 2 * n_all
    if marking:
        for i in range(first_own, end_own):
            mark[ties.columns[i]] = np.int64(i - first_own) + 1
    for pair in range(begin, end):
        target = targets[pair]
        n_theirs = _degree(ties, target)
        if n_theirs <= _LOOK_UP * degree or n_theirs < _LONG:
            for j in range(ties.pointers[target], ties.pointers[target + 1]):
                column = ties.columns[j]
                if marking:
                    shared = mark[column] > 0
                    own = np.int64(first_own) + np.int64(mark[column]) - 1
                else:
                    own = _find(ties, shelves, source, column)
                    shared = own >= 0
                if shared:
                    _add(out[pair], weights[column], values[own], belief[own], values[j])
        else:
            for i in range(first_own, end_own):
                column = ties.columns[i]
                j = _find(ties, shelves, target, column)
                if j >= 0:
                    _add(out[pair], weights[column], values[i], belief[i], values[j])
    if marking:
        for i in range(first_own, end_own):
            mark[ties.columns[i]] = 0


@compiled
def _from_source(walks, source, targets, begin, end, mark, out):  # type: ignore[no-untyped-def]
    ties, belief, weights, _ = walks
    values = ties.values
    for pair in range(begin, end):
        if mark[targets[pair]] == 0:
            mark[targets[pair]] = pair - begin + 1
    for i in range(ties.pointers[source], ties.pointers[source + 1]):
        between = ties.columns[i]
        for j in range(ties.pointers[between], ties.pointers[between + 1]):
            marked = mark[ties.columns[j]]
            if marked > 0:
                sums = out[np.int64(begin) + np.int64(marked) - 1]
                _add(sums, weights[between], values[i], belief[i], values[j])
    for pair in range(begin, end):
        first = begin + np.int64(mark[targets[pair]]) - 1
        if first != pair:
            out[pair] = out[first]
    for pair in range(begin, end):
        mark[targets[pair]] = 0


@compiled
def _add(sums, weight, ours, belief, theirs):  # type: ignore[no-untyped-def]
    sums[0] += 1.0
    sums[1] += weight[0]
    sums[2] += weight[1]
    sums[3] += ours * (theirs * weight[2])
    sums[4] += belief * theirs
