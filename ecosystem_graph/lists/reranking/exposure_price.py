"""A price on exposure: partners expected in many lists lose score, so that others rise."""

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.vectors import run_starts

#: Iterations of the prices; the figures of lists no longer change after ten.
_ROUNDS = 20


def congestion_prices(
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    scores: NDArray[np.float64],
    k: int,
    n_partners: int,
    strength: float,
) -> NDArray[np.float64]:
    """Penalty on the score of each partner for the lists it is expected in.

    The price is ``strength * log(1 + load)``, the load being the number of lists the partner is
    expected in at these same prices, if each source drew k candidates in proportion to
    ``exp(score - price)``: a logit equilibrium, which is unique as prices rise with the load
    (Fisk 1980). On Horizon 2020 at 2018-01-01 and 2017-01-01 it covers more partners than a price
    on the number of collaborators, ``strength * log(1 + degree)``, wherever it costs as much.

    Parameters
    ----------
    sources : ndarray of shape (n_pairs,)
        Equal ones are adjacent.
    targets : ndarray of shape (n_pairs,)
        Positions of the candidates.
    scores : ndarray of shape (n_pairs,)
        Log-odds, policy included.
    k : int
        Length of a list, >= 1.
    n_partners : int
    strength : float
        Log-odds lost each time the load grows by a factor of e, >= 0.

    Returns
    -------
    ndarray of shape (n_partners,)
        Log-odds, >= 0; 0 for a partner that is no candidate.

    Raises
    ------
    ValueError
        If k or the strength is out of its range.

    References
    ----------
    Fisk, C. (1980). Some developments in equilibrium traffic assignment. Transportation Research B
    14(3). doi:10.1016/0191-2615(80)90004-1

    Examples
    --------
    >>> sources, targets = np.array([0, 0, 1, 1]), np.array([2, 3, 2, 4])
    >>> congestion_prices(sources, targets, np.zeros(4), 1, 5, strength=1.0).round(2)
    array([0.  , 0.  , 0.64, 0.44, 0.44])
    """
    if k < 1:
        raise ValueError(f"k must be at least 1. Got {k!r}.")
    if not 0 <= strength < np.inf:
        raise ValueError(f"strength must be finite and 0 or more. Got {strength!r}.")
    prices = np.zeros(n_partners)
    if strength == 0:
        return prices
    ends = np.append(run_starts(sources), len(sources))[1:]
    longest = int(np.diff(ends, prepend=0).max(initial=0))
    # A full step would overshoot: when prices fall by one, loads grow by up to a factor of e.
    step = 1.0 / (1.0 + strength)
    for _ in range(_ROUNDS):
        load = np.zeros(n_partners)
        _expect(ends, targets, scores, prices, k, longest, load)
        prices += step * (strength * np.log1p(load) - prices)
    return prices


@compiled
def _expect(ends, targets, scores, prices, k, longest, load):  # type: ignore[no-untyped-def]
    """Add up the probabilities of each partner to appear in each list."""
    attraction = np.empty(longest)
    start = 0
    for end in ends:
        best, total = -np.inf, 0.0
        for pair in range(start, end):
            attraction[pair - start] = scores[pair] - prices[targets[pair]]
            best = max(best, attraction[pair - start])
        for offset in range(end - start):
            attraction[offset] = np.exp(attraction[offset] - best)
            total += attraction[offset]
        for pair in range(start, end):
            load[targets[pair]] += min(k * attraction[pair - start] / total, 1.0)
        start = end
