"""Signals read from the shape of the collaboration graph alone.

Each is a weighted count of the collaborators two partners share. The weight sits in the first
factor of a product of two sparse arrays, so it is worked out once per graph; a signal is the
product's entries at the pairs asked for.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import column_scaled
from ecosystem_graph.arrays.pair_kernels import path_weight


def common_neighbours(
    adjacency: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Collaborators two partners share.

    Parameters
    ----------
    adjacency : csr_array of shape (n_partners, n_partners)
        1 where two partners have won together, symmetric, zero diagonal.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Partners, >= 0.

    References
    ----------
    Newman, M. E. J. (2001). Clustering and preferential attachment in growing networks.
    Physical Review E 64, 025102. doi:10.1103/PhysRevE.64.025102

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> common_neighbours(path, np.array([0, 0]), np.array([1, 2]))
    array([0., 1.])
    """
    return path_weight(adjacency, adjacency, sources, targets)


def adamic_adar(
    adjacency: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Shared collaborators, each worth less the more partners it works with.

    Parameters
    ----------
    adjacency : csr_array of shape (n_partners, n_partners)
        1 where two partners have won together, symmetric, zero diagonal.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Unitless, >= 0; 0 where nothing is shared.

    References
    ----------
    Adamic, L., Adar, E. (2003). Friends and neighbors on the Web.
    Social Networks 25(3). doi:10.1016/S0378-8733(03)00009-1

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> adamic_adar(path, np.array([0, 0]), np.array([1, 2])).round(2)
    array([0.  , 1.44])
    """
    return path_weight(log_damped(adjacency), adjacency, sources, targets)


def resource_allocation(
    adjacency: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Shared collaborators, each dividing one unit among all the partners it works with.

    Parameters
    ----------
    adjacency : csr_array of shape (n_partners, n_partners)
        1 where two partners have won together, symmetric, zero diagonal.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Unitless, >= 0; 0 where nothing is shared.

    References
    ----------
    Zhou, T., Lü, L., Zhang, Y.-C. (2009). Predicting missing links via local information.
    European Physical Journal B 71. doi:10.1140/epjb/e2009-00335-8

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> resource_allocation(path, np.array([0, 0]), np.array([1, 2]))
    array([0. , 0.5])
    """
    return path_weight(degree_damped(adjacency), adjacency, sources, targets)


def log_damped(adjacency: csr_array) -> csr_array:
    """Adjacency with each column worth 1/log of its degree: the first factor of Adamic-Adar."""
    # A shared collaborator has degree >= 2; the floor only keeps log(1) out of the division.
    return column_scaled(adjacency, 1.0 / np.log(np.maximum(_degree(adjacency), 2)))


def degree_damped(adjacency: csr_array) -> csr_array:
    """Adjacency with each column divided by its degree: the first factor of resource allocation."""
    return column_scaled(adjacency, 1.0 / np.maximum(_degree(adjacency), 1))


def _degree(adjacency: csr_array) -> NDArray[np.float64]:
    return np.asarray(np.diff(adjacency.indptr), dtype=np.float64)
