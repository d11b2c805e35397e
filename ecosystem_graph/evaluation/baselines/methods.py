"""The rankings a user could take instead of ours, each scoring every partner.

A baseline is fitted to a `History` and returns a scorer: positions of sources (n_sources,) ->
scores (n_sources, n_partners), higher is better, comparable within a row only. A scorer answers the
same for a source whatever else it is asked. `full_ranking.rank_all` turns
scores into lists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from ecosystem_graph.arrays.vectors import decay
from ecosystem_graph.signals.network.shared_collaborators import log_weight

HALF_LIFE_DAYS = 365.0
RESTART = 0.3  # chance that the walk of personalized_pagerank returns to its source at a step
TOLERANCE = 1e-6  # of personalized_pagerank: total change of a source's scores in the last step
MOST_STEPS = 60  # of personalized_pagerank: what is on its way shrinks to 0.7 of it at each, 5e-10
WALKS_AT_ONCE = 32  # sources per block of personalized_pagerank, few enough for the cache


@dataclass(frozen=True, slots=True)
class History:
    """What a baseline may learn from: won deals before the cutoff.

    Attributes
    ----------
    adjacency : csr_array of float64, shape (n_partners, n_partners)
        1 where two partners share a won deal; symmetric, zero diagonal.
    wins : csr_array of float64, shape (n_partners, n_deals)
        1 where the partner took part in the won deal.
    age_days : ndarray of shape (n_deals,)
        Days from the closing of each deal to the cutoff, >= 0.

    Examples
    --------
    >>> wins = csr_array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> History.from_wins(wins, np.array([30.0, 400.0])).adjacency.toarray()
    array([[0., 1., 0.],
           [1., 0., 1.],
           [0., 1., 0.]])
    """

    adjacency: csr_array
    wins: csr_array
    age_days: NDArray[np.float64]

    @classmethod
    def from_wins(cls, wins: csr_array, age_days: NDArray[np.float64]) -> Self:
        """Link the partners that share a column of `wins`."""
        adjacency = csr_array((wins @ wins.T) > 0, dtype=np.float64)
        adjacency.setdiag(0.0)
        adjacency.eliminate_zeros()
        adjacency.sort_indices()
        return cls(adjacency, wins, age_days)


BaselineScorer = Callable[[NDArray[np.intp]], NDArray[np.float64]]
Baseline = Callable[[History, np.random.Generator], BaselineScorer]


def random(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Pure chance, uniform in 0..1: the floor under every metric."""
    n_partners = history.adjacency.shape[0]
    seed = int(rng.integers(2**63))

    def scores(sources: NDArray[np.intp]) -> NDArray[np.float64]:
        rows = [np.random.default_rng([seed, source]).random(n_partners) for source in sources]
        return np.array(rows).reshape(len(sources), n_partners)

    return scores


def popularity(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Count of distinct collaborators, the same for every source; >= 0.

    References
    ----------
    Barabási, A.-L., Albert, R. (1999). Emergence of scaling in random networks. Science 286.
    doi:10.1126/science.286.5439.509 (preferential attachment)
    """
    return _same_for_all(_degree(history))


def recent_popularity(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Count of joint wins, each worth half after every 365 days, the same for every source; >= 0.

    Examples
    --------
    >>> wins = csr_array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> history = History.from_wins(wins, np.array([0.0, 365.0]))
    >>> recent_popularity(history, np.random.default_rng(0))(np.array([0]))
    array([[1. , 1.5, 0.5]])
    """
    joint = history.wins.sum(axis=0) >= 2
    return _same_for_all(history.wins @ (joint * decay(history.age_days, HALF_LIFE_DAYS)))


def _same_for_all(worth: NDArray[np.float64]) -> BaselineScorer:
    return lambda sources: np.tile(worth, (len(sources), 1))


def common_neighbours(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Count of shared collaborators; >= 0.

    References
    ----------
    Newman, M. E. J. (2001). Clustering and preferential attachment in growing networks.
    Physical Review E 64. doi:10.1103/PhysRevE.64.025102
    """
    return _shared(history, np.ones(len(_degree(history))))


def adamic_adar(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Shared collaborators, each worth 1 / log(number of its collaborators); >= 0.

    References
    ----------
    Adamic, L., Adar, E. (2003). Friends and neighbors on the Web. Social Networks 25(3).
    doi:10.1016/S0378-8733(03)00009-1

    Examples
    --------
    >>> path = csr_array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> scorer = adamic_adar(History.from_wins(path, np.zeros(2)), np.random.default_rng(0))
    >>> scorer(np.array([0])).round(2)
    array([[1.44, 0.  , 1.44]])
    """
    return _shared(history, log_weight(_degree(history)))


def resource_allocation(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Shared collaborators, each worth 1 / number of its collaborators; >= 0.

    References
    ----------
    Zhou, T., Lü, L., Zhang, Y.-C. (2009). Predicting missing links via local information.
    European Physical Journal B 71. doi:10.1140/epjb/e2009-00335-8
    """
    return _shared(history, 1.0 / np.maximum(_degree(history), 1))


def _shared(history: History, worth: NDArray[np.float64]) -> BaselineScorer:
    """Return the scorer that adds up the worth of the collaborators two partners share."""
    weighted = (history.adjacency @ diags_array(worth)).tocsr()
    return lambda sources: (weighted[sources] @ history.adjacency).toarray()


def _degree(history: History) -> NDArray[np.float64]:
    return np.asarray(history.adjacency.sum(axis=0))


def personalized_pagerank(history: History, rng: np.random.Generator) -> BaselineScorer:
    """How often a walk from the source, restarting there with chance 0.3 a step, visits a partner.

    Power iteration until a source's scores change by less than 1e-6 in all, for 60 steps at most. A
    row adds up to 1.

    References
    ----------
    Page, L., Brin, S., Motwani, R., Winograd, T. (1999). The PageRank citation ranking. Stanford
    InfoLab 1999-66. Haveliwala, T. H. (2002). Topic-sensitive PageRank. WWW.
    doi:10.1145/511446.511513

    Examples
    --------
    >>> pair = History.from_wins(csr_array([[1.0], [1.0]]), np.zeros(1))
    >>> personalized_pagerank(pair, np.random.default_rng(0))(np.array([0])).round(3)
    array([[0.588, 0.412]])
    """
    degree = _degree(history)
    step = (history.adjacency @ diags_array((1 - RESTART) / np.maximum(degree, 1))).tocsr()
    # Who has no collaborators can only stay at home.
    restart = np.where(degree > 0, RESTART, 1.0)

    def scores(sources: NDArray[np.intp]) -> NDArray[np.float64]:
        visits = np.empty((len(sources), len(degree)))
        for start in range(0, len(sources), WALKS_AT_ONCE):
            block = sources[start : start + WALKS_AT_ONCE]
            visits[start : start + WALKS_AT_ONCE] = _visits(step, block, restart[block]).T
        return visits

    return scores


def _visits(
    step: csr_array, sources: NDArray[np.intp], restart: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the fixed point of visits = step @ visits + restart, (n_partners, n_sources)."""
    home = (sources, np.arange(len(sources)))
    visits = np.zeros((step.shape[0], len(sources)))
    visits[home] = 1.0
    for _ in range(MOST_STEPS):
        before, visits = visits, step @ visits
        visits[home] += restart
        if np.abs(visits - before).sum(axis=0).max() < TOLERANCE:
            break
    return visits


def implicit_als(history: History, rng: np.random.Generator) -> BaselineScorer:
    """Inner product of 64 latent factors per partner, fitted to who worked with whom.

    Needs the optional package `implicit` (`available_baselines` tells); confidence 5 for a link,
    regularization 0.05, 15 alternations. Unbounded, around 0 (a stranger) to 1 (a collaborator).

    References
    ----------
    Hu, Y., Koren, Y., Volinsky, C. (2008). Collaborative filtering for implicit feedback datasets.
    ICDM. doi:10.1109/ICDM.2008.22
    """
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix
    from threadpoolctl import threadpool_limits

    # It runs threads of its own and warns if the linear algebra beneath does the same.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=64,
            regularization=0.05,
            alpha=5.0,
            iterations=15,
            random_state=int(rng.integers(2**31)),
        )
        model.fit(csr_matrix(history.adjacency), show_progress=False)
    wanted, offered = model.user_factors.astype(float), model.item_factors.astype(float)
    return lambda sources: wanted[sources] @ offered.T


BASELINES: dict[str, Baseline] = {
    "random": random,
    "popularity": popularity,
    "recent_popularity": recent_popularity,
    "common_neighbours": common_neighbours,
    "adamic_adar": adamic_adar,
    "resource_allocation": resource_allocation,
    "personalized_pagerank": personalized_pagerank,
    "implicit_als": implicit_als,
}


def available_baselines() -> dict[str, Baseline]:
    """Baselines that can run here: all, less `implicit_als` where `implicit` is not installed.

    Examples
    --------
    >>> "adamic_adar" in available_baselines()
    True
    """
    missing = set() if find_spec("implicit") else {"implicit_als"}
    return {name: fit for name, fit in BASELINES.items() if name not in missing}
