"""Why a capability has no owner in a team, and who comes nearest to owning it."""

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.solving.problem import Places, Values
from ecosystem_graph.teams.solving.solution import Solution
from ecosystem_graph.teams.team import Nearest


def nearest(
    finder: TeamFinder, solution: Solution, team: Places, column: int
) -> tuple[str, Nearest | None]:
    """Why a required capability has no owner in a team, and the partner nearest to owning it.

    Partners that may join come first, then those that may not, each by strength. Where no partner
    holds the capability, the holders of its siblings and of its parent are looked at.

    Parameters
    ----------
    finder : TeamFinder
    solution : Solution
    team : ndarray of shape (n_members,)
    column : int
        Place among the required capabilities.

    Returns
    -------
    str
    Nearest or None
    """
    problem, graph = solution.problem, finder.features.graph
    able = np.flatnonzero(problem.value[:, column] > 0)
    if len(able):
        place = able[np.argmax(solution.strength[able, column])]
        position = int(problem.partners[place])
        why = _why_not(finder, solution, team, int(place))
        return "candidates for it conflict with the team", _nearest(
            finder, position, int(solution.requirement.capabilities[column]), why
        )
    asked = int(solution.requirement.capabilities[column])
    held = _held(finder, asked)
    if held.any():
        return "its holders may not join", _barred(finder, solution, held, asked)
    for relative in _relatives(finder, asked).tolist():
        held = _held(finder, relative)
        if held.any():
            return "no partner holds it", _barred(finder, solution, held, relative)
    return f"no partner holds it or a related capability on {graph.as_of}", None


def _why_not(finder: TeamFinder, solution: Solution, team: Places, place: int) -> str:
    problem, admission = solution.problem, finder.admission
    position = int(problem.partners[place])
    for member in team:
        other = int(problem.partners[member])
        apart = admission.why_apart(solution.requirement.market, position, other)
        if apart is not None:
            return f"it and {finder.features.graph.index.names[other]} {apart}"
    if len(team) >= problem.max_size:
        return f"the team may have {problem.max_size} members at most"
    return "with it another member would have nothing to own"


def _barred(finder: TeamFinder, solution: Solution, held: Values, capability: int) -> Nearest:
    """The strongest holder, one that may join if there is any."""
    out = np.logical_or.reduce(list(solution.reasons.values()))
    able = np.flatnonzero((held > 0) & ~out)
    among = able if len(able) else np.flatnonzero(held > 0)
    position = int(among[np.argmax(held[among])])
    why = finder.admission.why_out(solution.reasons, position)
    return _nearest(finder, position, capability, why or "it holds only a related capability")


def _nearest(finder: TeamFinder, position: int, capability: int, why: str) -> Nearest:
    graph = finder.features.graph
    return Nearest(
        partner_id=str(graph.index.ids[position]),
        name=str(graph.index.names[position]),
        holds=str(graph.taxonomy.ids[capability]),
        strength=round(float(_held(finder, capability)[position]), 4),
        why_not=why,
    )


def _held(finder: TeamFinder, capability: int) -> Values:
    """How strongly everybody holds a capability, shape (n_partners,)."""
    held: Values = np.zeros(finder.features.graph.n_partners)
    holders, strength = finder.holders(capability)
    held[holders] = strength
    return held


def _relatives(finder: TeamFinder, capability: int) -> NDArray[np.intp]:
    """Other parts of the same whole, and the whole itself."""
    parent = finder.features.graph.taxonomy.parent
    whole = parent[capability]
    if whole < 0:
        return np.flatnonzero(parent == capability)
    siblings = np.flatnonzero(parent == whole)
    return np.append(siblings[siblings != capability], whole)
