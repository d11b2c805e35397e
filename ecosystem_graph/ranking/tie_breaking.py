"""Tie breaking: the order of candidates with equal scores."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.fingerprints import mixed, ranks
from ecosystem_graph.arrays.list_kernels import best_of_runs
from ecosystem_graph.signals import GraphFeatures, PairFeatures

#: Gains and satisfaction that differ by less are equal up to rounding.
_SAME = 1e-9


class PairOrder(Protocol):
    """Order of pairs whose scores are equal."""

    def __call__(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.int64]:
        """Place of each pair among them, shape (n_pairs,), from 0."""


def by_position(sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.int64]:
    """Order by position: the lower target first."""
    return targets.astype(np.int64)


def by_gap_filled(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Order by the gap filled: the larger gain first.

    Then the larger gain in return, the higher satisfaction of the collaborator's customers, a hash
    of the two ids, so that no partner comes first in everybody's list, and the lower position.

    Parameters
    ----------
    features : GraphFeatures
    sources, targets : ndarray of shape (n_pairs,)
        Positions; fastest where equal sources stand together.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Place of each pair among them, from 0.
    """
    pairs = PairFeatures(features, sources, targets)
    told = [pairs.gain, pairs.reciprocal_gain, features.satisfaction.above_average[targets]]
    hashes = features.graph.index.hashes
    both = mixed(hashes[sources] + hashes[targets])
    return ranks(*(-np.rint(values / _SAME) for values in told), both, targets)


def best_of_lists(
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    scores: NDArray[np.float64],
    k: int,
    order: PairOrder = by_position,
) -> NDArray[np.intp]:
    """Indices of the k best pairs of each source, best first.

    Parameters
    ----------
    sources : ndarray of shape (n_pairs,)
        Equal ones adjacent.
    targets : ndarray of shape (n_pairs,)
        Distinct within one source.
    scores : ndarray of shape (n_pairs,)
    k : int
        >= 1.
    order : PairOrder
        Called only for the lists that hold equal scores.

    Returns
    -------
    ndarray of shape (n_listed,)
        Indices into the arrays given, source after source.
    """
    # One more than wanted, for it may tie with the last.
    listed = best_of_runs(sources, targets, scores, k + 1)
    groups, found = sources[listed], scores[listed]
    equal = (groups[1:] == groups[:-1]) & (found[1:] == found[:-1])
    keys = targets
    if order is not by_position and equal.any():
        here = np.flatnonzero(np.isin(sources, groups[1:][equal]))
        keys = targets.copy()
        keys[here] = order(sources[here], targets[here])
    elif len(listed) <= k:
        return listed
    return best_of_runs(sources, keys, scores, k)
