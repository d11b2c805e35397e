"""Work arrays of compiled loops, kept from one call to the next."""

import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_ARRAYS = threading.local()


def zeros(name: str, n: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Array of n zeros that belongs to this thread; the caller leaves zeros in it again.

    A loop over a few hundred partners that needs an entry for each of a million would spend most
    of its time allocating them.

    Parameters
    ----------
    name : str
        Purpose: a loop that needs several arrays asks for each under another name.
    n : int
    dtype : numpy dtype, default float64

    Returns
    -------
    ndarray of shape (n,)

    Examples
    --------
    >>> zeros("seen", 3, bool) is zeros("seen", 3, bool)
    True
    """
    arrays: dict[str, NDArray[Any]] = _ARRAYS.__dict__
    key = f"{name} {np.dtype(dtype)}"
    array = arrays.get(key)
    if array is None or len(array) != n:
        array = arrays[key] = np.zeros(n, dtype=dtype)
    return array
