"""How strong the ties are that two partners have, to each other and through others."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at, row_shares
from ecosystem_graph.arrays.pair_kernels import path_weight


def tie_strength(
    ties: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """What two partners won together, by team size and age.

    Parameters
    ----------
    ties : csr_array of shape (n_partners, n_partners)
        :meth:`EcosystemGraph.joint_win_weight`, symmetric.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Wins of two, today, that the history amounts to; 0 for partners new to each other.

    Examples
    --------
    >>> ties = csr_array([[0.0, 0.7], [0.7, 0.0]])
    >>> tie_strength(ties, np.array([0]), np.array([1]))
    array([0.7])
    """
    return entries_at(ties, sources, targets)


def shared_tie_strength(
    ties: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How much of what their shared collaborators put into ties goes to the other partner.

    ``sum over c of ties[a, c] * ties[c, b] / sum over x of ties[c, x]``: a walk of two steps,
    the first weighted by strength, the second by share.

    Parameters
    ----------
    ties : csr_array of shape (n_partners, n_partners)
        :meth:`EcosystemGraph.joint_win_weight`, symmetric.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Wins of two, >= 0; at most the source's own total tie strength.

    References
    ----------
    Resource allocation (Zhou, Lü, Zhang 2009, doi:10.1140/epjb/e2009-00335-8) on weighted ties
    (Lü, Zhou 2010, EPL 89, 18001, doi:10.1209/0295-5075/89/18001).

    Examples
    --------
    >>> ties = csr_array([[0.0, 2.0, 0.0], [2.0, 0.0, 2.0], [0.0, 2.0, 0.0]])
    >>> shared_tie_strength(ties, np.array([0]), np.array([2]))
    array([1.])
    """
    return path_weight(ties, row_shares(ties), sources, targets)
