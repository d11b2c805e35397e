"""Joint wins of each pair of partners so far."""

from dataclasses import dataclass, field

import numpy as np

from ecosystem_graph.synthetic.draws import Flags, Floats, Ints, Longs


@dataclass(slots=True, eq=False)
class JointWins:
    """Counts of joint wins; every pair is stored in both directions.

    Attributes
    ----------
    n : int
        Number of partners.
    keys : ndarray of int64
        Sorted `partner * n + other`.
    wins : ndarray of int32
        Wins of every pair.
    starts : ndarray of int64, shape (n + 1,)
        Where the pairs of each partner begin.
    """

    n: int
    keys: Longs = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    wins: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    starts: Longs = field(init=False)

    def __post_init__(self) -> None:
        self.starts = self._starts()

    def add(self, left: Ints, right: Ints) -> None:
        """Count one more joint win of each pair.

        Examples
        --------
        >>> ann, bob = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
        >>> joint = JointWins(3)
        >>> joint.add(ann, bob)
        >>> joint.add(bob, ann)
        >>> joint.between(ann, bob)
        array([2], dtype=int32)
        """
        both = np.concatenate([self._key(left, right), self._key(right, left)])
        keys, counts = np.unique(both, return_counts=True)
        place, exists = self._find(keys)
        self.wins[place[exists]] += counts[exists]
        self.keys = np.insert(self.keys, place[~exists], keys[~exists])
        self.wins = np.insert(self.wins, place[~exists], counts[~exists])
        self.starts = self._starts()

    def between(self, left: Ints, right: Ints) -> Ints:
        """Joint wins of each pair, in the shape of `right`."""
        left = np.broadcast_to(left, right.shape)
        order = np.argsort(left.ravel(), kind="stable")  # neighbours in memory are found together
        place, exists = self._find(self._key(left.ravel()[order], right.ravel()[order]))
        wins = np.zeros(right.size, dtype=np.int32)
        wins[order[exists]] = self.wins[place[exists]]
        return wins.reshape(right.shape)

    def random_collaborators(self, partner: Ints, uniform: Floats) -> Ints:
        """Random partners that each partner has won with, shape of `uniform`; -1 if none."""
        if not len(self.keys):
            return np.full(uniform.shape, -1, dtype=np.int32)
        first = self.starts[partner][:, None]
        size = self.starts[partner + 1][:, None] - first
        place = first + (uniform * size).astype(np.int64)
        found = self.keys.take(place, mode="clip") % self.n
        return np.where(size > 0, found, -1).astype(np.int32)

    def _starts(self) -> Longs:
        return np.searchsorted(self.keys, np.arange(self.n + 1) * self.n).astype(np.int64)

    def _key(self, left: Ints, right: Ints) -> Longs:
        return left.astype(np.int64) * self.n + right

    def _find(self, keys: Longs) -> tuple[Longs, Flags]:
        """Positions of keys, or where they would be inserted, and which of them exist."""
        place = np.searchsorted(self.keys, keys)
        exists = np.zeros(len(keys), dtype=bool)
        inside = place < len(self.keys)
        exists[inside] = self.keys[place[inside]] == keys[inside]
        return place, exists
