"""Reranking options of lists: reciprocity, diversity, exposure price and capacities."""

from dataclasses import dataclass, fields
from typing import Any

from ecosystem_graph.arguments import check_whole
from ecosystem_graph.graph.ledger import REST_DAYS, STALE_DAYS

#: Options of the ledger of introductions, which reorder nothing.
_OF_THE_LEDGER = ("rest_days", "stale_days")

#: Days an introduction may count for, at most: a hundred years.
MOST_DAYS = 36_500

#: Size of the pool that reranking chooses a list from, in lengths of the list.
POOL = 10


@dataclass(frozen=True, slots=True)
class Reranking:
    """How lists are reordered; by default only by capacities, where the tables give any.

    The steps are applied in this order, each to the result of the one before it:

    1. the `POOL` x k best candidates of each list by score are its pool;
    2. `reciprocal` lowers pairs of which one side gains little;
    3. `diverse` lowers candidates that are similar to a better one in the same list;
    4. `exposure_price` lowers partners by the number of lists they are expected in;
    5. capacities: the pairs of greatest utility over all lists are kept, at most k a list.

    Prices are log-odds; the score that is shown does not change.

    Attributes
    ----------
    reciprocal, diverse : bool
    capacity : int or None
        Default capacity: lists a partner may appear in if the tables give no `intro_capacity` for
        it, >= 0. If None, the median of those the tables give; no limit if they give none.
    exposure_price : float
        Log-odds a partner loses each time it is expected in e times as many lists, >= 0.
    limited : bool
        Whether capacities are applied, those of the tables included.
    rest_days : int
        Days for which a pair that declined an introduction, or lost, is not proposed again, >= 0.
    stale_days : int
        Days for which an introduction under way counts towards the capacity of both sides, >= 0.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """

    reciprocal: bool = False
    diverse: bool = False
    capacity: int | None = None
    exposure_price: float = 0.0
    limited: bool = True
    rest_days: int = REST_DAYS
    stale_days: int = STALE_DAYS

    def __post_init__(self) -> None:
        if self.capacity is not None and self.capacity < 0:
            raise ValueError(f"capacity must be 0 or more. Got {self.capacity!r}.")
        for name in _OF_THE_LEDGER:
            check_whole(name, getattr(self, name), 0, MOST_DAYS)
        if not 0 <= self.exposure_price < float("inf"):
            raise ValueError(
                f"exposure_price must be finite and 0 or more. Got {self.exposure_price!r}."
            )

    def requested(self) -> dict[str, Any]:
        """The options that reorder lists and are not at their defaults, by name."""
        options = {
            option.name: (getattr(self, option.name), option.default)
            for option in fields(self)
            if option.name not in _OF_THE_LEDGER
        }
        return {name: value for name, (value, default) in options.items() if value != default}


#: By score, within capacities where the tables give any.
PLAIN = Reranking()

#: By score only; capacities ignored.
UNLIMITED = Reranking(limited=False)
