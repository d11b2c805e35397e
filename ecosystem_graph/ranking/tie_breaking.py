"""What decides between candidates that the score cannot tell apart."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.fingerprints import mixed, ranks
from ecosystem_graph.arrays.list_kernels import best_of_runs
from ecosystem_graph.signals import GraphFeatures, PairFeatures

#: Gains and satisfaction less than this apart are the same, computed in another order.
_SAME = 1e-9


class PairOrder(Protocol):
    """Tells which of some pairs comes first where scores do not."""

    def __call__(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.int64]:
        """Place of each pair among them, shape (n_pairs,), from 0."""


def by_position(sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.int64]:
    """The lower target comes first."""
    return targets.astype(np.int64)


def by_gap_filled(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Whoever fills more of the gap comes first.

    Then who gains more in return, then whose customers are happier, then a hash of the two ids, so
    that no name fills everybody's list, then the lower position.

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
    """Places of the k best pairs of each source, best first.

    Parameters
    ----------
    sources : ndarray of shape (n_pairs,)
        Equal ones stand together.
    targets : ndarray of shape (n_pairs,)
        None twice for one source.
    scores : ndarray of shape (n_pairs,)
    k : int
        >= 1.
    order : PairOrder
        Asked about the lists in which scores are equal alone.

    Returns
    -------
    ndarray of shape (n_listed,)
        Places in the arrays given, source after source.
    """
    # One more than wanted: it may be as good as the last.
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
