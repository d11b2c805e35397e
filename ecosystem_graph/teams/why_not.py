"""Why one partner is not in a team, and what would change that."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ecosystem_graph.teams.describe import told_team
from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.reasons.strength_change import StrengthChange, smallest_change
from ecosystem_graph.teams.solving.solution import Choice
from ecosystem_graph.teams.team import Team

#: A difference below this is the tolerance of the solver.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class TeamWhyNot:
    """Why a partner is not in a team.

    Attributes
    ----------
    partner_id, name : str
    answer : str
        `in_team`; `kept_out`: a hard rule forbids it; `owns_nothing`: no team could give it
        anything to own; `no_seat`: the lead fills the team; `worth_less`: the best team with it
        has no more points, or fewer members than are to be in; `not_compared`: it has more, and
        the search for the team passed it over.
    why : str or None
        What keeps it out of this team, where a rule does.
    role : str or None
        In the team; None if it is not in it.
    covers : tuple of str
        What it owns there, or in the best team with it.
    team : tuple of dict
        The best team with it, where there is one: members with `role` and `covers`.
    objective, difference : float or None
        Points of that team, and by how many they are above (below: < 0) those of the team.
    terms : dict of str to float
        The difference by term; they add up to it.
    gap : float or None
        Share of the best there can be with it that `objective` may fall short of, 0..1; None
        without proof.
    change : StrengthChange or None
        The smallest gain in the strength of something it holds that would put it in; None if none
        would, or not all that takes is proven.
    """

    partner_id: str
    name: str
    answer: Literal["in_team", "kept_out", "owns_nothing", "no_seat", "worth_less", "not_compared"]
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
    finder: TeamFinder, choice: Choice, partner: str, *, seconds: float = 5.0
) -> TeamWhyNot:
    """Why a partner is not in the best team found, what a team with it would cost, what helps.

    The best team with it is found like the team itself: greedy, search, proof, with the partner
    in every team that is looked at.

    Parameters
    ----------
    finder : TeamFinder
        The one that chose.
    choice : Choice
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
        If nobody, or more than one partner, goes by that name.
    """
    graph = finder.features.graph
    position = graph.index.position(partner)
    named = str(graph.index.ids[position]), str(graph.index.names[position])
    told = told_team(finder, choice, substitutes=False)
    for member in told.team:
        if member.partner_id == named[0]:
            return TeamWhyNot(*named, "in_team", role=member.role, covers=member.covers)
    rule = finder.admission.why_out(choice.reasons, position)
    if rule is not None:
        return TeamWhyNot(*named, "kept_out", rule)
    place = int(np.searchsorted(choice.problem.partners, position))
    if not np.isin(position, choice.problem.partners):
        return TeamWhyNot(*named, "owns_nothing", "it holds nothing of what is asked for")
    if len(choice.problem.first) == choice.problem.max_size:
        return TeamWhyNot(*named, "no_seat", "the lead is all the team may have")
    change = smallest_change(finder, choice, place, seconds)
    beside = choice.again(replace(choice.problem, wanted=place), seconds=seconds)
    if beside is None:
        return TeamWhyNot(*named, "owns_nothing", _why_idle(choice, place), change=change)
    other = told_team(finder, beside, substitutes=False)
    answer = _compared(named, told, other, _conflict(finder, choice, position), change)
    short = choice.problem.filled and len(other.team) < len(told.team)
    passed_over = (answer.difference or 0.0) > TOLERANCE and not short
    return replace(answer, answer="not_compared") if passed_over else answer


def _compared(
    named: tuple[str, str],
    told: Team,
    other: Team,
    conflict: str | None,
    change: StrengthChange | None,
) -> TeamWhyNot:
    """The best team with a partner beside the team without it."""
    terms = {name: round(value - told.terms[name], 6) for name, value in other.terms.items()}
    difference = round(sum(terms.values()), 6)
    return TeamWhyNot(
        *named,
        "worth_less",
        conflict,
        covers=next(one.covers for one in other.team if one.partner_id == named[0]),
        team=tuple(
            {"partner_id": one.partner_id, "role": one.role, "covers": list(one.covers)}
            for one in other.team
        ),
        objective=other.objective,
        difference=difference,
        terms=terms,
        gap=other.gap,
        change=change,
    )


def _why_idle(choice: Choice, place: int) -> str:
    """Why there is nothing for a candidate to own in any team."""
    if choice.problem.value[place].any():
        return "the lead holds at least as strongly whatever it holds"
    return "it holds nothing of what is asked for"


def _conflict(finder: TeamFinder, choice: Choice, position: int) -> str | None:
    """What keeps a partner from joining the members of the team as they are."""
    names = finder.features.graph.index.names
    for other in choice.problem.partners[choice.teams[0]].tolist():
        apart = finder.admission.why_apart(choice.need.market, position, other)
        if apart is not None:
            return f"it and {names[other]} {apart}"
    return None
