"""The smallest gain in strength that would put a partner in a team."""

from dataclasses import dataclass, replace

import numpy as np

from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.solving.solution import Solution

#: A gap below this is the tolerance of the solver.
_PROVEN = 1e-6

#: Strengths are given to the hundredth.
_STEPS = 100


@dataclass(frozen=True, slots=True)
class StrengthChange:
    """The least strength in one capability that would put a partner in, all else equal.

    Attributes
    ----------
    capability_id : str
    strength, instead_of : float
        In the territory, 0..1; the former to the hundredth.
    """

    capability_id: str
    strength: float
    instead_of: float


def smallest_change(
    finder: TeamFinder, solution: Solution, place: int, seconds: float
) -> StrengthChange | None:
    """The smallest gain in the strength of something held that puts a candidate in the team.

    Every strength tried is answered by choosing the team anew, halving the range to a hundredth:
    with the strength given the candidate is in, with a hundredth less it is not. The other facts,
    how likely it is to join among them, stay as they are.

    Parameters
    ----------
    finder : TeamFinder
    solution : Solution
    place : int
        Of the candidate in the problem; it is not in the team.
    seconds : float
        Time for each proof, >= 0.

    Returns
    -------
    StrengthChange or None
        None if none would, or some team on the way is not proven.
    """
    if solution.gap is None or solution.gap > _PROVEN:
        return None
    active = solution.requirement.market.active[solution.problem.partners[place]]
    highest = int(_STEPS * (1.0 if active else finder.weights.elsewhere))
    best: tuple[float, int, int] | None = None
    for column in np.flatnonzero(solution.strength[place] > 0).tolist():
        held = float(solution.strength[place, column])
        top = highest if best is None else min(highest, int(np.ceil(_STEPS * held + best[0])) - 1)
        try:
            step = _least(finder, solution, (place, column), top, seconds)
        except _NotProvenError:
            return None
        if step is not None:
            best = step - _STEPS * held, column, step
    if best is None:
        return None
    _, column, step = best
    asked = finder.features.graph.taxonomy.ids[int(solution.requirement.capabilities[column])]
    instead_of = round(float(solution.strength[place, column]), 4)
    return StrengthChange(str(asked), step / _STEPS, instead_of)


class _NotProvenError(Exception):
    """A team that was chosen anew may not be the best."""


def _least(
    finder: TeamFinder, solution: Solution, entry: tuple[int, int], top: int, seconds: float
) -> int | None:
    """Hundredths that put a candidate in while one less does not; None if `top` does not."""
    low = int(_STEPS * solution.strength[entry] + 1e-9)
    if top <= low or not _joins(finder, solution, entry, top / _STEPS, seconds):
        return None
    while top - low > 1:
        middle = (low + top) // 2
        if _joins(finder, solution, entry, middle / _STEPS, seconds):
            top = middle
        else:
            low = middle
    return top


def _joins(
    finder: TeamFinder, solution: Solution, entry: tuple[int, int], strength: float, seconds: float
) -> bool:
    """Whether a candidate is in the best team once it holds one capability so strongly."""
    changed = solution.strength.copy()
    changed[entry] = strength
    problem = replace(solution.problem, value=finder.value(solution.requirement, changed))
    anew = solution.again(problem, seconds=seconds)
    if anew is None or anew.gap is None or anew.gap > _PROVEN:
        raise _NotProvenError
    return bool(np.isin(entry[0], anew.teams[0]))
