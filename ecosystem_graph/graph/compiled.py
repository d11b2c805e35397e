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


def parts(
    matrix: csr_array,
) -> tuple[NDArray[np.integer], NDArray[np.int32], NDArray[np.float64]]:
    """Row pointers, column indices and values of a sparse array, in one set of types.

    Nothing is copied of an array that is tidy (:func:`~ecosystem_graph.graph.sparse.tidy`).
    """
    narrow = np.int32 if matrix.nnz < np.iinfo(np.int32).max else np.int64
    return (
        matrix.indptr.astype(narrow, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.float64, copy=False),
    )
