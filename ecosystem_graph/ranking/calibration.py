"""Calibration: from log-odds to the observed frequency of joint wins."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

#: Least number of pairs in a bin.
_FEWEST_PAIRS = 200

#: Least number of pairs and of joint wins to calibrate on.
_FEWEST_IN_ALL = 1_000
_FEWEST_WINS = 50

#: Largest number of bins before pooling.
_MOST_BINS = 50


@dataclass(frozen=True, eq=False, slots=True)
class Calibration:
    """Probability of a joint win by log-odds, in steps.

    Attributes
    ----------
    above : ndarray of shape (n_steps,)
        Log-odds at which each step begins; the first also covers everything below.
    probability, low, high : ndarray of shape (n_steps,)
        Probability that a pair of the step wins together, and its 90 % interval, 0..1: mean and
        bounds of Jeffreys' posterior.
    n : ndarray of int, shape (n_steps,)
        Pairs in the step.
    """

    above: NDArray[np.float64]
    probability: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]

    @classmethod
    def fit(cls, log_odds: NDArray[np.float64], won: NDArray[np.bool_]) -> Self | None:
        """Isotonic regression of joint wins on log-odds.

        Pairs are sorted into up to 50 bins of equal size, at least 200 pairs each; adjacent bins
        out of order are pooled.

        Parameters
        ----------
        log_odds : ndarray of shape (n_pairs,)
        won : ndarray of bool, shape (n_pairs,)

        Returns
        -------
        Calibration or None
            None where there are fewer than 1,000 pairs or 50 that won together.

        References
        ----------
        Zadrozny, B., Elkan, C. (2002). Transforming classifier scores into accurate multiclass
        probability estimates. KDD. doi:10.1145/775047.775151. Brown, L., Cai, T., DasGupta, A.
        (2001). Interval estimation for a binomial proportion. Statistical Science 16(2).
        """
        from sklearn.isotonic import IsotonicRegression

        if len(won) < _FEWEST_IN_ALL or won.sum() < _FEWEST_WINS:
            return None
        order = np.argsort(log_odds, kind="stable")
        bins = np.array_split(order, min(_MOST_BINS, len(order) // _FEWEST_PAIRS))
        size = np.array([len(rows) for rows in bins])
        share = np.array([won[rows].mean() for rows in bins])
        places = np.arange(len(bins))
        pooled = IsotonicRegression().fit(places, share, size).predict(places)
        first = np.flatnonzero(np.diff(pooled, prepend=-1.0) > 0)
        n = np.add.reduceat(size, first)
        wins = np.add.reduceat(size * share, first)
        posterior = beta(wins + 0.5, n - wins + 0.5)
        above = np.array([log_odds[bins[place][0]] for place in first])
        low, high = posterior.ppf(0.05), posterior.ppf(0.95)
        return cls(above, posterior.mean(), low, high, n.astype(np.int64))

    def step(self, log_odds: NDArray[np.float64]) -> NDArray[np.intp]:
        """Index of the step each pair falls into, shape (n_pairs,)."""
        return np.maximum(np.searchsorted(self.above, log_odds, side="right") - 1, 0)
