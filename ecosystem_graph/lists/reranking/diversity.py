"""Diverse lists: a price on similarity to a better candidate in the same list (MMR)."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import Csr, csr_arrays, unit_rows
from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.graph import Eligibility
from ecosystem_graph.signals import GraphFeatures

#: Flag of a row whose rank diversity changed.
BY_DIVERSITY = "moved_by_diversity"

#: Log-odds that a collaborator loses if it is identical to a better one in the list.
LIKENESS_PRICE = 1.0


@dataclass(frozen=True, eq=False)
class Likeness:
    """Similarity of partners, by family, capabilities, territories and types.

    Attributes
    ----------
    family : ndarray of shape (n_partners,)
        The same number for partners of one owner.
    profiles : tuple of csr_array of shape (n_partners, ...)
        Capabilities, territories and types, those with any entry; rows of length 1.
    """

    family: NDArray[np.intp]
    profiles: tuple[csr_array, ...]

    @classmethod
    def of(cls, features: GraphFeatures, eligibility: Eligibility) -> Self:
        """Read families and profiles off a graph."""
        profiles = (features.profile, features.graph.territories, features.types)
        known = tuple(unit_rows(profile) for profile in profiles if profile.nnz)
        return cls(eligibility.family, known)

    def between(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.float64]:
        """Similarity of two partners: 1 in one family, else the product of their cosines.

        Near 1 only for two partners of the same capabilities, territories and type.

        Parameters
        ----------
        left, right : ndarray of shape (n_pairs,)
            Positions; the pairs.

        Returns
        -------
        ndarray of shape (n_pairs,)
            0..1.
        """
        alike = np.full(len(left), 1.0 if self.profiles else 0.0)
        for profile in self.profiles:
            alike *= row_dot(profile, profile, left, right)
        return np.where(self.family[left] == self.family[right], 1.0, np.minimum(alike, 1.0))


def within_lists(likeness: Likeness, lists: NDArray[np.intp]) -> float:
    """Mean similarity of two partners in one list, 0..1; 0 where no list holds two.

    Parameters
    ----------
    likeness : Likeness
    lists : ndarray of shape (n_lists, k)
        Positions, -1 where a list is shorter.

    References
    ----------
    Ziegler, C.-N., McNee, S. M., Konstan, J. A., Lausen, G. (2005). Improving recommendation lists
    through topic diversification. WWW. doi:10.1145/1060745.1060754 (intra-list similarity)
    """
    one, other = np.triu_indices(lists.shape[1], 1)
    left, right = lists[:, one].ravel(), lists[:, other].ravel()
    exists = (left >= 0) & (right >= 0)
    alike = likeness.between(left[exists], right[exists])
    return float(alike.mean()) if len(alike) else 0.0


def likeness_priced(
    likeness: Likeness,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    scores: NDArray[np.float64],
    n_picked: int,
    price: float = LIKENESS_PRICE,
) -> NDArray[np.float64]:
    """Scores less the price on similarity to a better candidate of the same list.

    Maximal marginal relevance: the pairs of a list are picked one by one, always the pair with the
    highest ``score - price * likeness``, where the likeness is the greatest to any pair picked
    before. These values are returned, so that their order is the order of the picks. In the terms
    of the paper, lambda is ``1 / (1 + price)``. Likeness to the picked pairs only grows, so a pair
    whose value is still the highest after it is updated is the next pick, and the others need no
    update (lazy greedy, Minoux 1978): the cost is near the length of the lists.

    Parameters
    ----------
    likeness : Likeness
    sources : ndarray of shape (n_pairs,)
        Equal ones are adjacent.
    targets : ndarray of shape (n_pairs,)
    scores : ndarray of shape (n_pairs,)
        Log-odds; ties go to the lower target.
    n_picked : int
        Picks per list, >= 1; pairs after them keep the value of their last update.
    price : float, default 1
        Log-odds, >= 0.

    Returns
    -------
    ndarray of shape (n_pairs,)
        At most `scores`.

    References
    ----------
    Carbonell, J., Goldstein, J. (1998). The use of MMR, diversity-based reranking for reordering
    documents and producing summaries. SIGIR. doi:10.1145/290941.291025. Minoux, M. (1978).
    Accelerated greedy algorithms for maximizing submodular set functions.

    Examples
    --------
    >>> twins = Likeness(np.array([0, 1, 1, 3]), ())
    >>> here, others = np.zeros(3, dtype=int), np.array([1, 2, 3])
    >>> likeness_priced(twins, here, others, np.array([0.9, 0.8, 0.1]), n_picked=3, price=1.0)
    array([ 0.9, -0.2,  0.1])
    """
    priced = scores.astype(np.float64).copy()
    n = len(likeness.family)
    profiles = [*likeness.profiles, *[csr_array((n, 1))] * 3][:3]
    arrays = tuple(csr_arrays(profile) for profile in profiles)
    alike = _Arrays(likeness.family, arrays, len(likeness.profiles))
    _price(alike, sources, targets, scores.astype(np.float64), n_picked, price, priced)
    return priced


class _Arrays(NamedTuple):
    """A `Likeness` for compiled loops: always three profiles, padded with empty ones."""

    family: NDArray[np.intp]
    profiles: tuple[Csr, ...]
    n_profiles: int


@compiled
def _cosine(profile, left, right):  # type: ignore[no-untyped-def]
    i, end_left = profile.pointers[left], profile.pointers[left + 1]
    j, end_right = profile.pointers[right], profile.pointers[right + 1]
    total = 0.0
    while i < end_left and j < end_right:
        if profile.columns[i] == profile.columns[j]:
            total += profile.values[i] * profile.values[j]
            i += 1
            j += 1
        elif profile.columns[i] < profile.columns[j]:
            i += 1
        else:
            j += 1
    return total


@compiled
def _price(likeness, sources, targets, scores, n, price, out):  # type: ignore[no-untyped-def]
    family, (first, second, third), n_profiles = likeness
    start = 0
    picked = np.empty(len(sources), np.int64)
    seen = np.zeros(len(sources), np.int64)
    while start < len(sources):
        end = start
        while end < len(sources) and sources[end] == sources[start]:
            end += 1
        n_picked = 0
        taken = np.zeros(end - start, np.bool_)
        nearest = np.zeros(end - start)
        while n_picked < min(n, end - start):
            best = -1
            for place in range(start, end):
                if not taken[place - start] and (
                    best < 0
                    or out[place] > out[best]
                    or (out[place] == out[best] and targets[place] < targets[best])
                ):
                    best = place
            if seen[best] == n_picked:
                taken[best - start] = True
                picked[n_picked] = targets[best]
                n_picked += 1
                continue
            for other in picked[seen[best] : n_picked]:
                if family[other] == family[targets[best]]:
                    alike = 1.0
                elif n_profiles == 0:
                    alike = 0.0
                else:
                    alike = _cosine(first, other, targets[best])
                    if n_profiles > 1 and alike > 0.0:
                        alike *= _cosine(second, other, targets[best])
                    if n_profiles > 2 and alike > 0.0:
                        alike *= _cosine(third, other, targets[best])
                nearest[best - start] = max(nearest[best - start], min(alike, 1.0))
            seen[best] = n_picked
            out[best] = scores[best] - price * nearest[best - start]
        start = end
