"""A solution described for people: ids, roles, reasons, substitutes, what is uncovered."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.signals import PairFeatures
from ecosystem_graph.signals.demand.complementarity import LACKING
from ecosystem_graph.tables import did_you_mean
from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.reasons.uncovered import nearest
from ecosystem_graph.teams.rules.pairing import competition, mutual_trust
from ecosystem_graph.teams.solving.problem import Places
from ecosystem_graph.teams.solving.solution import Solution
from ecosystem_graph.teams.team import Alternative, Member, Substitute, Team, Uncovered


def describe_team(finder: TeamFinder, solution: Solution, *, substitutes: bool = True) -> Team:
    """Describe a solution: members with roles and reasons, uncovered capabilities, alternatives.

    Parameters
    ----------
    finder : TeamFinder
        The one that chose.
    solution : Solution
    substitutes : bool, default True
        Whether to look for the best substitute of each member.

    Returns
    -------
    Team
    """
    problem, describer = solution.problem, _Describer(finder, solution)
    team = describer.ordered(solution.teams[0])
    terms = describer.terms(team)
    alternatives = [
        Alternative(describer.roles(other), round(problem.points(other), 6))
        for other in map(describer.ordered, solution.teams[1:])
    ]
    uncovered = tuple(describer.uncovered(team))
    return Team(
        as_of=finder.features.graph.as_of.isoformat(),
        requirement=solution.requirement.stated,
        team=tuple(describer.member(team, place, substitutes) for place in team.tolist()),
        uncovered=uncovered,
        objective=round(sum(terms.values()), 6),
        terms=terms,
        gap=None if solution.gap is None else round(solution.gap, 6),
        n_candidates=len(problem),
        n_compared=solution.n_compared,
        alternatives=tuple(alternatives),
        capability_names=describer.capability_names(uncovered),
    )


class _Describer:
    """Looks up the ids, names and facts of a solution."""

    def __init__(self, finder: TeamFinder, solution: Solution) -> None:
        self.finder, self.solution = finder, solution
        self.features, self.problem, self.requirement = (
            finder.features,
            solution.problem,
            solution.requirement,
        )
        self.graph = self.features.graph
        self.required = self.graph.taxonomy.ids.gather(self.requirement.capabilities).to_list()

    def ordered(self, team: Places) -> Places:
        """The lead first, then by how much each owns, then by place."""
        owners = self.problem.owners(team)
        owned = np.array([(owners == place).sum() for place in team])
        return team[np.lexsort((team, -owned, team != self.problem.lead))]

    def covers(self, team: Places, place: int) -> tuple[str, ...]:
        owners = self.problem.owners(team)
        return tuple(
            name for name, owner in zip(self.required, owners, strict=True) if owner == place
        )

    def role(self, team: Places, place: int) -> str:
        if place == self.problem.lead:
            return "lead"
        return "owner" if self.covers(team, place) else "support"

    def roles(self, team: Places) -> tuple[dict[str, Any], ...]:
        """Who does what, in short."""
        return tuple(
            {
                "partner_id": self.id(place),
                "name": self.name(place),
                "role": self.role(team, place),
                "covers": list(self.covers(team, place)),
            }
            for place in team.tolist()
        )

    def capability_names(self, uncovered: Sequence[Uncovered]) -> dict[str, str]:
        """Names of the required capabilities and of related ones that are held, by id."""
        instead = [one.nearest.holds for one in uncovered if one.nearest]
        return {name: self.graph.taxonomy.name(name) for name in [*self.required, *instead]}

    def id(self, place: int) -> str:
        return str(self.graph.index.ids[self.problem.partners[place]])

    def name(self, place: int) -> str:
        return str(self.graph.index.names[self.problem.partners[place]])

    def terms(self, team: Places) -> dict[str, float]:
        """What each term of the objective comes to."""
        problem, weights = self.problem, self.finder.weights
        others = team[team != problem.lead]
        seats = -weights.seat * len(others)
        above = self.features.satisfaction.above_average[problem.partners[others]]
        satisfied = weights.satisfaction * float(above.sum())
        left, right = np.triu_indices(len(team), 1)
        pair = problem.partners[team[left]], problem.partners[team[right]]
        rivalry = 0.0
        if self.features.markets.known:
            n_seats = max(problem.max_size - 1, 1)
            rivalry = -weights.competition * float(competition(self.features, *pair).sum())
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
        """One member: what it owns and supports, and what is known of it."""
        covers, strength = self.covers(team, place), self._strength(place)
        leads = place == self.problem.lead
        position = self.problem.partners[place]
        belief = self.features.satisfaction
        with_others = self._with_others(position, self.problem.partners[team[team != place]])
        flags = {
            "thin_evidence": any(strength[name] < LACKING for name in covers),
            "elsewhere": not self.requirement.market.active[position],
            "offerings_unknown": bool(with_others["competition"]) and not self._sells(position),
        }
        return Member(
            partner_id=self.id(place),
            name=self.name(place),
            role=self.role(team, place),
            covers=covers,
            supports=tuple(name for name in strength if name not in covers),
            strength=strength,
            likelihood=None if leads else self._likelihood(place),
            **with_others,
            satisfaction=round(float(belief.mean[position]), 4) if belief.known else None,
            satisfaction_n=int(belief.n_responses[position]) if belief.known else None,
            flags=tuple(name for name, raised in flags.items() if raised),
            substitute=None if leads or not substitutes else self._substitute(place),
        )

    def _strength(self, place: int) -> dict[str, float]:
        """How strongly a member holds each required capability that it holds, 0..1."""
        held = zip(self.required, self.solution.strength[place], strict=True)
        return {name: round(float(strength), 4) for name, strength in held if strength > 0}

    def _sells(self, position: int) -> bool:
        """Whether offerings of a partner are on record."""
        pointers = self.graph.offerings.indptr
        return bool(pointers[position + 1] > pointers[position])

    def _likelihood(self, place: int) -> float:
        weights, position = self.finder.weights, self.problem.partners[place]
        above = float(self.features.satisfaction.above_average[position])
        merit = float(self.problem.merit[place])
        return round(merit + weights.seat - weights.satisfaction * above, 4) + 0.0

    def _with_others(self, position: int, others: NDArray[np.intp]) -> Mapping[str, float | None]:
        means: dict[str, float | None] = dict.fromkeys(("trust", "trust_n", "competition"))
        if not len(others):
            return means
        own = np.full(len(others), position)
        relationships = self.features.relationships
        if relationships.known:
            vouched = PairFeatures(self.features, own, others).shared.vouched
            outcomes = relationships.evidence(own, others, vouched)
            means["trust"] = round(float(mutual_trust(self.features, own, others).mean()), 4)
            means["trust_n"] = round(float(outcomes.mean()), 4)
        if self.features.markets.known:
            means["competition"] = round(float(competition(self.features, own, others).mean()), 4)
        return means

    def _substitute(self, place: int) -> Substitute | None:
        found = self.solution.substitute(place)
        if found is None:
            return None
        other, costs = found
        team = self.solution.teams[0]
        covers = self.covers(np.append(team[team != place], other), other)
        return Substitute(self.id(other), self.name(other), covers, round(costs, 6))

    def uncovered(self, team: Places) -> list[Uncovered]:
        """Capabilities without an owner, the reason, and the partner nearest to owning each."""
        known = self.graph.taxonomy.ids.to_list()
        unknown = [
            Uncovered(name, f"unknown capability.{did_you_mean(name, known)}")
            for name in self.requirement.unknown
        ]
        missing = np.flatnonzero(self.problem.owners(team) < 0)
        return unknown + [
            Uncovered(self.required[column], *nearest(self.finder, self.solution, team, column))
            for column in missing.tolist()
        ]
