"""A run in shards of partners, each stored as it is finished."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.store import is_whole, put
from ecosystem_graph.jobs.backend import Backend, opened_once
from ecosystem_graph.jobs.shard_files import (
    read_lists,
    read_references,
    write_lists,
    write_part,
)
from ecosystem_graph.jobs.stages import Stages
from ecosystem_graph.lists.builder import Done, ListBuilder
from ecosystem_graph.lists.listing import allocation_summary, described, is_calibrated
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking import Scorer

#: Partners ranked before storing, so that derived data for workers exists.
_FEW = 8

#: Partners whose rows are described together: many, because part of the cost is fixed.
_TOGETHER = 1_024


@dataclass(frozen=True, eq=False)
class Shards:
    """The partners of a run in shards, and the files of each shard.

    Attributes
    ----------
    builder : ListBuilder
    k : int
        Length of a list.
    sources : ndarray of shape (n_sources,)
        Positions of the partners that get a list, in order.
    folder : Path
        Holds `lists` (lists in positions), `settled` (the lists after allocation) and `rows`
        (finished rows), each with one file per shard.
    size : int
        Partners in a shard.
    """

    builder: ListBuilder
    k: int
    sources: NDArray[np.intp]
    folder: Path
    size: int

    def __len__(self) -> int:
        return max(1, -(-len(self.sources) // self.size))

    def partners(self, number: int) -> NDArray[np.intp]:
        """Positions of the partners of a shard."""
        return self.sources[number * self.size : (number + 1) * self.size]

    def file(self, what: str, number: int) -> Path:
        """Path of a shard's `lists`, `settled` or `rows`."""
        return self.folder / what / f"{number:05}.{'arrow' if what == 'rows' else 'npz'}"

    def files(self, what: str) -> list[Path]:
        """The files of all shards, in order."""
        return [self.file(what, number) for number in range(len(self))]

    def missing(self, what: str) -> list[int]:
        """Numbers of the shards without such a file."""
        return [number for number in range(len(self)) if not self.file(what, number).exists()]

    def rank(self, number: int, done: Done | None = None) -> None:
        """Make the lists of a shard, or the pools they are allocated from."""
        partners = self.partners(number)
        lists = RankedLists.joined(self.builder.pools(partners, self.k, done))
        references = {}
        if is_calibrated(self.builder):
            references = {task: scorer.lists(partners) for task, scorer in self._scorers.items()}
        write_lists(self.file("lists", number), lists, references)

    def remember(self, number: int) -> None:
        """Load the reference distributions that an earlier process stored for a shard."""
        for task, scale in read_references(self.file("lists", number)).items():
            self._scorers[task].list_scales.add(scale, scale.sources)

    def settle(self) -> dict[str, Any] | None:
        """Allocate over the lists of all shards, if needed; returns a summary of the allocation."""
        if not self.builder.allocates_jointly:
            return None
        pool = read_lists(*self.files("lists"))
        lists, allocation = self.builder.settled(pool, self.k)
        for number in range(len(self)):
            begin, end = np.searchsorted(lists.sources, self._bounds(number))
            part = lists.chosen(slice(int(begin), int(end)))
            write_lists(self.file("settled", number), part, {})
        return allocation_summary(self.builder, allocation)

    def describe(self, number: int, done: Done | None = None) -> None:
        """Write the finished rows of a shard."""
        lists = read_lists(self.file(self.final, number))
        rows = described(self.builder, lists.parts(_TOGETHER))
        write_part(self.file("rows", number), rows)
        if done is not None:
            done(len(self.partners(number)))

    @property
    def stored(self) -> Path:
        """Store of everything that other processes need to compute shards."""
        return self.folder / "stored"

    def store(self) -> None:
        """Store everything that other processes need, for them to open.

        A few partners are ranked first, so that the features that shards use are computed once
        and stored with the graph.
        """
        if is_whole(self.stored):
            return
        described(self.builder, self.builder.pools(self.sources[:_FEW], self.k))
        put(self, self.stored)

    def store_references(self) -> None:
        """Store the reference distributions of all lists, for other processes to open."""
        if is_calibrated(self.builder) and not is_whole(self._references):
            put({task: one.list_scales for task, one in self._scorers.items()}, self._references)

    def take_references(self) -> None:
        """Load the reference distributions of all lists, in a process that made only some."""
        if is_calibrated(self.builder):
            for task, known in opened_once(str(self._references)).items():
                self._scorers[task].list_scales = known

    @property
    def _scorers(self) -> dict[str, Scorer]:
        scorers = self.builder.scorers.items()
        return {task: scorer for task, scorer in scorers if isinstance(scorer, Scorer)}

    @property
    def _references(self) -> Path:
        return self.folder / "references"

    @property
    def final(self) -> str:
        """Kind of the files that hold the final lists."""
        return "settled" if self.builder.allocates_jointly else "lists"

    def finished(self) -> RankedLists:
        """The finished lists of the whole run."""
        return read_lists(*self.files(self.final))

    def _bounds(self, number: int) -> NDArray[np.intp]:
        partners = self.partners(number)
        return np.array([partners[0], partners[-1] + 1]) if len(partners) else np.zeros(2, np.intp)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is done for every shard.

    Attributes
    ----------
    stage : str
        Name of its stage in timings.json.
    gives : str
        Kind of the file that each shard has once the step is done.
    here : callable
        Does the step in this process; called with shards, number, and a callback for progress.
    elsewhere : callable
        Does the step in a worker; called with shards and number.
    """

    stage: str
    gives: str
    here: Callable[[Shards, int, Done], None]
    elsewhere: Callable[[Shards, int], None]


def _rank(shards: Shards, number: int, done: Done | None = None) -> None:
    shards.rank(number, done)


def _describe(shards: Shards, number: int, done: Done) -> None:
    shards.describe(number, done)


def _describe_elsewhere(shards: Shards, number: int) -> None:
    shards.take_references()
    shards.describe(number)


RANKING = Step("ranking", "lists", _rank, _rank)
DESCRIBING = Step("describing", "rows", _describe, _describe_elsewhere)


def finished_lists(shards: Shards, backend: Backend, stages: Stages) -> dict[str, Any] | None:
    """Finish every shard, from the state an earlier run left.

    Parameters
    ----------
    shards : Shards
    backend : Backend
        Where shards are computed.
    stages : Stages

    Returns
    -------
    dict or None
        Effect of capacities on the lists; None if no capacity applies.
    """
    ranked_here = shards.missing("lists") if backend.here else []
    elsewhere = not backend.here and bool(shards.missing("rows"))
    if elsewhere:
        stages("storing for workers")
        shards.store()
    _do(shards, RANKING, backend, stages)
    for number in set(range(len(shards))).difference(ranked_here):
        shards.remember(number)
    if shards.builder.allocates_jointly:
        stages("allocating")
    summary = shards.settle()
    if elsewhere:
        stages("storing references for workers")
        shards.store_references()
    _do(shards, DESCRIBING, backend, stages)
    return summary


def _do(shards: Shards, step: Step, backend: Backend, stages: Stages) -> None:
    """Do a step for all shards that lack its file."""
    stage, total = step.stage, len(shards.sources)
    stages(stage)
    missing = shards.missing(step.gives)
    finished = total - sum(len(shards.partners(number)) for number in missing)
    if finished:
        stages(stage, finished, total)
    if backend.here:
        for number in missing:
            step.here(shards, number, lambda done: stages(stage, done, total))
    else:
        for number in backend.each(shards.stored, step.elsewhere, missing):
            stages(stage, len(shards.partners(number)), total)
    stages.rows = total
