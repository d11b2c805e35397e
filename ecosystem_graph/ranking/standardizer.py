"""What is usual, on a graph and in one list: the yardsticks by which signals are read."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.signals import ALL_SIGNALS

#: Candidates of the whole graph that each list is filled up with before it is a yardstick.
_USUAL_CANDIDATES = 20.0


@dataclass(frozen=True, eq=False, slots=True)
class Scale:
    """Usual values of signals among the candidates of one graph.

    A signal x on a log scale enters the ranking as ``log(1 + x / typical)``, any other as x
    itself; either way less its mean and divided by its spread. Read off the graph that is ranked,
    never carried over from the one learnt on, it lets weights travel between ecosystems of other
    sizes and densities.

    Attributes
    ----------
    names : tuple of str
    typical : ndarray of shape (n_signals,)
        Median of the positive values of each signal, in its own unit, > 0.
    centre, spread : ndarray of shape (n_signals,)
        Mean and standard deviation of each signal as it enters.
    """

    names: tuple[str, ...]
    typical: NDArray[np.float64]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]

    @classmethod
    def of(cls, names: tuple[str, ...], values: NDArray[np.float64]) -> Self:
        """Scale of signals in their own units, shape (n_pairs, n_signals)."""
        typical = np.array([_typical(column) for column in values.T])
        plain = cls(names, typical, np.zeros(len(names)), np.ones(len(names)))
        columns = [plain.entered(column, values[:, column]) for column in range(len(names))]
        centre = np.array([column.mean() if len(column) else 0.0 for column in columns])
        spread = np.array([column.std() if len(column) else 1.0 for column in columns])
        # A signal that never varies says nothing; a spread of 1 leaves it at 0.
        return cls(names, typical, centre, np.where(spread > 1e-9, spread, 1.0))

    def entered(self, column: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """One signal as it enters the ranking: in spreads above the mean."""
        if ALL_SIGNALS[self.names[column]].scale == "log":
            values = np.log1p(np.maximum(values, 0.0) / self.typical[column])
        scaled: NDArray[np.float64] = (values - self.centre[column]) / self.spread[column]
        return scaled

    def value(self, column: int, entered: float) -> float:
        """Value of a signal that enters as so much: the inverse of :meth:`entered`."""
        plain = entered * self.spread[column] + self.centre[column]
        if ALL_SIGNALS[self.names[column]].scale == "log":
            plain = self.typical[column] * np.expm1(plain)
        return float(plain)

    def all_entered(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Every signal as it enters, shape (n_pairs, n_signals)."""
        entered = np.empty(values.shape, order="F")
        for column in range(len(self.names)):
            entered[:, column] = self.entered(column, values[:, column])
        return entered


@dataclass(frozen=True, eq=False, slots=True)
class ListScale:
    """What is usual in the list of each of some partners.

    Candidates are compared with the others of their list: a partner with many collaborators has
    many candidates that share some, and the one to propose is the one that stands out.

    Attributes
    ----------
    sources : ndarray of shape (n_lists,)
        Positions of the partners, in order.
    centre, spread : ndarray of float32, shape (n_lists, n_signals)
        Of the signals as they enter; 0 and 1 for what is about the partner alone.
    """

    sources: NDArray[np.intp]
    centre: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        names: tuple[str, ...],
        entered: NDArray[np.float64],
        sources: NDArray[np.intp],
        weight: NDArray[np.float64],
    ) -> Self:
        """Scale of each list, drawn towards that of the graph by 20 candidates.

        Parameters
        ----------
        names : tuple of str
        entered : ndarray of shape (n_pairs, n_signals)
            From :meth:`Scale.all_entered`, column by column in memory.
        sources : ndarray of shape (n_pairs,)
            Equal ones stand together, in order.
        weight : ndarray of shape (n_pairs,)
            How many candidates each row stands for.
        """
        start = np.flatnonzero(np.diff(sources, prepend=-1))
        of_list = np.repeat(np.arange(len(start)), np.diff(np.append(start, len(sources))))
        shape = (len(start), len(names))
        centre = np.zeros(shape, dtype=np.float32)
        spread = np.ones(shape, dtype=np.float32)
        if len(start):
            n = np.add.reduceat(weight, start) + _USUAL_CANDIDATES
            for column, name in enumerate(names):
                if ALL_SIGNALS[name].source_only:
                    continue
                values = entered[:, column]
                centre[:, column] = np.add.reduceat(weight * values, start) / n
                apart = weight * (values - centre[of_list, column]) ** 2
                variance = (np.add.reduceat(apart, start) + _USUAL_CANDIDATES) / n
                spread[:, column] = np.sqrt(variance)
        return cls(sources[start], centre, spread)

    def apply(self, entered: NDArray[np.float64], sources: NDArray[np.intp]) -> None:
        """Change signals as they enter into signals as they stand out, in place.

        A source without a list is compared with the whole graph.
        """
        if len(self.sources) == 0:
            return
        place = np.minimum(np.searchsorted(self.sources, sources), len(self.sources) - 1)
        place[self.sources[place] != sources] = -1
        _stand_out(entered, place, self.centre, self.spread)


class UsualLists:
    """What is usual in the lists of a graph's partners, as far as they have been made.

    Parameters
    ----------
    n_partners, n_signals : int
    """

    def __init__(self, n_partners: int, n_signals: int) -> None:
        self.centre = np.zeros((n_partners, n_signals), dtype=np.float32)
        self.spread = np.ones((n_partners, n_signals), dtype=np.float32)
        self.made = np.zeros(n_partners, dtype=bool)

    def add(self, lists: ListScale, sources: NDArray[np.intp]) -> None:
        """Keep the lists of some partners, in which those that found nobody are missing."""
        self.centre[lists.sources] = lists.centre
        self.spread[lists.sources] = lists.spread
        self.made[sources] = True

    def of(self, sources: NDArray[np.intp]) -> ListScale:
        """The lists of some partners, positions in order."""
        return ListScale(sources, self.centre[sources], self.spread[sources])


def standing_out(
    scale: Scale,
    values: NDArray[np.float64],
    sources: NDArray[np.intp],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Signals on the scale of their graph, compared with those of the other pairs of the list.

    Parameters
    ----------
    scale : Scale
        Of the graph the pairs were found on.
    values : ndarray of shape (n_pairs, n_signals)
        Signals in their own units.
    sources : ndarray of shape (n_pairs,)
        Whose list each pair is of; equal ones stand together, in order.
    weight : ndarray of shape (n_pairs,)
        How many pairs each row stands for.

    Returns
    -------
    ndarray of shape (n_pairs, n_signals)
    """
    entered = scale.all_entered(values)
    ListScale.of(scale.names, entered, sources, weight).apply(entered, sources)
    return entered


@compiled
def _stand_out(entered, place, centre, spread):  # type: ignore[no-untyped-def]
    for column in range(entered.shape[1]):
        for row in range(entered.shape[0]):
            if place[row] >= 0:
                apart = entered[row, column] - centre[place[row], column]
                entered[row, column] = apart / spread[place[row], column]


def _typical(values: NDArray[np.float64]) -> float:
    positive = values[values > 0]
    return float(np.median(positive)) if len(positive) else 1.0
