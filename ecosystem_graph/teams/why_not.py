"""Why one partner is not in a team, and what would change that."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ecosystem_graph.teams.describe import describe_team
from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.reasons.strength_change import StrengthChange, smallest_change
from ecosystem_graph.teams.solving.solution import Solution
from ecosystem_graph.teams.team import Member, Team

Answer = Literal["in_team", "kept_out", "owns_nothing", "no_seat", "worth_less", "not_compared"]

#: A difference below this is the tolerance of the solver.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class TeamWhyNot:
    """Why a partner is not in a team.

    Attributes
    ----------
    partner_id, name : str
    answer : str
        `in_team`; `kept_out`: a hard rule forbids it; `owns_nothing`: in no team would it own a
        capability; `no_seat`: the lead fills the team; `worth_less`: the best team with it has no
        more points, or too few members; `not_compared`: that team has more points, and the search
        for the best team missed it.
    why : str or None
        What keeps it out of this team, where a rule does.
    role : str or None
        In the team; None if it is not in it.
    covers : tuple of str
        What it owns in the team, or in the best team with it.
    team : tuple of dict
        The best team with it, if there is one: members with `name`, `role` and `covers`.
    objective, difference : float or None
        Points of that team, and by how many they are above (below: < 0) those of the team.
    terms : dict of str to float
        The difference by term; they add up to it.
    gap : float or None
        Share of the optimum with it that `objective` may fall short of, 0..1; None
        without proof.
    change : StrengthChange or None
        The smallest gain in the strength of something it holds that would put it in; None if none
        would, or not all that takes is proven.
    """

    partner_id: str
    name: str
    answer: Answer
    why: str | None = None
    role: str | None = None
    covers: tuple[str, ...] = ()
    team: tuple[dict[str, Any], ...] = ()
    objective: float | None = None
    difference: float | None = None
    terms: dict[str, float] | None = None
    gap: float | None = None
    change: StrengthChange | None = None


def why_not_in_team(
    finder: TeamFinder, solution: Solution, partner: str, *, seconds: float = 5.0
) -> TeamWhyNot:
    """Why a partner is not in the team, how the best team with it compares, what would change it.

    The best team with it is found like the team itself: greedy, search, proof, with the partner
    in every team that is looked at.

    Parameters
    ----------
    finder : TeamFinder
        The one that chose.
    solution : Solution
    partner : str
        Id or exact name.
    seconds : float, default 5
        Time for each proof; 0 leaves proofs out, and with them what would change it.

    Returns
    -------
    TeamWhyNot

    Raises
    ------
    UnknownPartnerError
        If no partner, or more than one, has that name.
    """
    graph = finder.features.graph
    position = graph.index.position(partner)
    named = str(graph.index.ids[position]), str(graph.index.names[position])
    best = describe_team(finder, solution, substitutes=False)
    for member in best.team:
        if member.partner_id == named[0]:
            return TeamWhyNot(*named, "in_team", role=member.role, covers=member.covers)
    if (excluded := _excluded(finder, solution, position)) is not None:
        return TeamWhyNot(*named, *excluded)
    place = int(np.searchsorted(solution.problem.partners, position))
    change = smallest_change(finder, solution, place, seconds)
    beside = solution.again(replace(solution.problem, wanted=place), seconds=seconds)
    if beside is None:
        return TeamWhyNot(*named, "owns_nothing", _why_idle(solution, place), change=change)
    other = describe_team(finder, beside, substitutes=False)
    difference = _compared(best, other)
    short = solution.problem.filled and len(other.team) < len(best.team)
    missed = difference["difference"] > TOLERANCE and not short
    return TeamWhyNot(
        *named,
        "not_compared" if missed else "worth_less",
        _conflict(finder, solution, position),
        covers=next(one.covers for one in other.team if one.partner_id == named[0]),
        team=tuple(_in_short(member) for member in other.team),
        objective=other.objective,
        **difference,
        gap=other.gap,
        change=change,
    )


def _excluded(finder: TeamFinder, solution: Solution, position: int) -> tuple[Answer, str] | None:
    """The answer and its reason for a partner that no team can have; None for a candidate."""
    rule = finder.admission.why_out(solution.reasons, position)
    if rule is not None:
        return "kept_out", rule
    if not np.isin(position, solution.problem.partners):
        return "owns_nothing", "it holds no required capability"
    if len(solution.problem.first) == solution.problem.max_size:
        return "no_seat", "the lead fills the team"
    return None


def _compared(best: Team, other: Team) -> dict[str, Any]:
    """By how much the points of another team exceed those of the best, in all and by term."""
    terms = {name: round(value - best.terms[name], 6) for name, value in other.terms.items()}
    return {"difference": round(sum(terms.values()), 6), "terms": terms}


def _in_short(member: Member) -> dict[str, Any]:
    return {
        "partner_id": member.partner_id,
        "name": member.name,
        "role": member.role,
        "covers": list(member.covers),
    }


def _why_idle(solution: Solution, place: int) -> str:
    """Why a candidate would own nothing in any team."""
    if solution.problem.value[place].any():
        return "the lead holds its capabilities at least as strongly"
    return "it holds no required capability"


def _conflict(finder: TeamFinder, solution: Solution, position: int) -> str | None:
    """What keeps a partner from joining the members of the team as they are."""
    names = finder.features.graph.index.names
    for other in solution.problem.partners[solution.teams[0]].tolist():
        apart = finder.admission.why_apart(solution.requirement.market, position, other)
        if apart is not None:
            return f"it and {names[other]} {apart}"
    return None
