"""The feature matrix: one row per pair, one column per signal."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.signals import SIGNALS, GraphFeatures, PairFeatures


def feature_matrix(
    features: GraphFeatures,
    names: Sequence[str],
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Value of each named signal for each pair.

    Parameters
    ----------
    features : GraphFeatures
        The graph the signals read.
    names : sequence of str
        Keys of :data:`~ecosystem_graph.signals.SIGNALS`.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; fastest where equal sources are adjacent.

    Returns
    -------
    ndarray of shape (n_pairs, n_signals), column by column in memory
        Each in the signal's own unit.
    """
    values = np.empty((len(sources), len(names)), order="F")
    pairs = PairFeatures(features, sources, targets)
    for column, name in enumerate(names):
        values[:, column] = SIGNALS[name].of(pairs)
    return values
