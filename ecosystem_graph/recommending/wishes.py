"""What is asked of lists beyond the order of the score."""

from dataclasses import dataclass
from typing import Any

import numpy as np

#: Times the length of a list from which what reorders it chooses.
POOL = 10


@dataclass(frozen=True, slots=True)
class Wishes:
    """What reorders lists; none of it does unless asked for.

    It is done in this order, each on what the one before it left:

    1. the `POOL` x k best of each list by score are what the rest chooses from;
    2. `reciprocal` prices pairs by how little the side gains that gains less;
    3. `exposure_price` prices partners by how much they are in demand;
    4. `diverse` prices being like somebody better in the same list;
    5. capacities let the pairs worth most in, over all lists together, at most k a list.

    Prices are log-odds; the score that is shown stays as it is.

    Attributes
    ----------
    reciprocal, diverse : bool
    capacity : int or None
        Lists a partner may stand in whose capacity the tables do not give, >= 0; no limit if None.
    exposure_price : float
        How much of what congestion costs others a partner in demand loses, >= 0.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """

    reciprocal: bool = False
    diverse: bool = False
    capacity: int | None = None
    exposure_price: float = 0.0

    def __post_init__(self) -> None:
        if self.capacity is not None and self.capacity < 0:
            raise ValueError(f"capacity must be 0 or more. Got {self.capacity!r}.")
        if not 0 <= self.exposure_price < np.inf:
            raise ValueError(
                f"exposure_price must be finite and 0 or more. Got {self.exposure_price!r}."
            )

    def asked(self) -> dict[str, Any]:
        """Those that were asked for."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value not in (None, False, 0.0)}


#: Nothing but the order of the score.
PLAIN = Wishes()
