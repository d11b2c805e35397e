"""Stages of a job: how long each took, and how much memory at its peak."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Event, Thread
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import psutil

from ecosystem_graph.progress import Progress

#: Seconds between two looks at the memory.
_BETWEEN = 0.25


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that is finished.

    Attributes
    ----------
    name : str
    seconds : float
        Wall time.
    peak_memory_bytes : int
        The most memory seen, of this process and those it started together.
    rows : int or None
        What the stage went through or gave, where that can be counted.
    """

    name: str
    seconds: float
    peak_memory_bytes: int
    rows: int | None


class Stages:
    """Measures stages as they follow each other: one begins where the one before it ends.

    Parameters
    ----------
    progress : callable, optional
        Called ``progress(stage)`` when one begins, ``progress(stage, done, total)`` while one goes
        on: how many steps are done so far, of how many.
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
        """Say that a stage begins, which ends the one before, or that `done` more steps are."""
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
        """End the stage that goes on, if one does."""
        if self._name is None:
            return
        seconds = perf_counter() - self._started
        stage = Stage(self._name, seconds, self._peak.stop(), self.rows)
        self._name, self.rows = None, None
        self.done.append(stage)
        self.finished(stage)

    def summary(self) -> dict[str, dict[str, Any]]:
        """What each finished stage took, by its name: the content of timings.json."""
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
    """Stages that a job is measured by: those the caller measures already, or new ones.

    Parameters
    ----------
    progress : Progress
        What hears of stages; a :class:`Stages` is taken as it is.
    """
    return progress if isinstance(progress, Stages) else Stages(progress)


class _Peak:
    """The most memory seen between start and stop."""

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
    """Memory of this process and those it started, in bytes; what several share counts once.

    A page that several processes share is divided among them where the platform tells
    (proportional set size, on Linux); elsewhere it counts for each.
    """
    here = psutil.Process()
    children = here.children(recursive=True)
    if not children:
        return int(here.memory_info().rss)
    return sum(_share(process) for process in (here, *children))


def _share(process: psutil.Process) -> int:
    """Bytes of one process; 0 if it has ended meanwhile."""
    try:
        told = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(told, "pss", told.rss))
