"""Small formulas over plain vectors: decay by age, and where runs of equal values start."""

import numpy as np
from numpy.typing import NDArray


def decay(age_days: NDArray[np.float64], half_life_days: float) -> NDArray[np.float64]:
    """Share that is left of events after their age: ``2 ** (-age_days / half_life_days)``, 0..1.

    Parameters
    ----------
    age_days : ndarray of shape (n_events,)
        Days, >= 0.
    half_life_days : float
        Days after which half is left, > 0.

    Returns
    -------
    ndarray of shape (n_events,)

    Raises
    ------
    ValueError
        If the half-life is not positive and finite.

    Examples
    --------
    >>> decay(np.array([0.0, 540.0, 1080.0]), half_life_days=540.0)
    array([1.  , 0.5 , 0.25])
    """
    if not 0 < half_life_days < np.inf:
        raise ValueError(f"half_life_days must be positive and finite. Got {half_life_days!r}.")
    left: NDArray[np.float64] = np.exp2(-age_days / half_life_days)
    return left


def run_starts(values: NDArray[np.integer]) -> NDArray[np.intp]:
    """Index at which each run of equal values starts, shape (n_runs,).

    Parameters
    ----------
    values : ndarray of int, shape (n_values,)
        >= 0.

    Examples
    --------
    >>> run_starts(np.array([4, 4, 7, 4]))
    array([0, 2, 3])
    """
    return np.flatnonzero(np.diff(values, prepend=-1))
