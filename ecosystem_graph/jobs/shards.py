"""A run in shards of partners, each kept as it is finished."""

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

#: Partners that are gone through to see what workers need.
_FEW = 8

#: Partners whose rows are described together: many, for part of it takes as long for any number.
_TOGETHER = 1_024


@dataclass(frozen=True, eq=False)
class Shards:
    """The partners of a run in shards, and where what is known of each is kept.

    Attributes
    ----------
    builder : ListBuilder
    k : int
        Length of a list.
    sources : ndarray of shape (n_sources,)
        Positions of the partners that get a list, in order.
    folder : Path
        Gets `lists` (lists in positions), `settled` (the same once places are shared out) and
        `rows` (finished rows), a file per shard each.
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
        """Where a shard's `lists`, `settled` or `rows` are kept."""
        return self.folder / what / f"{number:05}.{'arrow' if what == 'rows' else 'npz'}"

    def files(self, what: str) -> list[Path]:
        """The files of all shards, in order."""
        return [self.file(what, number) for number in range(len(self))]

    def missing(self, what: str) -> list[int]:
        """Shards without such a file so far."""
        return [number for number in range(len(self)) if not self.file(what, number).exists()]

    def rank(self, number: int, done: Done | None = None) -> None:
        """Make the lists of a shard, or the pools they are settled from."""
        partners = self.partners(number)
        lists = RankedLists.joined(self.builder.pools(partners, self.k, done))
        references = {}
        if is_calibrated(self.builder):
            references = {task: scorer.lists(partners) for task, scorer in self._scorers.items()}
        write_lists(self.file("lists", number), lists, references)

    def remember(self, number: int) -> None:
        """Take up the reference distributions an earlier process found for a shard."""
        for task, scale in read_references(self.file("lists", number)).items():
            self._scorers[task].list_scales.add(scale, scale.sources)

    def settle(self) -> dict[str, Any] | None:
        """Share out places over the lists of all shards, if asked to; give a summary of it."""
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
        """Store of all that other processes need to work on shards."""
        return self.folder / "stored"

    def store(self) -> None:
        """Put all that other processes need where they can open it.

        What a shard touches is worked out by going through a few partners first: it is kept with
        what it was worked out from, so that nobody works it out again.
        """
        if is_whole(self.stored):
            return
        described(self.builder, self.builder.pools(self.sources[:_FEW], self.k))
        put(self, self.stored)

    def store_references(self) -> None:
        """Put the reference distributions of all lists where other processes can open them."""
        if is_calibrated(self.builder) and not is_whole(self._references):
            put({task: one.list_scales for task, one in self._scorers.items()}, self._references)

    def take_references(self) -> None:
        """Take up the reference distributions of all lists, in a process that made only some."""
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
        """Which of the files hold the lists as they will be."""
        return "settled" if self.builder.allocates_jointly else "lists"

    def finished(self) -> RankedLists:
        """The finished lists of the whole run."""
        return read_lists(*self.files(self.final))

    def _bounds(self, number: int) -> NDArray[np.intp]:
        partners = self.partners(number)
        return np.array([partners[0], partners[-1] + 1]) if len(partners) else np.zeros(2, np.intp)


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work on every shard.

    Attributes
    ----------
    stage : str
        Its name in timings.json.
    gives : str
        The file that each shard has once it is done.
    here : callable
        Does it in this process: shards, number, what to call with partners done.
    elsewhere : callable
        Does it in a process of a backend's: shards, number.
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
    """Bring every shard to its end, from wherever an earlier run left it.

    Parameters
    ----------
    shards : Shards
    backend : Backend
        Where they are worked on.
    stages : Stages

    Returns
    -------
    dict or None
        What capacities made of the lists; None where nobody is limited.
    """
    ranked_here = shards.missing("lists") if backend.here else []
    elsewhere = not backend.here and bool(shards.missing("rows"))
    if elsewhere:
        stages("storing for workers")
        shards.store()
    _work_off(shards, RANKING, backend, stages)
    for number in set(range(len(shards))).difference(ranked_here):
        shards.remember(number)
    if shards.builder.allocates_jointly:
        stages("allocating")
    summary = shards.settle()
    if elsewhere:
        stages("storing references for workers")
        shards.store_references()
    _work_off(shards, DESCRIBING, backend, stages)
    return summary


def _work_off(shards: Shards, step: Step, backend: Backend, stages: Stages) -> None:
    """Do a step on all shards that lack what it gives."""
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
