"""Additive logistic regression with signs, a prior and clustered standard errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Logit:
    """Log-odds of an outcome as an intercept plus a weighted sum of terms.

    Attributes
    ----------
    names : tuple of str
        Terms.
    coefficients : ndarray of shape (n_terms,)
        Log-odds per unit of each term.
    intercept : float
        Log-odds where all terms are 0.
    covariance : ndarray of shape (n_terms + 1, n_terms + 1)
        Of the intercept and the coefficients, in this order.
    n : int
        Outcomes it was learnt from; 0 if its numbers are assumptions.
    figures : mapping of str to float
        Measures of its fit on outcomes later than those it was learnt from.
    """

    names: tuple[str, ...]
    coefficients: Floats
    intercept: float
    covariance: Floats
    n: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.names)
        if self.coefficients.shape != (n,) or self.covariance.shape != (n + 1, n + 1):
            raise ValueError(f"{n} terms need {n} coefficients and {n + 1} x {n + 1} covariances")

    @classmethod
    def assumed(cls, terms: Mapping[str, tuple[float, float]], intercept: float) -> Self:
        """Weights that are stated, with the standard deviation of each as its uncertainty.

        Examples
        --------
        >>> Logit.assumed({"covered": (2.0, 0.5)}, intercept=-1.0).standard_errors
        array([0.5])
        """
        weights = np.array([weight for weight, _ in terms.values()])
        spread = np.array([0.0, *(deviation for _, deviation in terms.values())])
        return cls(tuple(terms), weights, intercept, np.diag(spread**2))

    @property
    def learnt(self) -> bool:
        """Whether the numbers were learnt from outcomes rather than assumed."""
        return self.n > 0

    @property
    def standard_errors(self) -> Floats:
        """Of the coefficients, shape (n_terms,)."""
        errors: Floats = np.sqrt(np.maximum(np.diag(self.covariance)[1:], 0.0))
        return errors

    def weight(self, name: str) -> float:
        """Coefficient of a term; 0 for a term it does not have."""
        return float(self.coefficients[self.names.index(name)]) if name in self.names else 0.0

    def probability(self, x: Floats) -> Floats:
        """Probability of the outcome, 0..1, by the terms of each row, (n_rows, n_terms)."""
        chance: Floats = expit(self.intercept + x @ self.coefficients)
        return chance


@dataclass(frozen=True, eq=False, slots=True)
class Prior:
    """What is known of the coefficients of a regression before any outcome.

    Attributes
    ----------
    mean, deviation : ndarray of shape (n_terms,)
        Normal prior of each coefficient.
    sign : ndarray of int, shape (n_terms,)
        1 or -1 where a coefficient must not be of the other sign, else 0.
    """

    mean: Floats
    deviation: Floats
    sign: NDArray[np.int64]


def fit_logit(
    x: Floats, outcome: NDArray[np.bool_], prior: Prior, clusters: NDArray[np.integer]
) -> tuple[float, Floats, Floats]:
    """Intercept and coefficients of greatest posterior density, and their covariance.

    Parameters
    ----------
    x : ndarray of shape (n_rows, n_terms)
    outcome : ndarray of bool, shape (n_rows,)
    prior : Prior
        The intercept has none.
    clusters : ndarray of int, shape (n_rows,)
        Rows of one cluster may depend on each other.

    Returns
    -------
    tuple of (float, ndarray of shape (n_terms,), ndarray of shape (n_terms + 1, n_terms + 1))
        The covariance is the sandwich estimate by clusters; a coefficient that its sign holds at 0
        is taken as free there.

    References
    ----------
    Liang, K.-Y., Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models.
    Biometrika 73(1). doi:10.1093/biomet/73.1.13

    Examples
    --------
    >>> x, won = np.repeat([[0.0], [1.0]], 200, axis=0), np.arange(400) % 4 == 0
    >>> won[200:] = np.arange(200) % 2 == 0
    >>> flat = Prior(np.zeros(1), np.full(1, 1e3), np.zeros(1, dtype=np.int64))
    >>> intercept, (slope,), _ = fit_logit(x, won, flat, np.arange(400))
    >>> round(intercept, 3), round(float(slope), 3)  # log(1/3), and log(1) - log(1/3)
    (-1.099, 1.099)
    """
    design = np.column_stack([np.ones(len(x)), x])
    mean = np.concatenate([[0.0], prior.mean])
    precision = np.concatenate([[0.0], prior.deviation**-2.0])

    def loss(b: Floats) -> tuple[float, Floats]:
        u = design @ b
        value = np.logaddexp(0.0, u).sum() - u[outcome].sum()
        value += 0.5 * float(precision @ (b - mean) ** 2)
        return float(value), design.T @ (expit(u) - outcome) + precision * (b - mean)

    bounds = [(0.0 if one > 0 else None, 0.0 if one < 0 else None) for one in prior.sign]
    start = mean.copy()
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *bounds],
        options={"maxiter": 1_000, "ftol": 1e-12, "gtol": 1e-7},
    )
    chance = expit(design @ found.x)
    bread = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(precision)
    slopes = design * (outcome - chance)[:, None]
    _, cluster = np.unique(clusters, return_inverse=True)
    summed = np.zeros((int(cluster.max(initial=-1)) + 1, design.shape[1]))
    np.add.at(summed, cluster, slopes)
    inverse = np.linalg.pinv(bread)
    covariance = inverse @ (summed.T @ summed + np.diag(precision)) @ inverse
    return float(found.x[0]), found.x[1:], covariance
