"""Complementarity: capabilities in demand that one partner holds and the other lacks."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import column_scaled, entries_at, row_of_entries, tidy, unit_rows
from ecosystem_graph.arrays.pair_kernels import row_dot, unmet_demand, unmet_demand_in_return

#: Strength below which a capability counts as lacking: that of one deal won with it.
LACKING = 0.25


def gain(
    demand: csr_array,
    held: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    met: csr_array | None = None,
) -> NDArray[np.float64]:
    """Share of the demand on a partner that the other would newly cover: gain(A <- B).

    ``sum over c of demand[a, c] * max(0, held[b, c] - held[a, c])`` with demand summing to 1, so
    a full certificate for everything a partner lacks and needs gains 1. Swap sources and targets
    for what the partner brings in return.

    Parameters
    ----------
    demand : csr_array of shape (n_partners, n_capabilities)
        From :func:`~ecosystem_graph.signals.demand.partner_demand.demand_by_partner`; rows sum
        to 1.
    held : csr_array of shape (n_partners, n_capabilities)
        Strength of what each partner holds, 0..1.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.
    met : csr_array of shape (n_partners, n_capabilities), optional
        From :func:`met_already`; faster with it if others hold much.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; 0 where the other brings nothing new.

    References
    ----------
    Task-conditional complementarity: Furlotti, M., Soda, G. (2018). Organization Science 29(5).

    Examples
    --------
    >>> demand = csr_array([[0.5, 0.5], [1.0, 0.0]])
    >>> held = csr_array([[1.0, 0.0], [1.0, 0.8]])
    >>> gain(demand, held, np.array([0, 1]), np.array([1, 0]))
    array([0.4, 0. ])
    """
    return unmet_demand(demand, held, sources, targets, met)


def gain_in_return(
    demand: csr_array,
    met: csr_array,
    held: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Share of the demand the other faces that the partner would newly cover: gain(B <- A).

    Equal to :func:`gain` with sources and targets swapped, and faster where equal sources stand
    together.

    Parameters
    ----------
    demand : csr_array of shape (n_partners, n_capabilities)
        From :func:`~ecosystem_graph.signals.demand.partner_demand.demand_by_partner`; rows sum
        to 1.
    met : csr_array of shape (n_partners, n_capabilities)
        From :func:`met_already`.
    held : csr_array of shape (n_partners, n_capabilities)
        Strength of what each partner holds, 0..1.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; 0 where the partner brings nothing new.

    Examples
    --------
    >>> demand = csr_array([[0.5, 0.5], [1.0, 0.0]])
    >>> held = csr_array([[1.0, 0.0], [1.0, 0.8]])
    >>> met = met_already(demand, held)
    >>> gain_in_return(demand, met, held, np.array([1, 0]), np.array([0, 1]))
    array([0.4, 0. ])
    """
    return unmet_demand_in_return(demand, met, held, sources, targets)


def reciprocal(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Harmonic mean of the two gains, 0 where either gains nothing.

    References
    ----------
    Pizzato, L. et al. (2010). RECON: a reciprocal recommender for online dating. RecSys.
    doi:10.1145/1864708.1864747

    Examples
    --------
    >>> reciprocal(np.array([0.6, 0.6]), np.array([0.2, 0.0])).round(3)
    array([0.3, 0. ])
    """
    return 2 * ours * theirs / np.maximum(ours + theirs, np.finfo(float).tiny)


def met_already(demand: csr_array, held: csr_array) -> csr_array:
    """Strength each partner holds of the capabilities in its demand, stored where demand is.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        The pattern of `demand`, zeros kept.
    """
    strength = entries_at(held, row_of_entries(demand), demand.indices)
    return csr_array((strength, demand.indices, demand.indptr), shape=demand.shape)


def open_gaps(demand: csr_array, met: csr_array) -> csr_array:
    """Demand for the capabilities a partner lacks: those it holds with less than 1/4 strength.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Shares of demand; rows sum to at most 1.
    """
    gaps = demand.copy()
    gaps.data = np.where(met.data < LACKING, demand.data, 0.0)
    return tidy(gaps)


def firmly_held(held: csr_array) -> csr_array:
    """Capabilities that fill a gap: those held with a strength of 1/4 or more."""
    firm = held.copy()
    firm.data = np.where(held.data < LACKING, 0.0, held.data)
    return tidy(firm)


def shared_demand(
    delivered: csr_array, share: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Expected number of deals on which two partners meet, by the capabilities they deliver.

    ``sum over c of delivered[a, c] * delivered[b, c] / deals[c]``: if deals requiring c went to
    partners at random, in proportion to past activity, this many would go to both.

    Parameters
    ----------
    delivered : csr_array of shape (n_partners, n_capabilities)
        Requirements of the joint deals each partner won.
    share : csr_array of shape (n_partners, n_capabilities)
        The same, divided by the number of deals that required the capability.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Expected deals, >= 0.

    Examples
    --------
    >>> delivered = csr_array([[2.0, 0.0], [3.0, 1.0]])
    >>> shared_demand(delivered, csr_array(delivered / 6), np.array([0]), np.array([1]))
    array([1.])
    """
    return row_dot(share, delivered, sources, targets)


def profile_similarity(
    profile: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Cosine of the capabilities that two partners hold, rare ones weighing more.

    Parameters
    ----------
    profile : csr_array of shape (n_partners, n_capabilities)
        From :func:`rarity_profile`; rows of length 1.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; 1 for the same profile, 0 where either holds nothing, or only what all partners hold.

    References
    ----------
    Spärck Jones, K. (1972). A statistical interpretation of term specificity. Journal of
    Documentation 28(1). doi:10.1108/eb026526

    Examples
    --------
    >>> profile = csr_array([[1.0, 0.0], [0.6, 0.8]])
    >>> profile_similarity(profile, np.array([0]), np.array([1]))
    array([0.6])
    """
    return row_dot(profile, profile, sources, targets)


def rarity_profile(held: csr_array) -> csr_array:
    """Capabilities held times the log of their rarity, each row scaled to length 1."""
    holders = np.asarray((held > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + held.shape[0]) / (1 + holders))
    weighted = column_scaled(held, rarity)
    return unit_rows(weighted)
