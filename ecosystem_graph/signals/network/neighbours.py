"""A partner's neighbours in the graph: what they deliver, and how well connected they are."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import column_scaled, unit_rows
from ecosystem_graph.arrays.top_k import largest_of_product
from ecosystem_graph.graph import EcosystemGraph

#: Capabilities kept of what a partner's collaborators deliver.
_MOST_SHARED = 60


def topics(graph: EcosystemGraph, delivered: csr_array) -> csr_array:
    """TF-IDF profile of what the joint deals of each partner required.

    Square roots of the decayed requirements times the log of their rarity, each row of length 1.

    Parameters
    ----------
    graph : EcosystemGraph
    delivered : csr_array of shape (n_partners, n_capabilities)
        Requirements of the joint deals each partner won, decayed, >= 0.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)

    References
    ----------
    Spärck Jones, K. (1972). A statistical interpretation of term specificity. Journal of
    Documentation 28(1). doi:10.1108/eb026526
    """
    deals = np.asarray((graph.requirements > 0).sum(axis=0)).ravel()
    rarity = np.log((graph.n_deals + 1) / (deals + 1))
    return unit_rows(column_scaled(csr_array(delivered.sqrt()), rarity))


def neighbour_topics(tie_shares: csr_array, own: csr_array) -> csr_array:
    """Mean topics of a partner's collaborators, weighted by tie strength.

    Two partners can deliver different things and yet work with the same kind of partners.

    Parameters
    ----------
    tie_shares : csr_array of shape (n_partners, n_partners)
        Rows sum to 1, or to 0.
    own : csr_array of shape (n_partners, n_capabilities)
        From :func:`topics`.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        The 60 largest of each row, of length 1.
    """
    return unit_rows(largest_of_product(tie_shares, own, _MOST_SHARED))


def neighbour_popularity(tie_shares: csr_array, degree: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean log(1 + degree) of a partner's collaborators, by tie share, shape (n_partners,)."""
    return np.asarray(tie_shares @ np.log1p(degree))
