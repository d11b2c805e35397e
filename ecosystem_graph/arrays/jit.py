"""How the package compiles its loops.

Numba compiles a function once per combination of argument types, and takes a number written in the
code for a type of its own. So loops count from ``np.int64(0)`` where the count is passed on, and
pass columns on as int64: each function is then compiled once.
"""

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function with numba; the machine code is cached on disk where that is possible."""
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
