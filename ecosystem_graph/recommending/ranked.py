"""Pairs in the order of their lists."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.graph.list_kernels import best_of_runs


@dataclass(frozen=True, slots=True)
class Ranked:
    """Pairs in the order of their lists.

    Attributes
    ----------
    sources, targets : ndarray of shape (n_rows,)
        Positions.
    ranks : ndarray of shape (n_rows,)
        From 1 in each list.
    scores : ndarray of shape (n_rows,)
    known : ndarray of bool, shape (n_rows,)
        Whether the two have won together before.
    """

    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    ranks: NDArray[np.int32]
    scores: NDArray[np.float64]
    known: NDArray[np.bool_]

    @classmethod
    def best(
        cls,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        scores: NDArray[np.float64],
        known: NDArray[np.bool_],
        *,
        k: int,
    ) -> Self:
        """The k best targets of each source, by score, ties by position.

        Examples
        --------
        >>> pairs = np.array([0, 0, 1]), np.array([1, 2, 0]), np.array([-2.0, -1.0, -3.0])
        >>> Ranked.best(*pairs, known=np.zeros(3, dtype=bool), k=1).targets
        array([2, 0])
        """
        together = np.argsort(sources, kind="stable")
        groups = sources[together]
        best = best_of_runs(groups, targets[together], scores[together], k)
        ranks = np.arange(1, len(best) + 1) - np.searchsorted(groups[best], groups[best])
        chosen = together[best]
        return cls(
            sources[chosen],
            targets[chosen],
            ranks.astype(np.int32),
            scores[chosen],
            known[chosen],
        )
