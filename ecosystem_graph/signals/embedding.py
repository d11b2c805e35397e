"""Partners as vectors: a truncated SVD of who has won with whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

#: Power of the degree that is divided out on both sides before the decomposition.
_DAMPING = 0.25

#: Affinities below it are rounding errors of single precision, and count as none.
LEAST_AFFINITY = 1e-5


@dataclass(frozen=True, eq=False)
class Embedding:
    """Two vectors for each partner, one for when it seeks and one for when it is found.

    Attributes
    ----------
    seeking, found : ndarray of float32, shape (n_partners, n_components)
        Their dot product approximates the degree-damped adjacency.
    """

    seeking: NDArray[np.float32]
    found: NDArray[np.float32]

    def affinity(
        self, sources: NDArray[np.intp], targets: NDArray[np.intp], block: int = 65_536
    ) -> NDArray[np.float64]:
        """Dot product of the two partners' vectors.

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.
        block : int, default 65536
            Pairs worked on at a time, which bounds the memory.

        Returns
        -------
        ndarray of shape (n_pairs,)
            Unitless; 0 where the graph puts the two far apart.
        """
        out = np.empty(len(sources))
        for start in range(0, len(sources), block):
            here = slice(start, start + block)
            seeking, found = self.seeking[sources[here]], self.found[targets[here]]
            out[here] = np.einsum("ij,ij->i", seeking, found)
        return np.where(np.abs(out) < LEAST_AFFINITY, 0.0, out)


def truncated_svd(adjacency: csr_array, n_components: int, random_state: int) -> Embedding:
    """Vectors from the leading singular triplets of a degree-damped adjacency.

    The adjacency A, which may be weighted, is damped to ``D**-1/4 A D**-1/4`` (D its row sums),
    half-way between the plain one, where hubs fill every leading direction, and the normalised
    Laplacian's, where they vanish.

    Parameters
    ----------
    adjacency : csr_array of shape (n_partners, n_partners)
        1 where two partners have won together, or the strength of their tie; symmetric, >= 0.
    n_components : int
        Dimensions, >= 1; at most n_partners are used.
    random_state : int
        Seeds the random projections.

    Returns
    -------
    Embedding

    References
    ----------
    Halko, N., Martinsson, P.-G., Tropp, J. A. (2011). Finding structure with randomness.
    SIAM Review 53(2). doi:10.1137/090771806

    Examples
    --------
    >>> pair = csr_array([[0.0, 1.0], [1.0, 0.0]])
    >>> embedding = truncated_svd(pair, n_components=2, random_state=0)
    >>> embedding.affinity(np.array([0]), np.array([1])).round(3)
    array([1.])
    """
    from sklearn.utils.extmath import randomized_svd

    n = adjacency.shape[0]
    if adjacency.nnz == 0:
        nowhere = np.zeros((n, 1), dtype=np.float32)
        return Embedding(nowhere, nowhere)
    degree = np.asarray(adjacency.sum(axis=1)).ravel()
    damping = diags_array(np.where(degree > 0, np.maximum(degree, 1e-12), 1.0) ** -_DAMPING)
    left, singular, right = randomized_svd(
        csr_array(damping @ adjacency @ damping).astype(np.float32),
        n_components=min(n_components, n),
        n_iter=4,
        power_iteration_normalizer="LU",
        random_state=random_state,
    )
    return Embedding(
        (left * singular).astype(np.float32), np.ascontiguousarray(right.T, dtype=np.float32)
    )
