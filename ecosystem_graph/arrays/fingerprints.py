"""Hashes of what surrounds a partner in the graph, independent of its id.

Random draws and ties need a number per partner. Positions follow the ids, so results would change
when a partner is renamed; a fingerprint follows the graph alone.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Hashes = NDArray[np.uint64]

#: Rounds of colour refinement.
_ROUNDS = 3

_GOLDEN = 0x9E3779B97F4A7C15


def mixed(numbers: NDArray[np.integer], salt: int = 0) -> Hashes:
    """Hashes of whole numbers: each bit of a number changes about half of those of its hash.

    References
    ----------
    Steele, G. L., Lea, D., Flood, C. H. (2014). Fast splittable pseudorandom number generators.
    OOPSLA. doi:10.1145/2660193.2660195

    Examples
    --------
    >>> [hex(number) for number in mixed(np.array([0, 1])).tolist()]
    ['0xe220a8397b1dcdaf', '0x910a2dec89025cc1']
    """
    start = np.uint64((_GOLDEN * (salt + 1)) % 2**64)
    hashes = np.asarray(numbers).astype(np.uint64) + start
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixture: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixture


def uniform(hashes: Hashes) -> NDArray[np.float64]:
    """Numbers in 0..1, 1 left out, as evenly spread as the hashes are.

    Examples
    --------
    >>> uniform(np.array([0, 2**63], dtype=np.uint64)).tolist()
    [0.0, 0.5]
    """
    return (hashes >> np.uint64(11)).astype(np.float64) * 2.0**-53


def hashed(words: Iterable[str]) -> Hashes:
    """Hashes of words, shape (n_words,)."""
    sums = np.fromiter((crc32(word.encode(errors="surrogatepass")) for word in words), np.uint64)
    return mixed(sums)


def colours(relations: Sequence[tuple[csr_array, NDArray[np.integer]]], n: int) -> Hashes:
    """Hashes of the surroundings of each of n nodes, equal where these do not differ.

    Colour refinement: each node mixes the colours of the nodes it is linked to into its own, in
    three rounds. Sums of integers do not depend on their order, so colours do not depend on
    positions at all.

    Parameters
    ----------
    relations : sequence of (csr_array of shape (n, n_others), ndarray of shape (n_others,))
        Links of the nodes to other things, wherever an entry is stored; and a number that
        describes each of the other things.
    n : int

    Returns
    -------
    ndarray of uint64, shape (n,)

    References
    ----------
    Weisfeiler, B., Leman, A. (1968). A reduction of a graph to a canonical form.
    Nauchno-Technicheskaya Informatsiya 2(9). Shervashidze, N. et al. (2011). JMLR 12.

    Examples
    --------
    >>> won = csr_array([[1, 0], [1, 0], [1, 1]])
    >>> first, second, third = colours([(won, np.zeros(2, dtype=int))], n=3)
    >>> bool(first == second), bool(first == third)
    (True, False)
    """
    colour = np.zeros(n, dtype=np.uint64)
    for _ in range(_ROUNDS):
        refined = mixed(colour)
        for salt, (relation, known) in enumerate(relations, 1):
            links = csr_array(
                (np.ones(relation.nnz, dtype=np.uint64), relation.indices, relation.indptr),
                shape=relation.shape,
            )
            others = mixed(links.T @ refined + mixed(known, salt))
            refined = refined + mixed(links @ others, salt)
        colour = mixed(refined)
    return colour


def distinct(shades: Hashes, names: Hashes) -> Hashes:
    """Hashes that are all different: equal colours are numbered in the order of hashed names.

    Examples
    --------
    >>> twins = np.array([7, 7], dtype=np.uint64)
    >>> len(set(distinct(twins, hashed(["ann", "bob"])).tolist()))
    2
    """
    order = np.lexsort((names, shades))
    ordered = shades[order]
    number = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    apart = np.empty_like(shades)
    apart[order] = mixed(ordered + mixed(number, 1))
    return apart


def ranks(*keys: NDArray[np.generic]) -> NDArray[np.int64]:
    """Rank of each item when sorted by the first key, then the second, and so on.

    Examples
    --------
    >>> ranks(np.array([2.0, 1.0, 1.0]), np.array([0, 5, 4])).tolist()
    [2, 1, 0]
    """
    order = np.lexsort(keys[::-1])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank
