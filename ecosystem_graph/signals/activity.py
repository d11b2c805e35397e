"""Recent activity of a partner: seats on deals, new collaborators, growth, days since a win."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import row_of_entries, without_diagonal
from ecosystem_graph.graph import EcosystemGraph

#: Seats added to both sides of a ratio, so that few seats show no growth.
_FEW_SEATS = 5.0

#: Days since the last joint win of a partner that never had one.
NEVER_DAYS = 3_650.0


def seats(graph: EcosystemGraph, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Collaborators on won deals, repeats counted, each deal by its weight, shape (n_deals,).

    Returns
    -------
    ndarray of shape (n_partners,)
        >= 0.
    """
    return np.asarray(graph.incidence @ (weight * np.maximum(graph.team_size - 1, 0)))


def growth(graph: EcosystemGraph, days: float = 365.0) -> NDArray[np.float64]:
    """Log of the share of all seats that is of the last days, with five seats added to both.

    Returns
    -------
    ndarray of shape (n_partners,)
        <= 0; 0 where all seats are recent, near 0 where there are few.
    """
    ever = seats(graph, np.ones(graph.n_deals))
    lately = seats(graph, (graph.age_days <= days).astype(np.float64))
    return np.asarray(np.log((lately + _FEW_SEATS) / np.maximum(ever + _FEW_SEATS, _FEW_SEATS)))


def new_collaborators(graph: EcosystemGraph, days: float = 365.0) -> NDArray[np.float64]:
    """Collaborators a partner first won with in the last days, shape (n_partners,), >= 0."""
    old = csr_array(graph.incidence[:, np.flatnonzero(graph.age_days > days)])
    met_before = np.diff(without_diagonal(csr_array(old @ old.T)).indptr)
    return np.asarray(graph.degree - met_before, dtype=np.float64)


def days_since_joint_win(graph: EcosystemGraph) -> NDArray[np.float64]:
    """Days since a partner's last joint win; ten years at most, and without any."""
    won = graph.incidence
    rows = row_of_entries(won)
    joint = graph.team_size[won.indices] > 1
    days = np.full(graph.n_partners, NEVER_DAYS)
    np.minimum.at(days, rows[joint], graph.age_days[won.indices[joint]])
    return days
