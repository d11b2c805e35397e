"""Whether predicted probabilities match the observed share of joint wins."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of similar probability: the mean predicted, the share observed, and their number."""

    predicted: float
    observed: float
    n: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Predicted probabilities beside the joint wins observed.

    Attributes
    ----------
    n : int
        Pairs.
    predicted, observed : float
        Mean probability, and share of the pairs that won together, 0..1.
    ece : float
        Expected calibration error: mean distance of the two over bins of as many pairs, 0..1.
    brier, brier_constant : float
        Mean squared error, and that of predicting the observed share for every pair.
    slope : float
        Of a logistic regression of the wins on the predicted log-odds: 1 is right, below 1 is
        overconfident, above 1 underconfident.
    bins : tuple of Bin
        The reliability curve.
    """

    n: int
    predicted: float
    observed: float
    ece: float
    brier: float
    brier_constant: float
    slope: float
    bins: tuple[Bin, ...]


def reliability(
    probability: NDArray[np.float64], won: NDArray[np.bool_], n_bins: int = 10
) -> Reliability | None:
    """Compare probabilities with the joint wins observed.

    Parameters
    ----------
    probability : ndarray of shape (n_pairs,)
        Above 0 and below 1.
    won : ndarray of bool, shape (n_pairs,)
    n_bins : int, default 10

    Returns
    -------
    Reliability or None
        None where all or none won.

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika
    45(3-4). Naeini, M. P., Cooper, G., Hauskrecht, M. (2015). Obtaining well calibrated
    probabilities using Bayesian binning. AAAI.

    Examples
    --------
    Half of the pairs are given 20 % and half 60 %; 20 % and 80 % of them win.

    >>> probability = np.repeat([0.2, 0.6], 10)
    >>> won = np.repeat([True, False, True, False], [2, 8, 8, 2])
    >>> result = reliability(probability, won, n_bins=2)
    >>> [part.observed for part in result.bins], round(result.ece, 2), round(result.brier, 2)
    ([0.2, 0.8], 0.1, 0.18)
    """
    from sklearn.linear_model import LogisticRegression

    if won.all() or not won.any():
        return None
    order = np.argsort(probability, kind="stable")
    rows = [part for part in np.array_split(order, n_bins) if len(part)]
    bins = tuple(
        Bin(float(probability[part].mean()), float(won[part].mean()), len(part)) for part in rows
    )
    log_odds = np.log(probability / (1 - probability)).reshape(-1, 1)
    steady = LogisticRegression(C=1e6, max_iter=1_000).fit(log_odds, won)
    share = float(won.mean())
    return Reliability(
        n=len(won),
        predicted=float(probability.mean()),
        observed=share,
        ece=float(sum(part.n * abs(part.predicted - part.observed) for part in bins) / len(won)),
        brier=float(((probability - won) ** 2).mean()),
        brier_constant=share * (1 - share),
        slope=float(steady.coef_[0, 0]),
        bins=bins,
    )
