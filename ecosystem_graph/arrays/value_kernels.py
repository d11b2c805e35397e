"""Compiled loops for the probability that two partners win what is required of one of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import csr_arrays
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.row_kernels import clear_row, set_row
from ecosystem_graph.arrays.workspace import zeros

Floats = NDArray[np.float64]


class Chances(NamedTuple):
    """Means over the demand of a source, shape (n_pairs,) each.

    Attributes
    ----------
    alone, both : ndarray
        Probability of winning alone, and together.
    slope_alone, slope_both : ndarray
        Its derivative by the log-odds, ``p * (1 - p)``.
    slope_covered_alone, slope_covered_both : ndarray
        The same times the log-odds that coverage adds: the derivative by a factor on them.
    """

    alone: Floats
    both: Floats
    slope_alone: Floats
    slope_both: Floats
    slope_covered_alone: Floats
    slope_covered_both: Floats


def mean_chances(
    demand: csr_array,
    met: csr_array,
    worth: csr_array,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    alone: Floats,
    both: Floats,
) -> Chances:
    """Probability of winning, alone and together, over what is in demand with the source.

    ``sum over c of demand[a, c] * expit(alone + met[a, c])`` and the same with ``both`` and the
    larger of ``met[a, c]`` and ``worth[b, c]``, each over the sum of the demand.

    Parameters
    ----------
    demand, met : csr_array of shape (n_partners, n_capabilities)
        Of one pattern: shares of demand, and the log-odds the partner's own capabilities add.
    worth : csr_array of shape (n_partners, n_capabilities)
        Log-odds that each capability of a partner adds.
    pairs : tuple of ndarray of shape (n_pairs,)
        Sources and targets.
    alone, both : ndarray of shape (n_pairs,)
        Log-odds of all that does not depend on what is required.

    Returns
    -------
    Chances
        All 0 where nothing is in demand.

    Examples
    --------
    >>> demand, met = csr_array(([1.0], ([0], [0])), (2, 1)), csr_array(([0.0], ([0], [0])), (2, 1))
    >>> worth = csr_array(([2.0], ([1], [0])), (2, 1))
    >>> pair = np.array([0]), np.array([1])
    >>> chances = mean_chances(demand, met, worth, pair, np.zeros(1), np.zeros(1))
    >>> chances.alone.round(3), chances.both.round(3)
    (array([0.5]), array([0.881]))
    """
    sources, targets = pairs
    out = np.zeros((6, len(sources)))
    row = zeros("worth", worth.shape[1])
    arrays = csr_arrays(demand), csr_arrays(met), csr_arrays(worth)
    _mean_chances(*arrays, sources, targets, alone, both, row, out)
    return Chances(*out)


@compiled
def _mean_chances(demand, met, worth, sources, targets, alone, both, row, out):  # type: ignore[no-untyped-def]
    for pair in range(len(sources)):
        source, target = sources[pair], targets[pair]
        set_row(row, worth, target)
        total = 0.0
        for i in range(demand.pointers[source], demand.pointers[source + 1]):
            share = demand.values[i]
            before = met.values[i]
            after = max(before, row[demand.columns[i]])
            p = 1.0 / (1.0 + np.exp(-(alone[pair] + before)))
            q = 1.0 / (1.0 + np.exp(-(both[pair] + after)))
            total += share
            out[0, pair] += share * p
            out[1, pair] += share * q
            out[2, pair] += share * p * (1.0 - p)
            out[3, pair] += share * q * (1.0 - q)
            out[4, pair] += share * p * (1.0 - p) * before
            out[5, pair] += share * q * (1.0 - q) * after
        clear_row(row, worth, target)
        if total > 0.0:
            for kind in range(6):
                out[kind, pair] /= total
