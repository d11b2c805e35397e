"""Work over many rows in chunks, on every core."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np
from joblib import cpu_count
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Result = TypeVar("Result")

#: Rows of a chunk: enough to be worth a task, few enough to fit in a core's cache.
_CHUNK = 256


def map_chunks(
    work: Callable[[NDArray[np.intp]], Result], rows: NDArray[np.intp], size: int = _CHUNK
) -> Iterator[tuple[NDArray[np.intp], Result]]:
    """Chunks of rows, each with the result of the work on it, in order.

    The work runs in threads: compiled loops and array expressions release the interpreter lock, and
    the arrays they read and fill are shared. BLAS runs single-threaded inside each, since its own
    threads would only compete with these.

    Parameters
    ----------
    work : callable
        Takes the rows of a chunk.
    rows : ndarray of shape (n_rows,)
    size : int, default 256
        Rows in a chunk, >= 1.

    Yields
    ------
    tuple of (ndarray, result)

    Examples
    --------
    >>> [int(total) for _, total in map_chunks(np.sum, np.arange(300))]
    [32640, 12210]
    """
    chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
    if len(chunks) == 1:  # starting threads takes longer than most work on one chunk
        with _libraries().limit(limits=1, user_api="blas"):
            result = work(rows)
        yield rows, result
        return
    threads = ThreadPoolExecutor(max(1, min(cpu_count(), len(chunks))))
    try:
        with _libraries().limit(limits=1, user_api="blas"):
            yield from zip(chunks, threads.map(work, chunks), strict=True)
    finally:
        threads.shutdown(cancel_futures=True)


def at_once(*works: Callable[[], object]) -> None:
    """Call several functions at the same time, each in its own thread with single-threaded BLAS.

    With more threads BLAS would add up in another order and give other last digits.

    Raises
    ------
    Exception
        That of the first function that failed, once all have ended.

    Examples
    --------
    >>> done = set()
    >>> at_once(lambda: done.add("one"), lambda: done.add("other"))
    >>> sorted(done)
    ['one', 'other']
    """
    blas = _libraries().limit(limits=1, user_api="blas")
    with blas, ThreadPoolExecutor(len(works)) as threads:
        for doing in [threads.submit(work) for work in works]:
            doing.result()


@cache
def _libraries() -> ThreadpoolController:
    """The BLAS libraries loaded; looking for them takes longer than most work on a chunk."""
    import scipy.linalg  # noqa: F401  loads its own, which must be found as well

    return ThreadpoolController()
