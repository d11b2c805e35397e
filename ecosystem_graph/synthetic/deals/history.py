"""How often two partners have won together so far."""

from dataclasses import dataclass, field

import numpy as np

from ecosystem_graph.synthetic.draws import Flags, Floats, Ints, Longs


@dataclass(slots=True, eq=False)
class JointWins:
    """Counts of joint wins; every pair is there both ways.

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
        """Count one more win of every pair named.

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
        place, there = self._find(keys)
        self.wins[place[there]] += counts[there]
        self.keys = np.insert(self.keys, place[~there], keys[~there])
        self.wins = np.insert(self.wins, place[~there], counts[~there])
        self.starts = self._starts()

    def between(self, left: Ints, right: Ints) -> Ints:
        """Joint wins of every pair named, in the shape of `right`."""
        left = np.broadcast_to(left, right.shape)
        order = np.argsort(left.ravel(), kind="stable")  # neighbours in memory are found together
        place, there = self._find(self._key(left.ravel()[order], right.ravel()[order]))
        wins = np.zeros(right.size, dtype=np.int32)
        wins[order[there]] = self.wins[place[there]]
        return wins.reshape(right.shape)

    def someone(self, partner: Ints, uniform: Floats) -> Ints:
        """Some of those each partner has won with, shape of `uniform`; -1 if there is nobody."""
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
        """Where keys are or would go, and which are there."""
        place = np.searchsorted(self.keys, keys)
        there = np.zeros(len(keys), dtype=bool)
        inside = place < len(self.keys)
        there[inside] = self.keys[place[inside]] == keys[inside]
        return place, there
