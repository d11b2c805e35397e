"""Who may be in a team at all, and why the others may not."""

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.errors import RequirementError
from ecosystem_graph.graph import Eligibility, Ledger
from ecosystem_graph.graph.eligibility import why_no_part
from ecosystem_graph.graph.ledger import REST_DAYS, STALE_DAYS
from ecosystem_graph.lists.builder import PairMask
from ecosystem_graph.lists.capacity import Room
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.teams.rules.market import TeamMarket

Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Admission:
    """Who may be in a team.

    Parameters
    ----------
    features : GraphFeatures
    capacity : int, optional
        Introductions of partners for which `intro_capacity` says nothing, >= 0; unless given, the
        median of those that state one, no limit where none does.
    rest_days, stale_days : int
        As for :class:`~ecosystem_graph.graph.Ledger`; two that were introduced may be in one team,
        two that declined and rest may not.
    min_satisfaction : float, default 0
        Partners whose satisfaction, 0..1, is below it are not admitted.
    max_competition : float, optional
        Two that compete in more of their business than this, 0..1, are not in one team, whatever
        the tables know it from. Two that sell the same product there never are.
    open_to : ndarray of bool, shape (n_partners,), optional
        Partners that may be in a team beside its lead; everybody eligible unless given.
    pair_mask : callable, optional
        Positions of two sides -> whether each pair may be in one team, by a rule of the caller's.
    """

    def __init__(
        self,
        features: GraphFeatures,
        *,
        capacity: int | None = None,
        rest_days: int = REST_DAYS,
        stale_days: int = STALE_DAYS,
        min_satisfaction: float = 0.0,
        max_competition: float | None = None,
        open_to: Flags | None = None,
        pair_mask: PairMask | None = None,
    ) -> None:
        self.features = features
        self.eligibility = Eligibility.from_graph(features.graph)
        self.ledger = Ledger.from_graph(features.graph, rest_days, stale_days)
        #: Introductions each partner can take on; None where no partner is limited.
        self.room = Room.of(features.graph, self.ledger, capacity)
        n = features.graph.n_partners
        #: Teams each partner may still be proposed for, shape (n_partners,).
        self.left = np.full(n, np.inf) if self.room is None else self.room.left.astype(np.float64)
        self._busy = np.zeros(n, dtype=bool)
        if self.room is not None:
            self._busy = (self.room.left < 1) & (self.room.capacity > 0)
        belief = features.satisfaction
        self._unsatisfying = belief.known & (belief.mean < min_satisfaction)
        self.max_competition = max_competition
        self._closed = np.zeros(n, dtype=bool) if open_to is None else ~open_to
        self._pair_mask = pair_mask
        self._markets: dict[str | None, TeamMarket] = {}

    def market(self, territory: str | None) -> TeamMarket:
        """The market of a territory, worked out once."""
        if territory not in self._markets:
            self._markets[territory] = TeamMarket.of(self.features.graph, territory)
        return self._markets[territory]

    def take(self, members: Positions) -> None:
        """Note that some partners have been proposed once more."""
        self.left[members] -= 1

    def lead(self, position: int, excluded: Positions) -> None:
        """Refuse a lead that may not lead.

        Raises
        ------
        RequirementError
            If it takes no part, or is excluded.
        """
        partner = self.features.graph.index.ids[position]
        if not self.eligibility.takes_part[position]:
            raise RequirementError(
                f"the lead {partner!r} {self._part(position)}: no team can be proposed to it. Name "
                "another lead, or none."
            )
        if position in excluded:
            raise RequirementError(
                f"{partner!r} is both the lead and excluded. Remove it from one of the two."
            )

    def reasons(self, market: TeamMarket, lead: int, excluded: Positions) -> dict[str, Flags]:
        """Whom each reason keeps out of a team, by reason; shape (n_partners,) each."""
        n = self.features.graph.n_partners
        everybody = np.arange(n)
        reasons = {
            "takes no part": ~self.eligibility.takes_part,
            "is excluded": np.isin(everybody, excluded),
            "is not among the partners asked for (by territory, type, tier, ...)": self._closed,
            "has its capacity used up by open introductions": self._busy,
            "has no introductions left": self.left < 1,
            "has a customer satisfaction below the minimum": self._unsatisfying,
        }
        if lead >= 0:
            leads = np.full(n, lead)
            same = entries_at(self.eligibility.one_company, leads, everybody) > 0
            reasons |= {
                "is likely one company with the lead: one name in one country": same,
                "may not be paired with the lead": self._restricted(leads, everybody),
                "is kept from the lead by your own pair rule": self._ruled_out(leads, everybody),
                "declined to be introduced to the lead, and rests": self.ledger.declined(
                    leads, everybody
                ),
                "is of the lead's family": self.eligibility.family == self.eligibility.family[lead],
                "sells the same product as the lead": market.contested(leads, everybody),
            }
            if self.max_competition is not None:
                too_much = f"competes with the lead in more than {self.max_competition:.0%}"
                reasons[too_much] = self._too_competitive(leads, everybody)
        return {why: out & (everybody != lead) for why, out in reasons.items()}

    def why_out(self, reasons: dict[str, Flags], position: int) -> str | None:
        """Why one partner may not be in; None if it may."""
        for why, out in reasons.items():
            if out[position]:
                return self._part(position) if why == "takes no part" else why
        return None

    def barred(self, market: TeamMarket, left: Positions, right: Positions) -> Flags:
        """Whether the two of each pair may not be in one team."""
        family = self.eligibility.family
        apart: Flags = self._restricted(left, right) | (family[left] == family[right])
        apart |= self.ledger.declined(left, right) | market.contested(left, right)
        return apart | self._ruled_out(left, right) | self._too_competitive(left, right)

    def why_apart(self, market: TeamMarket, left: int, right: int) -> str | None:
        """Why two partners may not be in one team; None if they may."""
        pair = np.array([left]), np.array([right])
        if entries_at(self.eligibility.one_company, *pair)[0]:
            return "are likely one company: one name in one country"
        if self._restricted(*pair)[0]:
            return "may not be paired"
        if self._ruled_out(*pair)[0]:
            return "are kept apart by your own pair rule"
        if self.eligibility.family[left] == self.eligibility.family[right]:
            return "are of one family"
        if self.ledger.declined(*pair)[0]:
            return "declined to be introduced, and rest"
        if market.contested(*pair)[0]:
            products = self.features.graph.products[market.shared(left, right)]
            return f"both sell {', '.join(products[:3])} in the market"
        if self._too_competitive(*pair)[0]:
            return f"compete in more than {self.max_competition:.0%} of business"
        return None

    def _too_competitive(self, left: Positions, right: Positions) -> Flags:
        """Whether the two of each pair compete more than they may."""
        if self.max_competition is None or not self.features.markets.known:
            return np.zeros(len(left), dtype=bool)
        share = SIGNALS["competition"].values(self.features, left, right)
        above: Flags = share > self.max_competition
        return above

    def _ruled_out(self, left: Positions, right: Positions) -> Flags:
        """Whether the caller's rule keeps the two of each pair apart, in either order."""
        if self._pair_mask is None:
            return np.zeros(len(left), dtype=bool)
        return ~(self._pair_mask(left, right) & self._pair_mask(right, left))

    def _restricted(self, left: Positions, right: Positions) -> Flags:
        if not self.eligibility.forbidden.nnz:
            return np.zeros(len(left), dtype=bool)
        restricted: Flags = entries_at(self.eligibility.forbidden, left, right) > 0
        return restricted

    def _part(self, position: int) -> str:
        """Why a partner takes no part."""
        return " and ".join(why_no_part(self.features.graph, position))
