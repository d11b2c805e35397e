"""One partner's list as it was made, beside all the others."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.lists.builder import ListMaker
from ecosystem_graph.lists.ranked_lists import RankedLists


@dataclass(frozen=True, slots=True)
class MadeList:
    """What became of one collaborator in one partner's list.

    Attributes
    ----------
    run_id : str or None
        Of the run it was made in; None if it was made to answer.
    asked_for : bool
        Whether a list was asked for.
    listed : tuple of str
        Collaborators in it, in order.
    rank : int or None
        The place of the collaborator; None if it is not listed.
    moved_by : tuple of str
        Flags that say what moved it there.
    lists_of_it : int
        Lists the collaborator stands in, of all that were made.
    n_lists : int
        How many were made.
    """

    run_id: str | None
    asked_for: bool
    listed: tuple[str, ...]
    rank: int | None
    moved_by: tuple[str, ...]
    lists_of_it: int
    n_lists: int

    @classmethod
    def made_now(
        cls, lists: ListMaker, sources: NDArray[np.intp], k: int, source: int, target: int
    ) -> Self:
        """Make the lists of some partners, and look at one of them."""
        made = RankedLists.joined(lists.pools(sources, k))
        if lists.shares_out:
            made, _ = lists.settled(made, k)
        ids = lists.finder.features.graph.index.ids
        own = np.flatnonzero(made.sources == source)
        here = own[made.targets[own] == target]
        return cls(
            None,
            bool(np.isin(source, sources)),
            tuple(ids[made.targets[own]].tolist()),
            int(made.ranks[here[0]]) if len(here) else None,
            tuple(by for by, moved in made.moved.items() if len(here) and moved[here[0]]),
            int((made.targets == target).sum()),
            len(np.unique(made.sources)),
        )
