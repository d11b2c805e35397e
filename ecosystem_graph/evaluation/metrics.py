"""How good ranked lists are, and how fairly they spread.

Lists come as `ranked`, an int array of shape (n_sources, depth): a row of partner positions per
source, best first, no partner twice, -1 where a list is shorter. What came true is `truth`, a
csr_array of shape (n_sources, n_partners): a nonzero entry is a true collaborator of that source.

References
----------
Järvelin, K., Kekäläinen, J. (2002). Cumulated gain-based evaluation of IR techniques. ACM
Transactions on Information Systems 20(4). doi:10.1145/582415.582418 (nDCG)

Herlocker, J. L., Konstan, J. A., Terveen, L. G., Riedl, J. T. (2004). Evaluating collaborative
filtering recommender systems. ACM TOIS 22(1). doi:10.1145/963770.963772 (precision, recall)

Deshpande, M., Karypis, G. (2004). Item-based top-N recommendation algorithms. ACM TOIS 22(1).
doi:10.1145/963770.963776 (hit rate)

Voorhees, E. M. (1999). The TREC-8 question answering track report. TREC. (reciprocal rank)

Ge, M., Delgado-Battenfeld, C., Jannach, D. (2010). Beyond accuracy: evaluating recommender systems
by coverage and serendipity. RecSys. doi:10.1145/1864708.1864761 (catalogue coverage)

Fleder, D., Hosanagar, K. (2009). Blockbuster culture's next rise or fall. Management Science
55(5). doi:10.1287/mnsc.1080.0974 (Gini)
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.lists.results.exposure import gini


def hits(ranked: NDArray[np.intp], truth: csr_array) -> NDArray[np.bool_]:
    """Which listed partners became collaborators.

    Returns
    -------
    ndarray of bool, shape (n_sources, depth)
        False where the list has no partner.

    Raises
    ------
    ValueError
        If `ranked` and `truth` cannot belong together, or a list repeats a partner.

    Examples
    --------
    >>> hits(np.array([[2, 0, -1]]), csr_array([[1, 1, 0]]))
    array([[False,  True, False]])
    """
    _check_lists(ranked, truth)
    rows = np.arange(truth.shape[0])[:, np.newaxis]
    pairs = rows * truth.shape[1] + ranked
    found: NDArray[np.bool_] = np.isin(pairs, _true_pairs(truth)) & (ranked >= 0)
    return found


def _true_pairs(truth: csr_array) -> NDArray[np.int64]:
    """Return every true (source, partner) as one number, each once."""
    source, partner = truth.nonzero()
    return np.unique(source.astype(np.int64) * truth.shape[1] + partner)


def _check_lists(ranked: NDArray[np.intp], truth: csr_array) -> None:
    n_sources, n_partners = truth.shape
    if ranked.ndim != 2 or len(ranked) != n_sources:
        raise ValueError(f"ranked must have {n_sources} rows, as truth. Got {ranked.shape}.")
    if ranked.min(initial=-1) < -1 or ranked.max(initial=-1) >= n_partners:
        raise ValueError(
            f"ranked must hold positions below {n_partners}, or -1. "
            f"Got {ranked.min()} to {ranked.max()}."
        )
    ordered = np.sort(ranked, axis=1)
    if ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any():
        raise ValueError("a list must name a partner once. Got a partner twice in one row.")


def _gains_and_wanted(
    ranked: NDArray[np.intp], truth: csr_array, k: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return 1 per hit at the first k ranks (n_sources, k), and how many were to be found."""
    if k < 1:
        raise ValueError(f"k must be at least 1. Got {k!r}.")
    found = hits(ranked, truth)[:, :k]
    gains = np.zeros((len(found), k))
    gains[:, : found.shape[1]] = found
    wanted = np.bincount(_true_pairs(truth) // max(truth.shape[1], 1), minlength=len(found))
    if not wanted.all():
        raise ValueError(
            "every row of truth must hold a true collaborator. "
            f"Got {np.count_nonzero(wanted == 0)} empty rows; leave those sources out."
        )
    return gains, wanted


def ndcg_at_k(ranked: NDArray[np.intp], truth: csr_array, *, k: int = 10) -> NDArray[np.float64]:
    """Discounted gain of the first k ranks as a share of the best possible.

    A hit at rank r gains 1 / log2(1 + r); the ideal list opens with min(k, number of true
    collaborators) hits (Järvelin and Kekäläinen, 2002).

    Parameters
    ----------
    ranked, truth
        As at the top of the module; every row of `truth` holds a true collaborator.
    k : int
        Ranks that count, at least 1; places that a shorter list leaves empty are misses.

    Returns
    -------
    ndarray of shape (n_sources,)
        Unitless, 0 (no hit) to 1 (ideal order).

    Raises
    ------
    ValueError
        If a row of `truth` is empty or `k` below 1, or as in `hits`.

    Examples
    --------
    >>> ndcg_at_k(np.array([[2, 0, 1]]), csr_array([[1, 0, 0]]), k=3).round(3)
    array([0.631])
    """
    gains, wanted = _gains_and_wanted(ranked, truth, k)
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)[np.minimum(wanted, k) - 1]
    # Summed rank by rank as the ideal is, so that the ideal order scores exactly 1.
    gained = np.cumsum(gains * discounts, axis=1)[:, -1]
    return np.asarray(gained / ideal)


def precision_at_k(
    ranked: NDArray[np.intp], truth: csr_array, *, k: int = 10
) -> NDArray[np.float64]:
    """Share of the first k ranks that are hits, divided by k even where a list is shorter.

    Parameters, shape and errors of `ndcg_at_k`; unitless, 0 to 1 (Herlocker et al., 2004).

    Examples
    --------
    >>> precision_at_k(np.array([[2, 0, -1, -1]]), csr_array([[1, 0, 0]]), k=4)
    array([0.25])
    """
    gains, _ = _gains_and_wanted(ranked, truth, k)
    return np.asarray(gains.sum(axis=1) / k)


def recall_at_k(ranked: NDArray[np.intp], truth: csr_array, *, k: int = 10) -> NDArray[np.float64]:
    """Share of the true collaborators that the first k ranks hold.

    Parameters, shape and errors of `ndcg_at_k`; unitless, 0 to 1 (Herlocker et al., 2004).

    Examples
    --------
    >>> recall_at_k(np.array([[2, 0]]), csr_array([[1, 1, 0]]), k=2)
    array([0.5])
    """
    gains, wanted = _gains_and_wanted(ranked, truth, k)
    return np.asarray(gains.sum(axis=1) / wanted)


def hit_rate_at_k(
    ranked: NDArray[np.intp], truth: csr_array, *, k: int = 10
) -> NDArray[np.float64]:
    """1 where any of the first k ranks is a hit, else 0.

    Parameters, shape and errors of `ndcg_at_k`; 0 or 1 (Deshpande and Karypis, 2004).

    Examples
    --------
    >>> hit_rate_at_k(np.array([[2, 0], [2, 1]]), csr_array([[1, 0, 0], [1, 0, 0]]), k=2)
    array([1., 0.])
    """
    gains, _ = _gains_and_wanted(ranked, truth, k)
    return np.asarray(gains.max(axis=1))


def reciprocal_rank(
    ranked: NDArray[np.intp], truth: csr_array, *, k: int = 10
) -> NDArray[np.float64]:
    """One over the rank of the first hit, 0 if the first k ranks hold none; its mean is the MRR.

    Parameters, shape and errors of `ndcg_at_k`; unitless, 0 to 1 (Voorhees, 1999).

    Examples
    --------
    >>> reciprocal_rank(np.array([[2, 0]]), csr_array([[1, 0, 0]]), k=2)
    array([0.5])
    """
    gains, _ = _gains_and_wanted(ranked, truth, k)
    return np.asarray((gains / np.arange(1, k + 1)).max(axis=1))


#: Metrics by name: ``function(ranked, truth, *, k)`` gives one value per source, 0 to 1, the
#: higher the better.
METRICS: dict[str, Callable[..., NDArray[np.float64]]] = {
    "ndcg": ndcg_at_k,
    "precision": precision_at_k,
    "recall": recall_at_k,
    "hit_rate": hit_rate_at_k,
    "mrr": reciprocal_rank,
}


def catalogue_coverage(ranked: NDArray[np.intp], n_partners: int) -> float:
    """Share of the `n_partners` that appear in a list; unitless, 0 to 1 (Ge et al., 2010).

    Examples
    --------
    >>> catalogue_coverage(np.array([[1, 2], [2, -1]]), n_partners=4)
    0.5
    """
    return float(np.count_nonzero(_appearances(ranked, n_partners)) / n_partners)


def exposure_gini(ranked: NDArray[np.intp], n_partners: int) -> float:
    """How unequally appearances are spread over all partners, absent ones included.

    Unitless: 0 if all appear equally often (or never), (n_partners - 1) / n_partners if one
    takes all (Fleder and Hosanagar, 2009).

    Examples
    --------
    >>> exposure_gini(np.array([[3], [3], [3]]), n_partners=4)
    0.75
    """
    return gini(_appearances(ranked, n_partners))


def max_load(ranked: NDArray[np.intp], n_partners: int) -> int:
    """Count the lists in which the most listed partner appears; 0 to n_sources.

    Examples
    --------
    >>> max_load(np.array([[1, 2], [2, -1]]), n_partners=4)
    2
    """
    return int(_appearances(ranked, n_partners).max())


def _appearances(ranked: NDArray[np.intp], n_partners: int) -> NDArray[np.intp]:
    if n_partners < 1 or ranked.max(initial=-1) >= n_partners:
        raise ValueError(f"n_partners must exceed every position. Got {n_partners!r}.")
    return np.bincount(ranked[ranked >= 0], minlength=n_partners)
