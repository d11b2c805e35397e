"""Lists from scores of everybody: the exact ranking every baseline is given."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.evaluation.baselines.methods import BaselineScorer

#: Scores held at once on each core, unless more are asked for: 64 MB of them.
_SCORES = 2**23


def rank_all(
    scorer: BaselineScorer,
    sources: NDArray[np.intp],
    excluded: csr_array,
    eligible: NDArray[np.bool_],
    k: int,
    *,
    block: int | None = None,
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
    block : int, optional
        Sources scored at once on each core; as many as make eight million scores unless given.

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
    block = max(1, min(256, _SCORES // max(len(eligible), 1))) if block is None else block
    if k < 1 or block < 1:
        raise ValueError(f"k and block must be at least 1. Got {k!r} and {block!r}.")

    def best(chunk: NDArray[np.intp]) -> NDArray[np.intp]:
        scores = np.array(scorer(chunk), dtype=np.float64)
        scores[:, ~eligible] = -np.inf
        scores[np.arange(len(chunk)), chunk] = -np.inf
        scores[excluded[chunk].nonzero()] = -np.inf
        return best_of_rows(scores, min(k, scores.shape[1]))

    ranked = np.full((len(sources), k), -1, dtype=np.intp)
    start = 0
    for chunk, lists in map_chunks(best, sources, size=block):
        ranked[start : start + len(chunk), : lists.shape[1]] = lists
        start += len(chunk)
    return ranked


def best_of_rows(scores: NDArray[np.float64], k: int) -> NDArray[np.intp]:
    """Return the k best positions per row, ties by position, -1 for scores of -inf.

    A partition finds the k-th best score; all above it are in, and of those equal to it the first
    ones, as many as there is room for. That makes exactly k per row, in order of position, which a
    stable sort by score then keeps among equals.
    """
    if np.isnan(scores).any():
        raise ValueError("a score must be a number. Got NaN.")
    lists = np.empty((len(scores), k), dtype=np.intp)
    for row, values in enumerate(scores):
        kth = np.partition(values, -k)[-k]
        above = np.flatnonzero(values > kth)
        level = np.flatnonzero(values == kth)[: k - len(above)]
        position = np.sort(np.concatenate([above, level]))
        order = np.argsort(-values[position], kind="stable")
        lists[row] = np.where(values[position] == -np.inf, -1, position)[order]
    return lists
