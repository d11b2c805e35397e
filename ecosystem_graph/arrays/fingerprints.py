"""What tells partners apart whatever they are called: numbers made of their place in the graph.

Chance and ties need something to hang on. Positions follow ids, so whoever was called otherwise
would be drawn, proposed and listed otherwise; a fingerprint follows what the graph says.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Hashes = NDArray[np.uint64]

#: Times that everybody is told apart by those it has something in common with.
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
    """Hashes of what surrounds each of n things, equal where nothing within reach differs.

    Colour refinement: everything takes the colours of those it is related to into its own, three
    times over. Sums of whole numbers come out the same in whatever order, so the colours do not
    depend on positions in the slightest.

    Parameters
    ----------
    relations : sequence of (csr_array of shape (n, n_others), ndarray of shape (n_others,))
        Where something is stored, the thing has to do with the other; and what is known of each
        other beside that.
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
    here = np.zeros(n, dtype=np.uint64)
    for _ in range(_ROUNDS):
        seen = mixed(here)
        for place, (relation, known) in enumerate(relations, 1):
            links = csr_array(
                (np.ones(relation.nnz, dtype=np.uint64), relation.indices, relation.indptr),
                shape=relation.shape,
            )
            others = mixed(links.T @ seen + mixed(known, place))
            seen = seen + mixed(links @ others, place)
        here = mixed(seen)
    return here


def told_apart(shades: Hashes, names: Hashes) -> Hashes:
    """Hashes that are equal nowhere: equal colours are numbered in the order of hashed names.

    Examples
    --------
    >>> twins = np.array([7, 7], dtype=np.uint64)
    >>> len(set(told_apart(twins, hashed(["ann", "bob"])).tolist()))
    2
    """
    order = np.lexsort((names, shades))
    ordered = shades[order]
    number = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    apart = np.empty_like(shades)
    apart[order] = mixed(ordered + mixed(number, 1))
    return apart


def ranks(*keys: NDArray[np.generic]) -> NDArray[np.int64]:
    """Place of each thing when all are sorted, by the first key, then the second, and so on.

    Examples
    --------
    >>> ranks(np.array([2.0, 1.0, 1.0]), np.array([0, 5, 4])).tolist()
    [2, 1, 0]
    """
    order = np.lexsort(keys[::-1])
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places
