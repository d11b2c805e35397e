"""Random draws for whole arrays at once: streams, categories, weighted groups, sets of numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def stream(seed: int, name: str, *blocks: int) -> np.random.Generator:
    """Random numbers of one purpose; no stream depends on how much another one drew.

    Examples
    --------
    >>> stream(7, "names").integers(100) == stream(7, "names").integers(100)
    np.True_
    """
    return np.random.default_rng(np.random.SeedSequence([seed, crc32(name.encode()), *blocks]))


def categories(rng: np.random.Generator, shares: Iterable[float], size: int) -> Ints:
    """Positions drawn in the given shares, scaled to sum to 1."""
    cumulative = np.cumsum(np.fromiter(shares, dtype=float))
    drawn = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return np.asarray(drawn, dtype=np.int32)


def power_law(n: int, exponent: float) -> Floats:
    """Shares of ranks 1 to n, each in proportion to its rank to the minus `exponent`.

    Examples
    --------
    >>> power_law(3, 1.0).round(2)
    array([0.55, 0.27, 0.18])
    """
    weights = np.arange(1, n + 1) ** -exponent
    shares: Floats = weights / weights.sum()
    return shares


def normal_rank(values: NDArray[np.floating]) -> Floats:
    """Values less their mean, in standard deviations; 0 if they are all the same."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9), dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Members of groups, each listed as often as its whole weight: a draw is one look-up.

    Attributes
    ----------
    listed : ndarray of int32, shape (sum of weights,)
        Members, group by group.
    starts : ndarray of int64, shape (n_groups + 1,)
        Where each group begins.
    """

    listed: Ints
    starts: Longs

    @classmethod
    def of(cls, groups: ArrayLike, members: Ints, weights: ArrayLike, n_groups: int) -> Self:
        """Sort members into groups; weights are whole and at least 1."""
        order = np.argsort(groups, kind="stable")
        repeats = np.asarray(weights)[order]
        sizes = np.bincount(np.asarray(groups)[order], weights=repeats, minlength=n_groups)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return cls(np.repeat(members[order], repeats).astype(np.int32), starts)

    def drawn(self, groups: ArrayLike, uniform: NDArray[np.floating]) -> Ints:
        """One member of each group named, in proportion to weight; -1 from an empty group.

        Examples
        --------
        >>> groups = Groups.of([0, 0, 2], np.array([5, 6, 7], dtype=np.int32), [1, 1, 3], 3)
        >>> groups.drawn([0, 0, 1, 2], np.array([0.1, 0.9, 0.5, 0.5]))
        array([ 5,  6, -1,  7], dtype=int32)
        """
        named = np.asarray(groups)
        first = self.starts[named]
        size = self.starts[named + 1] - first
        place = first + np.minimum((uniform * size).astype(np.int64), np.maximum(size - 1, 0))
        return np.where(size > 0, self.listed.take(place, mode="clip"), np.int32(-1))


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Which of a few thousand numbers each row holds: one bit each.

    Attributes
    ----------
    bits : ndarray of uint8, shape (n_rows * width,)
    width : int
        Bytes per row.
    """

    bits: NDArray[np.uint8]
    width: int

    @classmethod
    def of(cls, rows: Ints, numbers: Ints, n_rows: int, n_numbers: int) -> Self:
        """Collect the numbers of each row."""
        width = -(-n_numbers // 8)
        bits = np.zeros(n_rows * width, dtype=np.uint8)
        place = rows.astype(np.int64) * width + (numbers >> 3)
        np.bitwise_or.at(bits, place, (1 << (numbers & 7)).astype(np.uint8))
        return cls(bits, width)

    def hold(self, rows: ArrayLike, numbers: ArrayLike) -> Flags:
        """Whether each row holds the number beside it.

        Examples
        --------
        >>> one = np.array([1], dtype=np.int32)
        >>> Sets.of(one, one * 9, 2, 10).hold([0, 1, 1], [9, 9, 8])
        array([False,  True, False])
        """
        rows, numbers = np.asarray(rows, dtype=np.int64), np.asarray(numbers)
        found: Flags = (self.bits[rows * self.width + (numbers >> 3)] >> (numbers & 7)) & 1 > 0
        return found


def first_of_each(rows: NDArray[np.integer]) -> Flags:
    """Whether a value is the first of its kind in its row, shape of `rows`.

    Examples
    --------
    >>> first_of_each(np.array([[3, 1, 3, 3]]))
    array([[ True,  True, False, False]])
    """
    order = np.argsort(rows, axis=1, kind="stable")
    ranked = np.take_along_axis(rows, order, axis=1)
    fresh = np.ones(rows.shape, dtype=bool)
    fresh[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    firsts = np.empty_like(fresh)
    np.put_along_axis(firsts, order, fresh, axis=1)
    return firsts


def probabilities(log_odds: NDArray[np.floating]) -> Floats:
    """Probabilities of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=float)
