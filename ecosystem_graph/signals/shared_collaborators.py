"""Everything that shared collaborators tell about a pair, gathered in one sweep."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.graph.compiled import compiled, parts


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


def shared_collaborators(
    tie_shares: csr_array,
    ties: NDArray[np.float64],
    belief: NDArray[np.float64],
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> SharedCollaborators:
    """Sum over shared collaborators all that signals read from them.

    The ways from a source over its collaborators to theirs are by far the most entries that
    ranking reads: they are walked once for all five sums, and only what leads to a target of the
    source is added up.

    Parameters
    ----------
    tie_shares : csr_array of shape (n_partners, n_partners)
        Of each partner's tie strength, the share that goes to each collaborator. Stored wherever
        two have won together, zeros included.
    ties : ndarray of shape (n_ties,)
        Strength of each tie, in the order of `tie_shares`.
    belief : ndarray of shape (n_ties,)
        How far the row's partner believes in the column's, in the same order, 0..1.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; fastest where equal sources stand together.

    Returns
    -------
    SharedCollaborators

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.0, 1.0, 0.0]])
    >>> ties, belief = np.array([2.0, 2.0, 2.0, 2.0]), np.full(4, 0.5)
    >>> found = shared_collaborators(path, ties, belief, np.array([0]), np.array([2]))
    >>> found.number, found.degree_damped, found.tie_strength, found.vouched
    (array([1.]), array([0.5]), array([1.]), array([1.]))
    """
    pointers, columns, shares = parts(tie_shares)
    degree = np.diff(pointers).astype(np.float64)
    # A shared collaborator has degree >= 2; the floors only keep zeros out of the divisions.
    damped = [1.0 / np.log(np.maximum(degree, 2)), 1.0 / np.maximum(degree, 1)]
    weights = np.stack([*damped, _strength(tie_shares, ties)])
    out = np.zeros((5, len(sources)))
    slot = np.full(tie_shares.shape[1], -1, dtype=np.int32)
    _sweep(pointers, columns, shares, ties, belief, weights, sources, targets, slot, out)
    return SharedCollaborators(*out)


def _strength(tie_shares: csr_array, ties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Total strength of each partner's ties."""
    total = csr_array((ties, tie_shares.indices, tie_shares.indptr), shape=tie_shares.shape)
    return np.asarray(total.sum(axis=1), dtype=np.float64).ravel()


@compiled
def _sweep(  # type: ignore[no-untyped-def]
    pointers, columns, shares, ties, belief, weights, sources, targets, slot, out
):
    begin, n_pairs = 0, len(sources)
    while begin < n_pairs:
        source, end = sources[begin], begin
        while end < n_pairs and sources[end] == source:
            if slot[targets[end]] < 0:
                slot[targets[end]] = end - begin
            end += 1
        found = np.zeros((end - begin, 5))
        for i in range(pointers[source], pointers[source + 1]):
            between = columns[i]
            tie = ties[i]
            log_damped, degree_damped = weights[0, between], weights[1, between]
            vouching = belief[i] * weights[2, between]
            for j in range(pointers[between], pointers[between + 1]):
                place = slot[columns[j]]
                if place >= 0:
                    found[place, 0] += 1.0
                    found[place, 1] += log_damped
                    found[place, 2] += degree_damped
                    found[place, 3] += tie * shares[j]
                    found[place, 4] += vouching * shares[j]
        for pair in range(begin, end):
            place = slot[targets[pair]]
            for column in range(5):
                out[column, pair] = found[place, column]
        for pair in range(begin, end):
            slot[targets[pair]] = -1
        begin = end
