"""Figures of several methods on the same lists: intervals, the best baseline, a ratio."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.evaluation.bootstrap import Interval, bootstrap_interval, bootstrap_ratio

Values = NDArray[np.float64]


def intervals(values: Mapping[str, Values], seed: int) -> dict[str, Interval]:
    """The mean of each figure with its 95 % bootstrap interval.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (n_lists,)
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict of str to Interval
    """
    return {
        name: bootstrap_interval(one, np.random.default_rng(seed)) for name, one in values.items()
    }


def against_best(
    values: Mapping[str, Values], baselines: Iterable[str], seed: int
) -> tuple[str, Interval]:
    """The baseline with the highest mean, and the ratio of the model's mean to it.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (n_lists,)
        By method: one figure of each list, those of the `model` and of the baselines among them.
    baselines : iterable of str
    seed : int
        Of the bootstrap, which is paired over lists.

    Returns
    -------
    tuple of (str, Interval)
    """
    best = max(baselines, key=lambda name: values[name].mean())
    return best, bootstrap_ratio(values["model"], values[best], np.random.default_rng(seed))
