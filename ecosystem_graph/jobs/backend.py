"""Where the shards of a run are worked on: in this process, or by a backend of joblib."""

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

#: This process, on all its cores.
THREADS = "threads"

#: Backends that give nothing until everything is done, or whose processes are forked.
_UNFIT = {None, "multiprocessing"}

_PACKAGE = "ecosystem-graph"

_OPENING = Lock()


@dataclass(frozen=True, slots=True)
class Backend:
    """Where the shards of a run are worked on.

    Attributes
    ----------
    backend : str
        ``threads`` for this process, or one that joblib knows, such as ``loky`` for processes on
        this machine and ``dask`` for a cluster.
    scheduler : str or None
        Address of the cluster's scheduler, where the backend has one.
    shared : Path or None
        A folder that all workers reach, if the one beside the run's is not; arrays are published
        there, and shards kept.

    Raises
    ------
    ValueError
        If joblib knows no such backend, or a scheduler is named for one that has none.
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
        """Whether this process works alone."""
        return self.backend == THREADS

    def each(
        self, stored: Path, work: Callable[[Any, int], None], numbers: Sequence[int]
    ) -> Iterator[int]:
        """Numbers of shards as they are finished, in any order.

        Parameters
        ----------
        stored : Path
            A store of the :class:`~ecosystem_graph.jobs.shards.Shards`.
        work : callable
            What is done to each, given the shards and a number.
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
                )(delayed(_worked)(str(stored), work, number) for number in numbers)
        finally:
            if self.scheduler is not None:  # nothing else closes the client
                configured.parallel_config["backend"].client.close()


def check_versions(client: Any) -> None:
    """Refuse workers of another version: what was published would not open there."""
    ours = version(_PACKAGE)
    told = client.run(version, _PACKAGE, on_error="return")
    others = {worker: found for worker, found in told.items() if found != ours}
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


def _worked(stored: str, work: Callable[[Any, int], None], number: int) -> int:
    """Work on a shard where the task landed; what it gives is in its file."""
    work(opened_once(stored), number)
    return number


def opened_once(folder: str) -> Any:
    """A store, opened once in each process."""
    with _OPENING:
        return _kept_open(folder)


@lru_cache(maxsize=4)
def _kept_open(folder: str) -> Any:
    return opened(Path(folder))
