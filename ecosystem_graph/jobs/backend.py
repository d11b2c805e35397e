"""Where the shards of a run are computed: in this process, or by a joblib backend."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.parallel import BACKENDS, EXTERNAL_BACKENDS

from ecosystem_graph.arrays.store import opened
from ecosystem_graph.errors import OutputError

#: Name of the backend that is this process, on all its cores.
THREADS = "threads"

#: Joblib backends that return no results before the end, or that fork processes.
_UNFIT = {None, "multiprocessing"}

_PACKAGE = "ecosystem-graph"

_OPENING = Lock()


@dataclass(frozen=True, slots=True)
class Backend:
    """Where the shards of a run are computed.

    Attributes
    ----------
    backend : str
        ``threads`` for this process, or one that joblib knows, such as ``loky`` for processes on
        this machine and ``dask`` for a cluster.
    scheduler : str or None
        Address of the cluster's scheduler, where the backend has one.
    shared : Path or None
        A folder that all workers can reach, if they cannot reach the folder beside the run; it
        gets the arrays for workers and the finished shards.

    Raises
    ------
    ValueError
        If joblib knows no such backend, or a scheduler is given for a backend without one.
    """

    backend: str = THREADS
    scheduler: str | None = None
    shared: Path | None = None

    def __post_init__(self) -> None:
        known = sorted({THREADS, *BACKENDS, *EXTERNAL_BACKENDS} - _UNFIT)
        if self.backend not in known:
            raise ValueError(f"backend must be one of {', '.join(known)}. Got {self.backend!r}.")
        if self.scheduler is not None and self.backend != "dask":
            raise ValueError(f"scheduler is for the backend dask. Got it with {self.backend!r}.")

    @property
    def here(self) -> bool:
        """Whether this process computes all shards."""
        return self.backend == THREADS

    def each(
        self, stored: Path, work: Callable[[Any, int], None], numbers: Sequence[int]
    ) -> Iterator[int]:
        """Compute shards; yields the number of each as it is finished, in any order.

        Parameters
        ----------
        stored : Path
            A store of the :class:`~ecosystem_graph.jobs.shards.Shards`.
        work : callable
            Called for each with the shards and its number.
        numbers : sequence of int

        Raises
        ------
        OutputError
            If the backend cannot be reached, or its workers have another version installed.
        """
        reached: dict[str, Any] = {"backend": self.backend}
        if self.scheduler is not None:
            reached["scheduler_host"] = self.scheduler
        try:
            configured = parallel_config(**reached, n_jobs=-1)
        except (OSError, ValueError, ImportError) as error:
            raise OutputError(
                f"cannot reach the backend {self.backend}: {error} Check the address of its "
                "scheduler, and that ecosystem-graph[cluster] is installed."
            ) from error
        try:
            if self.scheduler is not None:
                check_versions(configured.parallel_config["backend"].client)
            with configured:
                yield from Parallel(
                    return_as="generator_unordered", batch_size=1, pre_dispatch="all"
                )(delayed(_computed)(str(stored), work, number) for number in numbers)
        finally:
            if self.scheduler is not None:  # nothing else closes the client
                configured.parallel_config["backend"].client.close()


def check_versions(client: Any) -> None:
    """Refuse workers of another version, which could not open the stored arrays."""
    ours = version(_PACKAGE)
    installed = client.run(version, _PACKAGE, on_error="return")
    others = {worker: found for worker, found in installed.items() if found != ours}
    if others:
        lines = [
            f"  {worker}: {'not installed' if isinstance(found, Exception) else found}"
            for worker, found in sorted(others.items())
        ]
        raise OutputError(
            f"workers must have {_PACKAGE} {ours} installed, as it is here. Got\n"
            + "\n".join(lines)
            + f"\nInstall {_PACKAGE}=={ours} on them."
        )


def _computed(stored: str, work: Callable[[Any, int], None], number: int) -> int:
    """Compute a shard in a worker; the result is in the shard's file."""
    work(opened_once(stored), number)
    return number


def opened_once(folder: str) -> Any:
    """A store, opened once in each process."""
    with _OPENING:
        return _kept_open(folder)


@lru_cache(maxsize=4)
def _kept_open(folder: str) -> Any:
    return opened(Path(folder))
