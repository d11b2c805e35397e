"""A team as it is told: who, in which role, why, what is missing, and who else."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.recommending.requirement import Requirement
from ecosystem_graph.signals import PairEvidence
from ecosystem_graph.signals.complementarity import LACKING
from ecosystem_graph.tables import did_you_mean
from ecosystem_graph.teams.finder import Choice, TeamFinder
from ecosystem_graph.teams.nearest import Nearest, nearest
from ecosystem_graph.teams.pairing import competition, mutual_trust
from ecosystem_graph.teams.problem import Places


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who could best take a member's place, and the points the team would lose."""

    partner_id: str
    name: str
    covers: tuple[str, ...]
    costs: float


@dataclass(frozen=True, slots=True)
class Member:
    """One partner of a team.

    Attributes
    ----------
    partner_id, name : str
    role : str
        `lead`, `owner` or `support`.
    covers : tuple of str
        Capabilities asked for that it owns.
    supports : tuple of str
        Those it holds too, and another owns.
    strength : dict of str to float
        How strongly it holds each of both, in the territory, 0..1.
    likelihood : float or None
        Its log-odds of joining less those of the likeliest partner, <= 0; None for the lead.
    trust, trust_n : float or None
        Mean trust between it and the others, 0..1, and the outcomes behind that per pair; None
        for a team of one or where nobody has a record.
    competition : float or None
        Mean competition with the others, 0..1.
    satisfaction : float or None
        Of its customers, 0..1; None where no customer has spoken of anybody.
    satisfaction_n : int or None
        Answers behind it.
    flags : tuple of str
        `thin_evidence`: it owns something it holds with less than 1/4; `elsewhere`: it does no
        business in the territory that is known of.
    substitute : Substitute or None
        None for the lead, or where nobody could.
    """

    partner_id: str
    name: str
    role: str
    covers: tuple[str, ...]
    supports: tuple[str, ...]
    strength: dict[str, float]
    likelihood: float | None
    trust: float | None
    trust_n: float | None
    competition: float | None
    satisfaction: float | None
    satisfaction_n: int | None
    flags: tuple[str, ...]
    substitute: Substitute | None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A capability asked for that nobody in the team owns.

    Attributes
    ----------
    capability_id : str
    why : str
    nearest : Nearest or None
        Who comes nearest, if anybody does.
    """

    capability_id: str
    why: str
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another team: its members with what they own, and its objective."""

    team: tuple[dict[str, Any], ...]
    objective: float


@dataclass(frozen=True, slots=True)
class Team:
    """The answer to a requirement.

    Attributes
    ----------
    as_of : str
    requirement : Requirement
    team : tuple of Member
        The lead first, then owners of most, then the others; by id among equals.
    uncovered : tuple of Uncovered
    objective : float
        Points, the sum of `terms`; see :class:`TeamWeights`.
    terms : dict of str to float
    gap : float or None
        Share of the best there can be that the objective may fall short of, 0..1, among the
        `n_compared` candidates the exact stage saw; None where it did not run.
    n_candidates, n_compared : int
        Partners that could be in, and those among which the team is the best found. Where they
        are equal, `gap` is against everybody.
    alternatives : tuple of Alternative
    """

    as_of: str
    requirement: Requirement
    team: tuple[Member, ...]
    uncovered: tuple[Uncovered, ...]
    objective: float
    terms: dict[str, float]
    gap: float | None
    n_candidates: int
    n_compared: int
    alternatives: tuple[Alternative, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"schema": 1, **asdict(self)}


def told_team(finder: TeamFinder, choice: Choice, *, substitutes: bool = True) -> Team:
    """Put a choice into words and ids.

    Parameters
    ----------
    finder : TeamFinder
        The one that chose.
    choice : Choice
    substitutes : bool, default True
        Whether to look for the best substitute of each member.

    Returns
    -------
    Team
    """
    problem, teller = choice.problem, _Teller(finder, choice)
    team = teller.ordered(choice.teams[0])
    terms = teller.terms(team)
    alternatives = [
        Alternative(teller.roles(other), round(problem.points(other), 6))
        for other in map(teller.ordered, choice.teams[1:])
    ]
    return Team(
        as_of=finder.evidence.graph.as_of.isoformat(),
        requirement=choice.need.requirement,
        team=tuple(teller.member(team, place, substitutes) for place in team.tolist()),
        uncovered=tuple(teller.uncovered(team)),
        objective=round(sum(terms.values()), 6),
        terms=terms,
        gap=None if choice.gap is None else round(choice.gap, 6),
        n_candidates=len(problem),
        n_compared=choice.n_compared,
        alternatives=tuple(alternatives),
    )


class _Teller:
    """Ids and facts in place of places and points."""

    def __init__(self, finder: TeamFinder, choice: Choice) -> None:
        self.finder, self.choice = finder, choice
        self.evidence, self.problem, self.need = finder.evidence, choice.problem, choice.need
        self.graph = self.evidence.graph
        self.asked = self.graph.taxonomy.ids.gather(self.need.asked).to_list()

    def ordered(self, team: Places) -> Places:
        """The lead first, then by how much each owns, then by place."""
        owners = self.problem.owners(team)
        owned = np.array([(owners == place).sum() for place in team])
        return team[np.lexsort((team, -owned, team != self.problem.lead))]

    def covers(self, team: Places, place: int) -> tuple[str, ...]:
        owners = self.problem.owners(team)
        return tuple(name for name, owner in zip(self.asked, owners, strict=True) if owner == place)

    def role(self, team: Places, place: int) -> str:
        if place == self.problem.lead:
            return "lead"
        return "owner" if self.covers(team, place) else "support"

    def roles(self, team: Places) -> tuple[dict[str, Any], ...]:
        """Who does what, in short."""
        return tuple(
            {
                "partner_id": self.id(place),
                "role": self.role(team, place),
                "covers": list(self.covers(team, place)),
            }
            for place in team.tolist()
        )

    def id(self, place: int) -> str:
        return str(self.graph.index.ids[self.problem.partners[place]])

    def name(self, place: int) -> str:
        return str(self.graph.index.names[self.problem.partners[place]])

    def terms(self, team: Places) -> dict[str, float]:
        """What each term of the objective comes to."""
        problem, weights = self.problem, self.finder.weights
        others = team[team != problem.lead]
        seats = -weights.seat * len(others)
        above = self.evidence.satisfaction.above_average[problem.partners[others]]
        satisfied = weights.satisfaction * float(above.sum())
        left, right = np.triu_indices(len(team), 1)
        pair = problem.partners[team[left]], problem.partners[team[right]]
        rivalry = 0.0
        if self.evidence.markets.known:
            n_seats = max(problem.max_size - 1, 1)
            rivalry = -weights.competition * float(competition(self.evidence, *pair).sum())
            rivalry /= n_seats
        terms = {
            "coverage": problem.coverage(team),
            "likelihood": float(problem.merit[others].sum()) - satisfied - seats,
            "trust": problem.bonds(team) - rivalry,
            "satisfaction": satisfied,
            "competition": rivalry,
            "size": seats,
        }
        return {name: round(value, 6) + 0.0 for name, value in terms.items()}

    def member(self, team: Places, place: int, substitutes: bool) -> Member:
        """One member with what is known of it."""
        covers, holds = self.covers(team, place), self.choice.strength[place]
        strength = {
            name: round(float(held), 4)
            for name, held in zip(self.asked, holds, strict=True)
            if held > 0
        }
        leads = place == self.problem.lead
        position = self.problem.partners[place]
        belief = self.evidence.satisfaction
        flags = {
            "thin_evidence": any(strength[name] < LACKING for name in covers),
            "elsewhere": not self.need.market.there[position],
        }
        return Member(
            partner_id=self.id(place),
            name=self.name(place),
            role=self.role(team, place),
            covers=covers,
            supports=tuple(name for name in strength if name not in covers),
            strength=strength,
            likelihood=None if leads else self._likelihood(place),
            **self._with_others(position, self.problem.partners[team[team != place]]),
            satisfaction=round(float(belief.mean[position]), 4) if belief.known else None,
            satisfaction_n=int(belief.n_responses[position]) if belief.known else None,
            flags=tuple(name for name, raised in flags.items() if raised),
            substitute=None if leads or not substitutes else self._substitute(place),
        )

    def _likelihood(self, place: int) -> float:
        weights, position = self.finder.weights, self.problem.partners[place]
        above = float(self.evidence.satisfaction.above_average[position])
        merit = float(self.problem.merit[place])
        return round(merit + weights.seat - weights.satisfaction * above, 4) + 0.0

    def _with_others(self, position: int, others: NDArray[np.intp]) -> Mapping[str, float | None]:
        told: dict[str, float | None] = dict.fromkeys(("trust", "trust_n", "competition"))
        if not len(others):
            return told
        own = np.full(len(others), position)
        relationships = self.evidence.relationships
        if relationships.known:
            vouched = PairEvidence(self.evidence, own, others).shared.vouched
            outcomes = relationships.evidence(own, others, vouched)
            told["trust"] = round(float(mutual_trust(self.evidence, own, others).mean()), 4)
            told["trust_n"] = round(float(outcomes.mean()), 4)
        if self.evidence.markets.known:
            told["competition"] = round(float(competition(self.evidence, own, others).mean()), 4)
        return told

    def _substitute(self, place: int) -> Substitute | None:
        found = self.choice.substitute(place)
        if found is None:
            return None
        other, costs = found
        team = self.choice.teams[0]
        covers = self.covers(np.append(team[team != place], other), other)
        return Substitute(self.id(other), self.name(other), covers, round(costs, 6))

    def uncovered(self, team: Places) -> list[Uncovered]:
        """What nobody in the team owns, why not, and who comes nearest."""
        there = self.graph.taxonomy.ids.to_list()
        told = [
            Uncovered(name, f"nobody has heard of it.{did_you_mean(name, there)}")
            for name in self.need.unheard
        ]
        missing = np.flatnonzero(self.problem.owners(team) < 0)
        return told + [
            Uncovered(self.asked[column], *nearest(self.finder, self.choice, team, column))
            for column in missing.tolist()
        ]
