"""What is asked of lists beyond the order of the score."""

from dataclasses import dataclass, fields
from typing import Any

from ecosystem_graph.arguments import check_whole
from ecosystem_graph.graph.ledger import REST_DAYS, STALE_DAYS

#: What says how the ledger of introductions counts, and reorders nothing.
_OF_THE_LEDGER = ("rest_days", "stale_days")

#: Days an introduction may count for, at most: a hundred years.
MOST_DAYS = 36_500

#: Times the length of a list from which what reorders it chooses.
POOL = 10


@dataclass(frozen=True, slots=True)
class Reranking:
    """What reorders lists; nothing does unless it is asked for, or the tables give capacities.

    It is done in this order, each on what the one before it left:

    1. the `POOL` x k best of each list by score are what the rest chooses from;
    2. `reciprocal` prices pairs by how little the side gains that gains less;
    3. `diverse` prices being like somebody better in the same list;
    4. `exposure_price` prices partners by how many lists they can be expected in;
    5. capacities let the pairs worth most in, over all lists together, at most k a list.

    Prices are log-odds; the score that is shown stays as it is.

    Attributes
    ----------
    reciprocal, diverse : bool
    capacity : int or None
        Lists a partner may stand in whose capacity the tables do not give, >= 0; the median of
        those they give if None, no limit where they give none.
    exposure_price : float
        Log-odds a partner loses each time it is expected in e times as many lists, >= 0.
    limited : bool
        Whether capacities count, those of the tables included.
    rest_days : int
        Days for which a pair that declined an introduction, or lost, is not proposed again, >= 0.
    stale_days : int
        Days for which an introduction under way takes one of the places of both sides, >= 0.

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

    def asked(self) -> dict[str, Any]:
        """Those that were asked for, of those that reorder lists."""
        told = {
            option.name: (getattr(self, option.name), option.default)
            for option in fields(self)
            if option.name not in _OF_THE_LEDGER
        }
        return {name: value for name, (value, default) in told.items() if value != default}


#: The order of the score, within capacities where the tables give any.
PLAIN = Reranking()

#: Nothing but the order of the score, whoever is full.
UNLIMITED = Reranking(limited=False)
