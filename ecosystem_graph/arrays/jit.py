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


def check_alike(what: str, *sizes: int) -> None:
    """Refuse sizes that differ: a compiled loop would read and write beyond the end of an array.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_alike("rows of both", 3, 3)
    """
    if len(set(sizes)) > 1:
        raise ValueError(f"{what} must be equally many. Got {', '.join(map(str, sizes))}.")


def parts(
    matrix: csr_array,
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.uint32], NDArray[np.float64]]:
    """Row pointers, column indices and values of a sparse array, in one set of types.

    Nothing is copied of an array that is tidy (:func:`~ecosystem_graph.arrays.csr.tidy`).
    Indices are unsigned: a loop then need not ask of each whether it counts from the end, which
    takes half the time of most.
    """
    narrow = matrix.nnz < np.iinfo(np.int32).max
    signed, unsigned = (np.int32, np.uint32) if narrow else (np.int64, np.uint64)
    return (
        matrix.indptr.astype(signed, copy=False).view(unsigned),
        matrix.indices.astype(np.int32, copy=False).view(np.uint32),
        matrix.data.astype(np.float64, copy=False),
    )
