"""How the package compiles its loops, and how sparse arrays reach them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Machine code of a function, kept between runs where there is a place to keep it."""
    try:
        machine_code: Callable[..., Any] = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # neither the package folder nor the user's cache can be written
        machine_code = njit(nogil=True)(function)
    return machine_code


def parts(matrix: csr_array) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Row pointers, column indices and values of a sparse array, in one set of types."""
    return (
        matrix.indptr.astype(np.int64, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.float64, copy=False),
    )
