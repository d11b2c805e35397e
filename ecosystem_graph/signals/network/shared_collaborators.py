"""Everything that shared collaborators tell about a pair, gathered in one sweep."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.jit import compiled, parts
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
        Joint wins of each with the target, by how far the source believes in it.
    """

    number: NDArray[np.float64]
    log_damped: NDArray[np.float64]
    degree_damped: NDArray[np.float64]
    tie_strength: NDArray[np.float64]
    vouched: NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Walks:
    """What is read on the way over shared collaborators.

    Attributes
    ----------
    pointers, columns, strengths : ndarray
        Tie strengths as a sparse array's parts; stored wherever two have won together, zeros
        included.
    belief : ndarray of shape (n_ties,)
        How far the row's partner believes in the column's, 0..1.
    weights : ndarray of shape (n_partners, 3)
        1 / log of the degree, 1 / degree, 1 / total tie strength.
    shelves : tuple of ndarray
        Where to look for a column in a long row: :func:`_shelved`.
    """

    pointers: NDArray[np.unsignedinteger]
    columns: NDArray[np.uint32]
    strengths: NDArray[np.float64]
    belief: NDArray[np.float64]
    weights: NDArray[np.float64]
    shelves: tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint32]]

    @classmethod
    def along(cls, ties: csr_array, belief: NDArray[np.float64]) -> Self:
        """Read them off ties (n_partners, n_partners), symmetric, and the belief in each."""
        pointers, columns, strengths = parts(ties)
        degree = np.diff(ties.indptr).astype(np.float64)
        total = np.asarray(ties.sum(axis=1), dtype=np.float64).ravel()
        weights = np.empty((ties.shape[0], 3))
        weights[:, 0] = log_weight(degree)
        weights[:, 1] = 1.0 / np.maximum(degree, 1)
        weights[:, 2] = 1.0 / np.where(total > 0, total, 1.0)
        shelves = _shelved(pointers, columns, degree.astype(np.int64))
        return cls(pointers, columns, strengths, belief, weights, shelves)


def shared_collaborators(
    walks: Walks, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> SharedCollaborators:
    """Sum over shared collaborators all that signals read from them.

    These walks of two steps are by far the most entries that ranking reads, so they are walked
    once for all five sums: from the source over its collaborators to theirs, adding up only what
    leads to one of its targets, or, where that is fewer steps, from each target to its own
    collaborators and on to the source. Both add the same numbers in the same order.

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
    along = (walks.pointers, walks.columns, walks.strengths, walks.belief, walks.weights)
    _sweep(*along, *walks.shelves, sources, targets, mark, out)
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


def _shelved(
    pointers: NDArray[np.unsignedinteger], columns: NDArray[np.uint32], degree: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint32]]:
    """An index of each long row: its entries by the leading bits of their columns.

    A shelf of row r holds the columns that are equal once shifted by ``shift[r]`` bits, 4 to 8 of
    them were they spread evenly. Its shelves begin at ``first[r]`` of `begins`, which says where in
    the row each begins, the end of the last included. A binary search of a hub's thousands would
    wait for memory at every step.

    Returns
    -------
    shift : ndarray of shape (n_rows,)
    first : ndarray of shape (n_rows + 1,)
    begins : ndarray of shape (n_shelves + n_long_rows,)
    """
    wide = len(degree) * _SHELF / np.maximum(degree, 1)
    shift = np.maximum(np.floor(np.log2(np.maximum(wide, 1.0))), 0).astype(np.uint8)
    n_shelves = (np.int64(max(len(degree) - 1, 0)) >> shift.astype(np.int64)) + 1
    first = np.concatenate([[0], np.cumsum(np.where(degree >= _LONG, n_shelves + 1, 0))])
    begins = np.zeros(first[-1], dtype=np.uint32)
    _fill_shelves(pointers, columns, shift, first, begins)
    return shift, first, begins


@compiled
def _fill_shelves(pointers, columns, shift, first, begins):  # type: ignore[no-untyped-def]
    for row in range(len(shift)):
        begin, end = first[row], first[row + 1]
        if begin < end:
            for i in range(pointers[row], pointers[row + 1]):
                begins[begin + 1 + np.int64(columns[i] >> shift[row])] += 1
            for shelf in range(begin + 1, end):
                begins[shelf] += begins[shelf - 1]


@compiled
def _find(columns, row_begin, shelves, begins, shift, row, column):  # type: ignore[no-untyped-def]
    """Place of a column in a long row, or -1."""
    shelf = shelves[row] + np.int64(column >> shift[row])
    low = np.int64(row_begin) + np.int64(begins[shelf])
    high = np.int64(row_begin) + np.int64(begins[shelf + 1])
    while high - low > _SHELF:
        middle = (low + high) // 2
        if columns[middle] < column:
            low = middle + 1
        else:
            high = middle + 1
    for place in range(low, high):
        if columns[place] == column:
            return place
    return -1


@compiled
def _sweep(  # type: ignore[no-untyped-def]
    pointers,
    columns,
    strengths,
    belief,
    weights,
    shift,
    first,
    begins,
    sources,
    targets,
    mark,
    out,
):
    along = (pointers, columns, strengths, belief, weights)
    shelves = (shift, first, begins)
    begin, n_pairs = 0, len(sources)
    while begin < n_pairs:
        source, end = sources[begin], begin
        degree = np.int64(pointers[source + 1] - pointers[source])
        back, onward = np.int64(0), np.int64(0)
        while end < n_pairs and sources[end] == source:
            theirs = np.int64(pointers[targets[end] + 1] - pointers[targets[end]])
            back += min(theirs, _LOOK_UP * degree)
            end += 1
        for i in range(pointers[source], pointers[source + 1]):
            onward += np.int64(pointers[columns[i] + 1] - pointers[columns[i]])
        if back < onward:
            _from_targets(*along, *shelves, source, targets, begin, end, mark, out)
        else:
            _from_source(*along, source, targets, begin, end, mark, out)
        begin = end


# A mark is a place counted from 1: what is not marked is 0.


@compiled
def _from_targets(  # type: ignore[no-untyped-def]
    pointers,
    columns,
    strengths,
    belief,
    weights,
    shift,
    shelves,
    begins,
    source,
    targets,
    begin,
    end,
    mark,
    out,
):
    first_own = pointers[source]
    degree = np.int64(pointers[source + 1] - first_own)
    n_all = np.int64(0)
    for pair in range(begin, end):
        n_all += np.int64(pointers[targets[pair] + 1] - pointers[targets[pair]])
    # A hub met by a few is looked up in: marking its thousands would take longer.
    marking = degree < _LONG or degree <= _LOOK_UP // 2 * n_all
    if marking:
        for i in range(first_own, pointers[source + 1]):
            mark[columns[i]] = np.int64(i - first_own) + 1
    for pair in range(begin, end):
        target = targets[pair]
        first, last = pointers[target], pointers[target + 1]
        n_theirs = np.int64(last - first)
        if n_theirs <= _LOOK_UP * degree or n_theirs < _LONG:
            for j in range(first, last):
                if marking:
                    own = np.int64(first_own) + np.int64(mark[columns[j]]) - 1
                    there = mark[columns[j]] > 0
                else:
                    own = _find(columns, first_own, shelves, begins, shift, source, columns[j])
                    there = own >= 0
                if there:
                    _add(out[pair], weights[columns[j]], strengths[own], belief[own], strengths[j])
        else:
            for i in range(first_own, pointers[source + 1]):
                j = _find(columns, first, shelves, begins, shift, target, columns[i])
                if j >= 0:
                    _add(out[pair], weights[columns[j]], strengths[i], belief[i], strengths[j])
    if marking:
        for i in range(first_own, pointers[source + 1]):
            mark[columns[i]] = 0


@compiled
def _from_source(  # type: ignore[no-untyped-def]
    pointers, columns, strengths, belief, weights, source, targets, begin, end, mark, out
):
    for pair in range(begin, end):
        if mark[targets[pair]] == 0:
            mark[targets[pair]] = pair - begin + 1
    for i in range(pointers[source], pointers[source + 1]):
        between = columns[i]
        for j in range(pointers[between], pointers[between + 1]):
            marked = mark[columns[j]]
            if marked > 0:
                place = np.int64(begin) + np.int64(marked) - 1
                _add(out[place], weights[between], strengths[i], belief[i], strengths[j])
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
