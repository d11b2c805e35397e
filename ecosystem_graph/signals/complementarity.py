"""What each partner would bring the other: capabilities in demand that the other lacks."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.pair_kernels import row_dot, unmet_demand, unmet_demand_in_return
from ecosystem_graph.graph.sparse import (
    column_scaled,
    entries_at,
    largest_per_row,
    row_scaled,
    row_shares,
    tidy,
)

#: Won deals after which a partner's own needs count as much as those of its market.
_MARKET_DEALS = 2.0

#: Strength below which a capability counts as lacking: that of one deal won with it.
LACKING = 0.25

#: Capabilities kept of each market's demand, the most wanted first.
_MOST_WANTED = 50


def demand_by_partner(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    """Demand for each capability that a partner faces.

    What deals in its territories required and what its own deals required, both decayed; the
    market counts like two deals of the partner's own (a Dirichlet prior with the market as mean).
    Of a market the 50 capabilities most wanted count. A territory no deal was in faces the demand
    of all deals; where no deal ever stated what it required, what partners hold stands in for what
    customers ask for.

    Parameters
    ----------
    graph : EcosystemGraph
    half_life_days : float
        Days after which a requirement counts half, > 0.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Shares of demand; rows sum to 1, or to 0 where nothing is required or held by anybody.

    References
    ----------
    Dirichlet smoothing: Zhai, C., Lafferty, J. (2004). ACM TOIS 22(2). doi:10.1145/984321.984322
    """
    if graph.requirements.nnz == 0:
        return row_shares(_in_markets(graph, graph.territories, graph.held))
    needs = row_scaled(row_shares(graph.requirements), graph.decay(half_life_days))
    market = _in_markets(graph, graph.deal_markets, needs)
    return row_shares(csr_array(graph.incidence @ needs + _MARKET_DEALS * market))


def _in_markets(graph: EcosystemGraph, markets: csr_array, needs: csr_array) -> csr_array:
    """Shares of demand in each partner's territories, the most wanted capabilities of each.

    `markets` says in which territories each row of `needs` counts.
    """
    everywhere = csr_array(np.atleast_2d(needs.sum(axis=0)))
    by_market = row_shares(largest_per_row(csr_array(markets.T @ needs), _MOST_WANTED))
    anywhere = row_shares(largest_per_row(everywhere, _MOST_WANTED))
    local = csr_array(graph.territories @ by_market)
    # Shares that miss 1 by a rounding error would add a trace of what is asked for elsewhere.
    missing = np.round(1.0 - np.asarray(local.sum(axis=1)), 9)
    return csr_array(local + csr_array(missing.reshape(-1, 1)) @ anywhere)


def gain(
    demand: csr_array, held: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Share of the demand a partner faces that the other would newly cover: gain(A <- B).

    ``sum over c of demand[a, c] * max(0, held[b, c] - held[a, c])`` with demand summing to 1, so
    a full certificate for everything a partner lacks and needs gains 1. Swap sources and targets
    for what the partner brings in return.

    Parameters
    ----------
    demand : csr_array of shape (n_partners, n_capabilities)
        From :func:`demand_by_partner`; rows sum to 1.
    held : csr_array of shape (n_partners, n_capabilities)
        Strength of what each partner holds, 0..1.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

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
    return unmet_demand(demand, held, sources, targets)


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
        From :func:`demand_by_partner`; rows sum to 1.
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


def met_already(demand: csr_array, held: csr_array) -> csr_array:
    """Strength each partner holds of what is in demand with it, stored where demand is.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        The pattern of `demand`, zeros kept.
    """
    rows = np.repeat(np.arange(demand.shape[0]), np.diff(demand.indptr))
    strength = entries_at(held, rows, demand.indices)
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
    """Capabilities a partner can fill a gap with: those it holds with 1/4 strength or more."""
    firm = held.copy()
    firm.data = np.where(held.data < LACKING, 0.0, held.data)
    return tidy(firm)


def shared_demand(
    needs: csr_array, scarce: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How often two partners may be expected to meet in deals that ask for the same things.

    ``sum over c of needs[a, c] * needs[b, c] / deals[c]``: were the deals asking for c handed out
    at random in proportion to past activity, this is the number the two would share.

    Parameters
    ----------
    needs : csr_array of shape (n_partners, n_capabilities)
        Requirements of the joint deals each partner won.
    scarce : csr_array of shape (n_partners, n_capabilities)
        The same, divided by the number of deals that required the capability.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Expected deals, >= 0.

    Examples
    --------
    >>> needs = csr_array([[2.0, 0.0], [3.0, 1.0]])
    >>> shared_demand(needs, csr_array(needs / 6), np.array([0]), np.array([1]))
    array([1.])
    """
    return row_dot(scarce, needs, sources, targets)


def profile_similarity(
    profile: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Cosine of what two partners hold, rare capabilities counting more.

    Parameters
    ----------
    profile : csr_array of shape (n_partners, n_capabilities)
        From :func:`rarity_profile`; rows of length 1.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; 1 for the same profile, 0 where either holds nothing or only what everybody does.

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
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return row_scaled(weighted, 1.0 / np.where(length > 0, length, 1.0))
