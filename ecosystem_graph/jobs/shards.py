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
    read_usual,
    write_lists,
    write_part,
)
from ecosystem_graph.jobs.stages import Stages
from ecosystem_graph.lists.builder import ListMaker
from ecosystem_graph.lists.ranked_lists import RankedLists

#: Partners that are gone through to see what is needed.
_FEW = 8

#: Partners whose rows are told together: many, for part of it takes as long for any number.
_TOLD_TOGETHER = 1_024

#: Told how many more partners are done.
Progress = Callable[[int], object]


@dataclass(frozen=True, eq=False)
class Shards:
    """The partners of a run in shards, and where what is known of each is kept.

    Attributes
    ----------
    lists : ListMaker
    k : int
        Length of a list.
    sources : ndarray of shape (n_sources,)
        Positions of the partners that get a list, in order.
    folder : Path
        Gets `lists` (lists in positions), `settled` (the same once places are shared out) and
        `told` (finished rows), a file per shard each.
    size : int
        Partners in a shard.
    """

    lists: ListMaker
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
        """Where a shard's `lists`, `settled` or `told` are kept."""
        return self.folder / what / f"{number:05}.{'arrow' if what == 'told' else 'npz'}"

    def files(self, what: str) -> list[Path]:
        """The files of all shards, in order."""
        return [self.file(what, number) for number in range(len(self))]

    def missing(self, what: str) -> list[int]:
        """Shards without such a file so far."""
        return [number for number in range(len(self)) if not self.file(what, number).exists()]

    def rank(self, number: int, progress: Progress | None = None) -> None:
        """Make the lists of a shard, or the pools they are settled from."""
        partners = self.partners(number)
        lists = RankedLists.joined(self.lists.pools(partners, self.k, progress))
        scorers = self.lists.scorers if self.lists.calibrated else {}
        usual = {task: scorer.lists(partners) for task, scorer in scorers.items()}
        write_lists(self.file("lists", number), lists, usual)

    def remember(self, number: int) -> None:
        """Take up what an earlier process learnt of the lists of a shard."""
        for task, scale in read_usual(self.file("lists", number)).items():
            self.lists.scorers[task].usual.add(scale, scale.sources)

    def settle(self) -> dict[str, Any] | None:
        """Share out places over the lists of all shards, if asked to; give an account of it."""
        if not self.lists.shares_out:
            return None
        lists, account = self.lists.settled(read_lists(*self.files("lists")), self.k)
        for number in range(len(self)):
            begin, end = np.searchsorted(lists.sources, self._bounds(number))
            part = lists.chosen(slice(int(begin), int(end)))
            write_lists(self.file("settled", number), part, {})
        return account

    def tell(self, number: int, progress: Progress | None = None) -> None:
        """Write the finished rows of a shard."""
        lists = read_lists(self.file(self.final, number))
        write_part(self.file("told", number), self.lists.told(lists.parts(_TOLD_TOGETHER)))
        if progress is not None:
            progress(len(self.partners(number)))

    @property
    def published(self) -> Path:
        """Store of all that other processes need to work on shards."""
        return self.folder / "published"

    def publish(self) -> None:
        """Put all that other processes need where they can open it.

        What a shard touches is worked out by going through a few partners first: it is kept with
        what it was worked out from, so that nobody works it out again.
        """
        if is_whole(self.published):
            return
        self.lists.told(self.lists.pools(self.sources[:_FEW], self.k))
        put(self, self.published)

    def publish_usual(self) -> None:
        """Put what is usual in all lists where other processes can open it."""
        if self.lists.calibrated and not is_whole(self._usual):
            scorers = self.lists.scorers
            put({task: scorer.usual for task, scorer in scorers.items()}, self._usual)

    def tell_elsewhere(self, number: int) -> None:
        """Write the finished rows of a shard in a process that has not ranked them all."""
        if self.lists.calibrated:
            for task, known in opened_once(str(self._usual)).items():
                self.lists.scorers[task].usual = known
        self.tell(number)

    @property
    def _usual(self) -> Path:
        return self.folder / "usual"

    @property
    def final(self) -> str:
        """Which of the files hold the lists as they will be."""
        return "settled" if self.lists.shares_out else "lists"

    def finished(self) -> RankedLists:
        """The finished lists of the whole run."""
        return read_lists(*self.files(self.final))

    def _bounds(self, number: int) -> NDArray[np.intp]:
        partners = self.partners(number)
        return np.array([partners[0], partners[-1] + 1]) if len(partners) else np.zeros(2, np.intp)


def finished_lists(shards: Shards, crew: Backend, stages: Stages) -> dict[str, Any] | None:
    """Bring every shard to its end, from wherever an earlier run left it.

    Parameters
    ----------
    shards : Shards
    crew : Backend
        Who works on them.
    stages : Stages

    Returns
    -------
    dict or None
        What capacities made of the lists; None where nobody is limited.
    """
    ranked_here = shards.missing("lists") if crew.here else []
    if not crew.here and shards.missing("told"):
        stages("publishing")
        shards.publish()
    _work_off(shards, "lists", "rank", crew, stages)
    for number in set(range(len(shards))).difference(ranked_here):
        shards.remember(number)
    if shards.lists.shares_out:
        stages("sharing out places")
    account = shards.settle()
    if not crew.here and shards.missing("told"):
        stages("publishing what is usual")
        shards.publish_usual()
    _work_off(shards, "told", "tell", crew, stages)
    return account


def _work_off(shards: Shards, what: str, work: str, crew: Backend, stages: Stages) -> None:
    """Do a piece of work on all shards that have nothing to show for it yet."""
    stage, total = f"{work}ing", len(shards.sources)
    stages(stage)
    missing = shards.missing(what)
    there = total - sum(len(shards.partners(number)) for number in missing)
    if there:
        stages(stage, there, total)
    if crew.here:
        for number in missing:
            getattr(shards, work)(number, lambda done: stages(stage, done, total))
    else:
        elsewhere = "tell_elsewhere" if work == "tell" else work
        for number in crew.each(shards.published, elsewhere, missing):
            stages(stage, len(shards.partners(number)), total)
    stages.rows = total
