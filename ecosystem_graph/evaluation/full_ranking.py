"""Lists from scores of everybody: the exact ranking every baseline is given."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.evaluation.baselines import Scorer


def rank_all(
    scorer: Scorer,
    sources: NDArray[np.intp],
    excluded: csr_array,
    eligible: NDArray[np.bool_],
    k: int,
    *,
    block: int = 256,
) -> NDArray[np.intp]:
    """Rank every partner for each source and keep the best k.

    Parameters
    ----------
    scorer : callable
        Positions of sources -> scores (n_sources, n_partners), no NaN.
    sources : ndarray of int, shape (n_sources,)
        Positions of the partners to recommend for.
    excluded : csr_array of shape (n_partners, n_partners)
        Nonzero at (source, partner) = never recommend.
    eligible : ndarray of bool, shape (n_partners,)
        False = recommend to nobody.
    k : int
        Length of the lists, at least 1.
    block : int
        Sources scored at once; memory is about 40 * block * n_partners bytes.

    Returns
    -------
    ndarray of int, shape (n_sources, k)
        Positions, best first, equal scores in order of position; -1 where fewer can be listed.
        The source itself and scores of -inf are never listed.

    Raises
    ------
    ValueError
        If `k` or `block` is below 1, or a score is NaN.

    Examples
    --------
    >>> scorer = lambda sources: np.array([[9.0, 2.0, 5.0, 2.0]])
    >>> nobody, everybody = csr_array((4, 4)), np.ones(4, dtype=bool)
    >>> rank_all(scorer, np.array([0]), nobody, everybody, k=4)
    array([[ 2,  1,  3, -1]])
    """
    if k < 1 or block < 1:
        raise ValueError(f"k and block must be at least 1. Got {k!r} and {block!r}.")
    ranked = np.full((len(sources), k), -1, dtype=np.intp)
    for start in range(0, len(sources), block):
        chunk = sources[start : start + block]
        scores = np.array(scorer(chunk), dtype=np.float64)
        scores[:, ~eligible] = -np.inf
        scores[np.arange(len(chunk)), chunk] = -np.inf
        scores[excluded[chunk].nonzero()] = -np.inf
        best = best_of_rows(scores, min(k, scores.shape[1]))
        ranked[start : start + block, : best.shape[1]] = best
    return ranked


def best_of_rows(scores: NDArray[np.float64], k: int) -> NDArray[np.intp]:
    """Return the k best positions per row, ties by position, -1 for scores of -inf.

    A partition finds the k-th best score; all above it are in, and of those equal to it the first
    ones, as many as there is room for. That makes exactly k per row, in order of position, which a
    stable sort by score then keeps among equals.
    """
    if np.isnan(scores).any():
        raise ValueError("a score must be a number. Got NaN.")
    kth = np.partition(scores, -k, axis=1)[:, -k, np.newaxis]
    above, level = scores > kth, scores == kth
    room = k - np.count_nonzero(above, axis=1, keepdims=True)
    chosen = above | (level & (np.cumsum(level, axis=1) <= room))
    position = np.nonzero(chosen)[1].reshape(len(scores), k)
    values = np.take_along_axis(scores, position, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    position[values == -np.inf] = -1
    return np.take_along_axis(position, order, axis=1)
