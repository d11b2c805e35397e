"""Stages of a job: duration and peak memory of each."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Event, Thread
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import psutil

from ecosystem_graph.progress import Progress

#: Seconds between two measurements of memory.
_BETWEEN = 0.25


@dataclass(frozen=True, slots=True)
class Stage:
    """Measurements of a finished stage.

    Attributes
    ----------
    name : str
    seconds : float
        Wall time.
    peak_memory_bytes : int
        Peak memory of this process and its children together.
    rows : int or None
        Number of rows the stage processed or produced, if it can be counted.
    """

    name: str
    seconds: float
    peak_memory_bytes: int
    rows: int | None


class Stages:
    """Measures consecutive stages: each begins when the one before it ends.

    Parameters
    ----------
    progress : callable, optional
        Called ``progress(stage)`` when a stage begins, and ``progress(stage, done, total)`` with
        the number of finished steps and of all steps.
    finished : callable, optional
        Called with each :class:`Stage` when it ends.

    Attributes
    ----------
    done : list of Stage

    Examples
    --------
    >>> with Stages() as stages:
    ...     stages("counting")
    ...     stages.rows = 3
    >>> [(stage.name, stage.rows) for stage in stages.done]
    [('counting', 3)]
    """

    def __init__(
        self,
        progress: Callable[..., object] | None = None,
        finished: Callable[[Stage], object] | None = None,
    ) -> None:
        self.progress = progress or (lambda *_: None)
        self.finished = finished or (lambda _: None)
        self.done: list[Stage] = []
        self.rows: int | None = None
        self._name: str | None = None
        self._reached = 0
        self._started = 0.0
        self._peak = _Peak()

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Begin a stage, which ends the one before, or report `done` more steps of it."""
        if stage != self._name:
            self.end()
            self._name, self._started, self._peak = stage, perf_counter(), _Peak()
            self._reached = 0
            self._peak.start()
        if total:
            self._reached += done
            self.progress(stage, self._reached, total)
        else:
            self.progress(stage)

    def end(self) -> None:
        """End the current stage, if there is one."""
        if self._name is None:
            return
        seconds = perf_counter() - self._started
        stage = Stage(self._name, seconds, self._peak.stop(), self.rows)
        self._name, self.rows = None, None
        self.done.append(stage)
        self.finished(stage)

    def summary(self) -> dict[str, dict[str, Any]]:
        """Measurements of each finished stage, by its name: the content of timings.json."""
        summary = {}
        for stage in self.done:
            facts = {**asdict(stage), "seconds": round(stage.seconds, 3)}
            summary[str(facts.pop("name"))] = facts
        return summary

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.end()
        else:
            self._peak.stop()


def measured(progress: Progress) -> Stages:
    """The stages of a job: the caller's :class:`Stages`, or new ones around a callback.

    Parameters
    ----------
    progress : Progress
        Callback for stages; a :class:`Stages` is returned as it is.
    """
    return progress if isinstance(progress, Stages) else Stages(progress)


class _Peak:
    """Peak memory between start and stop."""

    def __init__(self) -> None:
        self._most, self._stopped = 0, Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._look()
        self._thread.start()

    def stop(self) -> int:
        if not self._stopped.is_set() and self._thread.is_alive():
            self._stopped.set()
            self._thread.join()
            self._look()
        return self._most

    def _watch(self) -> None:
        while not self._stopped.wait(_BETWEEN):
            self._look()

    def _look(self) -> None:
        self._most = max(self._most, memory_of_all_processes())


def memory_of_all_processes() -> int:
    """Memory of this process and its children, in bytes; shared memory counts once.

    A page that several processes share is divided among them where the platform supports it
    (proportional set size, on Linux); elsewhere it counts for each process.
    """
    here = psutil.Process()
    children = here.children(recursive=True)
    if not children:
        return int(here.memory_info().rss)
    return sum(_share(process) for process in (here, *children))


def _share(process: psutil.Process) -> int:
    """Memory of one process, in bytes; 0 if it has ended."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "pss", memory.rss))
