"""Work over many partners in shards, on every core."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np
from joblib import cpu_count
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Answer = TypeVar("Answer")

#: Partners worked on together: enough to be worth a task, few enough to fit in a core's cache.
_SHARD = 256


def in_shards(
    work: Callable[[NDArray[np.intp]], Answer], sources: NDArray[np.intp], size: int = _SHARD
) -> Iterator[tuple[NDArray[np.intp], Answer]]:
    """Shards of partners, each with what the work on it gave, in order.

    The work runs in threads: compiled loops and array expressions release the interpreter lock, and
    what they read and fill is shared, whatever backend the shards of a run are spread over.
    The linear algebra inside gets one thread each, for its own would only compete with these.

    Parameters
    ----------
    work : callable
        Takes the positions of a shard.
    sources : ndarray of shape (n_sources,)
    size : int, default 256
        Partners in a shard, >= 1.

    Yields
    ------
    tuple of (ndarray, answer)

    Examples
    --------
    >>> [int(total) for _, total in in_shards(np.sum, np.arange(300))]
    [32640, 12210]
    """
    shards = [sources[start : start + size] for start in range(0, len(sources), size)]
    if len(shards) == 1:  # starting threads takes longer than most work on one shard
        with _libraries().limit(limits=1, user_api="blas"):
            answer = work(sources)
        yield sources, answer
        return
    threads = ThreadPoolExecutor(max(1, min(cpu_count(), len(shards))))
    try:
        with _libraries().limit(limits=1, user_api="blas"):
            yield from zip(shards, threads.map(work, shards), strict=True)
    finally:
        threads.shutdown(cancel_futures=True)


def at_once(*works: Callable[[], object]) -> None:
    """Do several things at the same time, in a thread each, their linear algebra included.

    With more threads it would add up in another order, and give other last digits.

    Raises
    ------
    Exception
        What the first of them that failed raised, when all have ended.

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
    """The linear algebra that is loaded; looking for it takes longer than most work on a shard."""
    import scipy.linalg  # noqa: F401  brings its own, which must be found as well

    return ThreadpoolController()
