"""The solution of a team problem: the teams found, among whom, and how good they are proven."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from ecosystem_graph.teams.requirement.team_requirement import TeamRequirement
from ecosystem_graph.teams.rules.admission import Flags
from ecosystem_graph.teams.solving.exact import exact_team
from ecosystem_graph.teams.solving.greedy import best_addition, greedy_team, next_best, searched
from ecosystem_graph.teams.solving.problem import Places, TeamProblem, Values

#: Of a shortlist, the best for each capability.
_CHAMPIONS = 5

#: Candidates whose bonds with greedy's picks are looked at.
_NEIGHBOURS = 100


@dataclass(frozen=True, eq=False)
class Solution:
    """The teams found for a requirement, and among whom.

    Attributes
    ----------
    requirement : TeamRequirement
    problem : TeamProblem
        Its candidates hold a required capability (or, where a team is to be filled, could join
        the lead).
    strength : ndarray of shape (n_candidates, n_required)
        How strongly each candidate holds each required capability, in the territory, 0..1.
    reasons : dict of str to ndarray of bool, shape (n_partners,)
        Partners that may not be in the team, by reason.
    teams : list of ndarray
        Places in the problem, the best team first, then others.
    bound : float or None
        No team among `n_compared` candidates has more points; None where that was not proven.
    n_compared : int
    """

    requirement: TeamRequirement
    problem: TeamProblem
    strength: Values
    reasons: dict[str, Flags]
    teams: list[Places]
    bound: float | None
    n_compared: int

    @property
    def gap(self) -> float | None:
        """Share of the bound that the team falls short of, 0..1; None without a bound."""
        if self.bound is None:
            return None
        points = self.problem.points(self.teams[0])
        return max(0.0, (self.bound - points) / max(abs(self.bound), 1.0))

    def substitute(self, member: int) -> tuple[int, float] | None:
        """The best replacement of a member, and the points that it costs."""
        problem, team = self.problem, self.teams[0]
        rest = team[team != member]
        covers = np.maximum(problem.value - problem.value[rest].max(axis=0, initial=0.0), 0.0)
        bound = covers.sum(axis=1) + problem.merit + problem.bond_limit * len(rest)
        bound[member] = -np.inf
        place, gain = best_addition(problem, rest, bound, covers.sum(axis=1))
        if place < 0:
            return None
        return place, problem.points(team) - problem.points(rest) - gain

    def again(self, problem: TeamProblem, *, seconds: float) -> Self | None:
        """Solve again with a problem that differs in something.

        Parameters
        ----------
        problem : TeamProblem
            Of the same candidates.
        seconds : float
            Time for the exact stage, >= 0; 0 leaves it out.

        Returns
        -------
        Solution or None
            None if a candidate that must be in the team cannot be.
        """
        if not problem.permits(problem.first):
            return None
        teams, bound, n_compared = solved(problem, seconds=seconds, shortlist=self.n_compared)
        return replace(self, problem=problem, teams=teams, bound=bound, n_compared=n_compared)


def solved(
    problem: TeamProblem, *, seconds: float, n_alternatives: int = 0, shortlist: int
) -> tuple[list[Places], float | None, int]:
    """The best teams found for a problem: greedy, then a search among a shortlist, then proof.

    Parameters
    ----------
    problem : TeamProblem
        One that permits its first members.
    seconds : float
        Time for the exact stage, >= 0; 0 leaves it out.
    n_alternatives : int, default 0
        Further teams.
    shortlist : int
        Candidates the exact stage compares, >= 1.

    Returns
    -------
    tuple of (list of ndarray, float or None, int)
        Teams, the best first; what no team among those compared exceeds; how many were compared.
    """
    kept = shortlisted(problem, greedy_team(problem), shortlist)
    dense = problem.among(kept)
    teams, bound = searched(dense), None
    proven = exact_team(dense, seconds=seconds) if seconds > 0 else None
    if proven is not None:
        bound = proven.bound
        if proven.points > dense.points(teams[0]) + 1e-9:
            teams.insert(0, proven.team)
    teams = [teams[0], *next_best(dense, teams, n_alternatives)]
    return [kept[team] for team in teams], bound, len(kept)


def shortlisted(problem: TeamProblem, picked: Places, n: int) -> Places:
    """Greedy's picks, the best for each capability, and who would add most beside the picks."""
    n = max(n, len(picked))
    if len(problem) <= n:
        return np.arange(len(problem))
    alone = problem.value + problem.merit[:, None]
    champions = [
        np.argsort(np.where(own > 0, -worth, np.inf), kind="stable")[:_CHAMPIONS]
        for own, worth in zip(problem.value.T, alone.T, strict=True)
    ]
    gain = problem.value.sum(axis=1) + problem.merit
    near = np.argsort(-gain, kind="stable")[:_NEIGHBOURS]
    for member in picked:
        gain[near] += problem.pairs(np.full(len(near), member), near)[0]
    rest = near[np.argsort(-gain[near], kind="stable")]
    order = np.concatenate([problem.first, picked, *champions, rest]).astype(np.intp)
    _, first = np.unique(order, return_index=True)
    return np.sort(order[np.sort(first)][:n])
