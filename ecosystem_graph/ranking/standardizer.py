"""Standardizing signals: z-scores against the candidates of a graph, then of one list."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.jit import compiled
from ecosystem_graph.arrays.vectors import run_starts
from ecosystem_graph.signals import ALL_SIGNALS

#: Strength of the shrinkage of a list's mean and variance towards the graph's, in candidates.
_PRIOR_CANDIDATES = 20.0


@dataclass(frozen=True, eq=False, slots=True)
class Scale:
    """Reference distribution of each signal among the candidates of one graph.

    A signal x on a log scale is transformed to ``log(1 + x / typical)``, any other is left as it
    is; its z-score is that less the mean, divided by the standard deviation. Both are estimated on
    the graph that is ranked, never carried over from the training graph, so that weights apply to
    ecosystems of other sizes and densities.

    Attributes
    ----------
    names : tuple of str
    typical : ndarray of shape (n_signals,)
        Median of the positive values of each signal, in its own unit, > 0.
    centre, spread : ndarray of shape (n_signals,)
        Mean and standard deviation of each transformed signal.
    """

    names: tuple[str, ...]
    typical: NDArray[np.float64]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]

    @classmethod
    def of(cls, names: tuple[str, ...], values: NDArray[np.float64]) -> Self:
        """Scale estimated from signals in their own units, shape (n_pairs, n_signals)."""
        typical = np.array([_typical(column) for column in values.T])
        plain = cls(names, typical, np.zeros(len(names)), np.ones(len(names)))
        columns = [plain.column_z_scores(column, values[:, column]) for column in range(len(names))]
        centre = np.array([column.mean() if len(column) else 0.0 for column in columns])
        spread = np.array([column.std() if len(column) else 1.0 for column in columns])
        # A constant signal carries no information; a spread of 1 leaves it at 0.
        return cls(names, typical, centre, np.where(spread > 1e-9, spread, 1.0))

    def column_z_scores(self, column: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Z-scores of one signal: standard deviations above the graph's mean."""
        if ALL_SIGNALS[self.names[column]].scale == "log":
            values = np.log1p(np.maximum(values, 0.0) / self.typical[column])
        scaled: NDArray[np.float64] = (values - self.centre[column]) / self.spread[column]
        return scaled

    def value(self, column: int, z: float) -> float:
        """Value of a signal with this z-score: the inverse of :meth:`column_z_scores`."""
        plain = z * self.spread[column] + self.centre[column]
        if ALL_SIGNALS[self.names[column]].scale == "log":
            plain = self.typical[column] * np.expm1(plain)
        return float(plain)

    def z_scores(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Z-scores of every signal, shape (n_pairs, n_signals), column by column in memory."""
        z = np.empty(values.shape, order="F")
        for column in range(len(self.names)):
            z[:, column] = self.column_z_scores(column, values[:, column])
        return z


@dataclass(frozen=True, eq=False, slots=True)
class ListScale:
    """Mean and spread of the signals within the list of each of some partners.

    Candidates are compared with the others of their list: a partner with many collaborators has
    many candidates that share some, and the one to propose stands out among those.

    Attributes
    ----------
    sources : ndarray of shape (n_lists,)
        Positions of the partners, in order.
    centre, spread : ndarray of float32, shape (n_lists, n_signals)
        Of the signals' z-scores on the graph; 0 and 1 for signals of the partner alone.
    """

    sources: NDArray[np.intp]
    centre: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        names: tuple[str, ...],
        z: NDArray[np.float64],
        sources: NDArray[np.intp],
        weight: NDArray[np.float64],
    ) -> Self:
        """Scale of each list, shrunk towards that of the graph with the strength of 20 candidates.

        Parameters
        ----------
        names : tuple of str
        z : ndarray of shape (n_pairs, n_signals)
            From :meth:`Scale.z_scores`, column by column in memory.
        sources : ndarray of shape (n_pairs,)
            Equal ones adjacent, in order.
        weight : ndarray of shape (n_pairs,)
            Number of candidates that each row represents.
        """
        start, of_list = list_starts(sources)
        shape = (len(start), len(names))
        centre = np.zeros(shape, dtype=np.float32)
        spread = np.ones(shape, dtype=np.float32)
        if len(start):
            n = np.add.reduceat(weight, start) + _PRIOR_CANDIDATES
            for column, name in enumerate(names):
                if ALL_SIGNALS[name].source_only:
                    continue
                values = z[:, column]
                centre[:, column] = np.add.reduceat(weight * values, start) / n
                apart = weight * (values - centre[of_list, column]) ** 2
                variance = (np.add.reduceat(apart, start) + _PRIOR_CANDIDATES) / n
                spread[:, column] = np.sqrt(variance)
        return cls(sources[start], centre, spread)

    def apply(self, z: NDArray[np.float64], sources: NDArray[np.intp]) -> None:
        """Turn z-scores on the graph into z-scores within each pair's list, in place.

        A source without a list keeps those on the graph.
        """
        if len(self.sources) == 0:
            return
        place = np.minimum(np.searchsorted(self.sources, sources), len(self.sources) - 1)
        place[self.sources[place] != sources] = -1
        _apply(z, place, self.centre, self.spread)


class ListScales:
    """Scales of the lists of a graph's partners, as far as they have been computed.

    Parameters
    ----------
    n_partners, n_signals : int
    """

    def __init__(self, n_partners: int, n_signals: int) -> None:
        self.centre = np.zeros((n_partners, n_signals), dtype=np.float32)
        self.spread = np.ones((n_partners, n_signals), dtype=np.float32)
        self.made = np.zeros(n_partners, dtype=bool)

    def add(self, lists: ListScale, sources: NDArray[np.intp]) -> None:
        """Keep the scales of some partners' lists; partners without candidates have none."""
        self.centre[lists.sources] = lists.centre
        self.spread[lists.sources] = lists.spread
        self.made[sources] = True

    def of(self, sources: NDArray[np.intp]) -> ListScale:
        """Scales of the lists of some partners, positions in order."""
        return ListScale(sources, self.centre[sources], self.spread[sources])


def list_z_scores(
    scale: Scale,
    values: NDArray[np.float64],
    sources: NDArray[np.intp],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Z-score of each signal within the list that the pair belongs to.

    Parameters
    ----------
    scale : Scale
        Of the graph on which the pairs were found.
    values : ndarray of shape (n_pairs, n_signals)
        Signals in their own units.
    sources : ndarray of shape (n_pairs,)
        Partner whose list holds the pair; equal ones adjacent, in order.
    weight : ndarray of shape (n_pairs,)
        Number of pairs that each row represents.

    Returns
    -------
    ndarray of shape (n_pairs, n_signals)
    """
    z = scale.z_scores(values)
    ListScale.of(scale.names, z, sources, weight).apply(z, sources)
    return z


def list_starts(sources: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each list begins, and the list of each pair; equal sources adjacent.

    Examples
    --------
    >>> start, of_list = list_starts(np.array([4, 4, 7]))
    >>> start.tolist(), of_list.tolist()
    ([0, 2], [0, 0, 1])
    """
    start = run_starts(sources)
    return start, np.repeat(np.arange(len(start)), np.diff(np.append(start, len(sources))))


@compiled
def _apply(z, place, centre, spread):  # type: ignore[no-untyped-def]
    for column in range(z.shape[1]):
        for row in range(z.shape[0]):
            if place[row] >= 0:
                apart = z[row, column] - centre[place[row], column]
                z[row, column] = apart / spread[place[row], column]


def _typical(values: NDArray[np.float64]) -> float:
    positive = values[values > 0]
    return float(np.median(positive)) if len(positive) else 1.0
