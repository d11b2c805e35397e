"""Partners as vectors: a truncated SVD of who has won with whom."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from threadpoolctl import threadpool_limits

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.fingerprints import mixed

#: Power of the degree that is divided out on both sides before the decomposition.
_DAMPING = 0.25

#: Directions followed beside those asked for, and times the graph is multiplied with all of them.
_SPARE = 10
_PASSES = 8

#: Directions of less than this share of the longest, squared, are rounding errors.
_NO_DIMENSION = 1e-11

#: Partners up to which the decomposition is exact: it takes no longer than a few passes.
_EXACT = 1_024

#: Relative difference below which two directions count as equally long.
_EQUALLY_LONG = 1e-9

#: Rows per chunk.
_ROWS = 16_384

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

    @classmethod
    def nowhere(cls, n: int) -> Self:
        """Zero vectors: no partner is near another."""
        vectors = np.zeros((n, 1), dtype=np.float32)
        return cls(vectors, vectors)

    def affinity(
        self, sources: NDArray[np.intp], targets: NDArray[np.intp], block: int = 65_536
    ) -> NDArray[np.float64]:
        """Dot product of the two partners' vectors.

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.
        block : int, default 65536
            Pairs per chunk, which bounds the memory.

        Returns
        -------
        ndarray of shape (n_pairs,)
            Unitless; 0 for partners in different parts of the graph.
        """
        out = np.empty(len(sources))
        for start in range(0, len(sources), block):
            here = slice(start, start + block)
            seeking, found = self.seeking[sources[here]], self.found[targets[here]]
            out[here] = np.einsum("ij,ij->i", seeking, found)
        return np.where(np.abs(out) < LEAST_AFFINITY, 0.0, out)


def truncated_svd(
    adjacency: csr_array,
    n_components: int,
    random_state: int = 0,
    fingerprints: NDArray[np.uint64] | None = None,
) -> Embedding:
    """Vectors from the leading singular triplets of a degree-damped adjacency.

    The adjacency A, which may be weighted, is damped to ``D**-1/4 A D**-1/4`` (D its row sums),
    half-way between no damping, with which hubs dominate every leading direction, and that of the
    normalised Laplacian, with which they vanish.

    Parameters
    ----------
    adjacency : csr_array of shape (n_partners, n_partners)
        1 where two partners have won together, or the strength of their tie; symmetric, >= 0.
    n_components : int
        Dimensions, >= 1; at most n_partners are used. With up to 1,024 partners, where they are
        exact, a few more or fewer if the last ones are equally long.
    random_state : int, default 0
        Seeds the random projections of larger graphs.
    fingerprints : ndarray of uint64, shape (n_partners,), optional
        Seeds of the projections of each partner, beside `random_state`; default: positions.

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
    n = adjacency.shape[0]
    if adjacency.nnz == 0:
        return Embedding.nowhere(n)
    degree = np.asarray(adjacency.sum(axis=1)).ravel()
    damping = diags_array(np.where(degree > 0, np.maximum(degree, 1e-12), 1.0) ** -_DAMPING)
    damped = csr_array(damping @ adjacency @ damping)
    if n <= _EXACT:
        return _exactly(damped.toarray(), n_components)
    damped = damped.astype(np.float32)
    places = np.arange(n) if fingerprints is None else fingerprints
    basis = _signs(places, min(n_components + _SPARE, n), random_state)
    # The small decompositions would only lose by being shared out among cores.
    with threadpool_limits(limits=1, user_api="blas"):
        for _ in range(_PASSES):
            basis = _orthonormal(_product(damped, basis))
        image = _product(damped, basis)
        # damped ~ basis @ image.T; turned so that the longest columns of the image come first.
        _, turn = np.linalg.eigh(_gram(image))
    leading = turn[:, ::-1][:, :n_components].astype(np.float32)
    return Embedding(_product(basis, leading), _product(image, leading))


def _exactly(damped: NDArray[np.float64], n_components: int) -> Embedding:
    """Vectors from the whole decomposition, cut where one direction is longer than the next.

    Of directions that are equally long any would do: which ones came first would be chance.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        values, vectors = np.linalg.eigh(damped)
    order = np.argsort(-np.abs(values), kind="stable")
    length = np.abs(values[order])
    kept = min(n_components, len(order))
    falls = np.flatnonzero(length - np.append(length[1:], 0.0) > _EQUALLY_LONG * length[0]) + 1
    ahead, behind = falls[falls <= kept], falls[(falls > kept) & (falls <= kept + _SPARE)]
    kept = int(behind[0]) if kept not in ahead and len(behind) else int(ahead.max(initial=0))
    if kept == 0:
        return Embedding.nowhere(len(values))
    vectors, values = vectors[:, order[:kept]], values[order[:kept]]
    return Embedding(vectors.astype(np.float32), (vectors * values).astype(np.float32))


def _signs(places: NDArray[np.integer], n_columns: int, random_state: int) -> NDArray[np.float32]:
    """Columns of 1 and -1 by chance, each row made of what stands for it alone."""
    signs = np.empty((len(places), n_columns), dtype=np.float32)
    for start in range(0, n_columns, 64):
        bits = mixed(places, random_state * (1 + n_columns // 64) + start // 64)
        for column in range(start, min(start + 64, n_columns)):
            signs[:, column] = (bits >> np.uint64(column - start)) & np.uint64(1)
    return 2.0 * signs - 1.0


def _orthonormal(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same space by columns of length 1 at right angles; zeros where it has fewer dimensions.

    From the eigenvectors of the small matrix of dot products, twice for the rounding errors of the
    first time: it reads the columns three times, where Householder's reflections do for each one.

    References
    ----------
    Stathopoulos, A., Wu, K. (2002). A block orthogonalization procedure with constant
    synchronization requirements. SIAM Journal on Scientific Computing 23(6).
    doi:10.1137/S1064827500370883
    """
    for _ in range(2):
        squares, directions = np.linalg.eigh(_gram(columns))
        nonzero = squares > max(squares[-1], np.finfo(np.float32).tiny) * _NO_DIMENSION
        scale = np.where(nonzero, 1.0 / np.sqrt(np.where(nonzero, squares, 1.0)), 0.0)
        columns = _product(columns, (directions * scale).astype(np.float32))
    return columns


def _gram(columns: NDArray[np.float32]) -> NDArray[np.float64]:
    """Dot products of all columns, summed in double precision."""

    def of(rows: NDArray[np.intp]) -> NDArray[np.float64]:
        part = columns[rows[0] : rows[-1] + 1].astype(np.float64)
        squares: NDArray[np.float64] = part.T @ part
        return squares

    total = np.zeros((columns.shape[1], columns.shape[1]))
    for _, part in map_chunks(of, np.arange(len(columns)), size=_ROWS):
        total += part
    return total


def _product(
    matrix: csr_array | NDArray[np.float32], columns: NDArray[np.float32]
) -> NDArray[np.float32]:
    """``matrix @ columns``, some rows on every core."""
    out = np.empty((matrix.shape[0], columns.shape[1]), dtype=np.float32)

    def fill(rows: NDArray[np.intp]) -> None:
        here = slice(rows[0], rows[-1] + 1)
        out[here] = matrix[here] @ columns

    for _ in map_chunks(fill, np.arange(matrix.shape[0]), size=_ROWS):
        pass
    return out
