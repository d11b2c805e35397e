"""What counts how much when a team is chosen: one number per term, all in log-odds."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from ecosystem_graph.ranking.policy import COMPETITION_PRICE
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import LEVELS

#: Members of a team at most, the lead included, where a requirement does not say.
MAX_SIZE = 5


@dataclass(frozen=True, slots=True)
class TeamWeights:
    """Points of the terms of a team's objective; a point is one unit of log-odds.

    The objective of a team is the sum of ::

        coverage      ownership per required capability that has an owner
                      + strength * its weight, 1 on average * how strongly the owner holds it
        likelihood    per member but the lead: how far its log-odds of joining are behind those of
                      the likeliest partner, `reach` at most; <= 0
        trust         trust * mean over the seats of log(1 + joint wins of each pair)
        satisfaction  per member but the lead: satisfaction * (its customers' - the average)
        competition   -competition * mean over the seats of the competition of each pair
        size          -seat per member but the lead

    How strongly a capability is held is 0..1 and as :attr:`EcosystemGraph.held` says, less
    (times `elsewhere`) for a partner that does no business in the territory. Likelihood is the
    ranker's log-odds of joining the lead for such a requirement, and partners it does not list are
    `reach` behind; without a lead, it comes from won deals that required the same. Competition of
    a pair, 0..1, is that of the signal. The mean over the seats is the sum over pairs divided by
    ``max_size - 1``: at most what a member could have of it with all others.

    As `ownership` is more than all a further member can cost, a capability that some partner who
    may still join could own never goes without an owner.

    The numbers: one log-odds is one log-odds, so likelihood has no weight. Coverage, trust,
    satisfaction and competition weigh what they do in winning a deal (:meth:`of`); the defaults are
    those of the assumed model. `reach` and `ownership` are what finds members best: on Horizon 2020
    at 2017-01-01 and 2018-01-01 (one year; teams of the real size, and teams of owners alone)
    `reach` 4 to 5 and `ownership` 2 and more do so equally well, within their noise; beyond,
    precision falls. `elsewhere` is what a customer wants, not what was learnt: of the owners, .09
    and .09 were right at .5, .12 and .11 at .75, .14 and .11 at 1, where the territory is the
    lead's country and partners come from all over.

    Attributes
    ----------
    ownership, strength, reach, trust, satisfaction, competition, seat : float
        Points, >= 0.
    elsewhere : float
        What being without business in the territory leaves of a strength, 0..1.

    References
    ----------
    Trust as (negative) communication cost, the sum over pairs: Kargar, M., An, A. (2011).
    Discovering top-k teams of experts with/without a leader in social networks. CIKM.
    doi:10.1145/2063576.2063718. Coverage: see :class:`TeamProblem`.
    """

    ownership: float = 12.0
    strength: float = 2.0
    reach: float = 4.0
    trust: float = 0.4
    satisfaction: float = 2.0
    competition: float = COMPETITION_PRICE
    seat: float = 0.5
    elsewhere: float = 0.75

    @classmethod
    def of(cls, winning: Logit) -> Self:
        """Weights by a model of winning, which lists of collaborators are ranked by as well.

        Parameters
        ----------
        winning : Logit
            Log-odds that a team wins a deal, as in :attr:`FittedModel.winning`.

        Returns
        -------
        TeamWeights
            `strength` is the weight of all coverage; `satisfaction` half that of the mean over the
            team, as for one that joins a lead; `competition` is never less than the price that a
            list charges.

        Examples
        --------
        >>> from ecosystem_graph.ranking.value.winning import assumed_winning
        >>> TeamWeights.of(assumed_winning()) == TeamWeights()
        True
        """
        satisfaction = winning.weight("satisfaction") / 2
        competition = max(COMPETITION_PRICE, -winning.weight("competition"))
        plain = cls()
        costs = plain.reach + plain.seat + satisfaction + competition
        return cls(
            ownership=max(plain.ownership, costs + 1.0),
            strength=sum(winning.weight(level) for level in LEVELS),
            trust=winning.weight("trust"),
            satisfaction=satisfaction,
            competition=competition,
        )

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value, most = getattr(self, name), 1.0 if name == "elsewhere" else np.inf
            if not 0 <= value <= most or value == np.inf:
                raise ValueError(f"{name} must be finite and from 0 to {most}. Got {value!r}.")
