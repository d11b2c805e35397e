"""Room that compiled loops work in, kept from one call to the next."""

import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_ROOMS = threading.local()


def zeros(name: str, n: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Array of n zeros, this thread's own, to be left as zeros.

    A loop over a few hundred partners that needs a place for each of a million would spend most
    of its time on making room for them.

    Parameters
    ----------
    name : str
        What it is for: a loop that needs several asks for each under another name.
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
    rooms: dict[str, NDArray[Any]] = _ROOMS.__dict__
    key = f"{name} {np.dtype(dtype)}"
    room = rooms.get(key)
    if room is None or len(room) != n:
        room = rooms[key] = np.zeros(n, dtype=dtype)
    return room
