"""Confidence intervals of means over sources, by the bootstrap.

`scipy.stats.bootstrap` interpolates between resamples, which an infinite ratio does not allow, and
refuses a single source.

References
----------
Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap, chapter 13. Chapman & Hall.
doi:10.1201/9780429246593 (percentile interval)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PICKS_AT_ONCE = 2**22  # bounds the memory to a few times 32 MB


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and the range in which resampling the sources leaves it."""

    estimate: float
    low: float
    high: float


def bootstrap_interval(
    values: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    n_resamples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Mean of a metric over sources, with its percentile interval (Efron and Tibshirani, 1993).

    Parameters
    ----------
    values : ndarray of shape (n_sources,)
        The metric, one value per source, in its own unit (the interval's as well).
    rng : numpy.random.Generator
        Draws the sources of each resample, with replacement.
    n_resamples : int
        More is steadier and slower.
    level : float
        Share of the resampled means that the interval holds, above 0 and below 1.

    Raises
    ------
    ValueError
        If there is no source or no resample, or `level` is out of range.

    Examples
    --------
    >>> bootstrap_interval(np.array([0.5, 0.5, 0.5]), np.random.default_rng(0))
    Interval(estimate=0.5, low=0.5, high=0.5)
    """
    means = _resampled_means(values[np.newaxis], rng, n_resamples)[0]
    return _interval(float(values.mean()), means, level)


def bootstrap_ratio(
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    n_resamples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """How many times better our mean is than theirs, resampling the same sources for both.

    `ours` and `theirs` are one metric, >= 0, of two rankings of the same sources; the rest is as in
    `bootstrap_interval`. Unitless, >= 0; where their mean is 0 the ratio is infinite, or 1 if ours
    is 0 as well.

    Examples
    --------
    >>> bootstrap_ratio(np.array([0.2, 0.4]), np.array([0.1, 0.2]), np.random.default_rng(0))
    Interval(estimate=2.0, low=2.0, high=2.0)
    """
    if ours.shape != theirs.shape:
        raise ValueError(f"ours and theirs must pair up. Got {ours.shape} and {theirs.shape}.")
    means = _resampled_means(np.stack([ours, theirs]), rng, n_resamples)
    estimate = _ratio(ours.mean(keepdims=True), theirs.mean(keepdims=True))
    return _interval(float(estimate[0]), _ratio(*means), level)


def _ratio(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    unmatched = np.where(ours > 0, np.inf, 1.0)
    return np.divide(ours, theirs, out=unmatched, where=theirs > 0)


def _resampled_means(
    values: NDArray[np.float64], rng: np.random.Generator, n_resamples: int
) -> NDArray[np.float64]:
    """Return the mean of each row of values (n_rows, n_sources) in each resample of sources."""
    n_rows, n_sources = values.shape
    if n_sources < 1 or n_resamples < 1:
        raise ValueError(f"sources and resamples needed. Got {n_sources} and {n_resamples}.")
    means = np.empty((n_rows, n_resamples))
    block = max(1, PICKS_AT_ONCE // n_sources)
    for start in range(0, n_resamples, block):
        part = means[:, start : start + block]
        picks = rng.integers(0, n_sources, size=(part.shape[1], n_sources))
        for row, mean in zip(values, part, strict=True):
            mean[:] = row[picks].mean(axis=1)
    return means


def _interval(estimate: float, resampled: NDArray[np.float64], level: float) -> Interval:
    if not 0 < level < 1:
        raise ValueError(f"level must be above 0 and below 1. Got {level!r}.")
    ends = [(1 - level) / 2, (1 + level) / 2]
    # Ordered values, not interpolated ones: a ratio may be infinite.
    low, high = np.quantile(resampled, ends, method="inverted_cdf")
    return Interval(estimate, float(low), float(high))
