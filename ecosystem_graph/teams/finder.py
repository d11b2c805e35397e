"""From a requirement to its team: who could, who would, who goes together."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.recommending.requests.requirement import Requirement
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.teams.requirement.team_requirement import (
    Joining,
    TeamRequirement,
    joining,
    resolved_requirement,
)
from ecosystem_graph.teams.rules.admission import Admission, Flags
from ecosystem_graph.teams.rules.pairing import Pairing
from ecosystem_graph.teams.rules.weights import MAX_SIZE, TeamWeights
from ecosystem_graph.teams.solving.problem import TeamProblem, Values
from ecosystem_graph.teams.solving.solution import Solution, solved

#: Candidates among which teams are compared after greedy has seen everybody.
SHORTLIST = 40


class TeamFinder:
    """Finds teams on one graph.

    Parameters
    ----------
    features : GraphFeatures
    learnt : tuple of (RequirementRanker, AdditiveRanker), optional
        What ranks partners for a lead, from :attr:`GraphRanker.requirement_ranker`.
    weights : TeamWeights, optional
    admission : Admission, optional
        Who may be in a team; whoever takes part and has an introduction left unless given.
    """

    def __init__(
        self,
        features: GraphFeatures,
        learnt: tuple[RequirementRanker, AdditiveRanker] | None = None,
        *,
        weights: TeamWeights | None = None,
        admission: Admission | None = None,
    ) -> None:
        self.features = features
        self.learnt = learnt
        self.weights = weights or TeamWeights()
        self.admission = admission or Admission(features)

    def resolved(self, requirement: Requirement) -> TeamRequirement:
        """See :func:`~ecosystem_graph.teams.requirement.team_requirement.resolved_requirement`."""
        return resolved_requirement(self.admission, requirement)

    def joining(self, requirements: Sequence[TeamRequirement]) -> list[Joining | None]:
        """Partners that could join the lead of each requirement, if a ranker is given."""
        if self.learnt is None:
            return [None] * len(requirements)
        return joining(*self.learnt, requirements)

    def solution(
        self,
        requirement: TeamRequirement,
        joining: Joining | None,
        *,
        size: int | None = None,
        seconds: float = 0.0,
        n_alternatives: int = 0,
        shortlist: int = SHORTLIST,
    ) -> Solution:
        """The best team found for a requirement.

        Greedy over all candidates, then a search among a shortlist, then the exact proof.

        Parameters
        ----------
        requirement : TeamRequirement
        joining : Joining or None
            From :meth:`joining`.
        size : int, optional
            Fill the team to so many members, the lead included; members that own nothing support.
        seconds : float, default 0
            Time for the exact stage; 0 leaves it out.
        n_alternatives : int, default 0
            Further teams.
        shortlist : int, default 40
            Candidates the exact stage compares, >= 1.

        Returns
        -------
        Solution
        """
        problem, strength, reasons = self._problem(requirement, joining, size)
        teams, bound, n_compared = solved(
            problem, seconds=seconds, n_alternatives=n_alternatives, shortlist=shortlist
        )
        return Solution(requirement, problem, strength, reasons, teams, bound, n_compared)

    def _problem(
        self, requirement: TeamRequirement, joining: Joining | None, size: int | None
    ) -> tuple[TeamProblem, Values, dict[str, Flags]]:
        weights, limit = self.weights, requirement.stated.max_size
        most = size or limit or MAX_SIZE
        reasons = self.admission.reasons(requirement.market, requirement.lead, requirement.excluded)
        open_to = ~np.logical_or.reduce(list(reasons.values()))
        who = self._candidates(requirement, joining if size else None, open_to)
        strength = self._strength(requirement, who)
        pairing = Pairing(self.admission, requirement.market, weights, max(most - 1, 1))
        above = self.features.satisfaction.above_average[who]
        problem = TeamProblem(
            partners=who,
            value=self.value(requirement, strength),
            merit=self._likelihood(requirement, joining, who)
            + weights.satisfaction * above
            - weights.seat,
            pairs=lambda left, right: pairing(who[left], who[right]),
            bond_limit=pairing.limit,
            max_size=most,
            lead=int(np.searchsorted(who, requirement.lead)) if requirement.lead >= 0 else -1,
            filled=size is not None,
        )
        return problem, strength, reasons

    def _candidates(
        self, requirement: TeamRequirement, joining: Joining | None, open_to: Flags
    ) -> NDArray[np.intp]:
        """Positions of the lead and of all that may join and hold a required capability."""
        found = open_to & False
        for column in requirement.capabilities:
            found[self.holders(column)[0]] = True
        if joining is not None:
            found[joining.partners] = True
        found &= open_to
        if requirement.lead >= 0:
            found[requirement.lead] = True
        return np.flatnonzero(found)

    def _strength(self, requirement: TeamRequirement, who: NDArray[np.intp]) -> Values:
        strength = np.zeros((len(who), len(requirement.capabilities)))
        for place, column in enumerate(requirement.capabilities):
            holders, held = self.holders(column)
            everybody = np.zeros(self.features.graph.n_partners)
            everybody[holders] = held
            strength[:, place] = everybody[who]
        scaled: Values = np.where(requirement.market.active[who, None], 1.0, self.weights.elsewhere)
        return strength * scaled

    def value(self, requirement: TeamRequirement, strength: Values) -> Values:
        """Points for owning each required capability, given how strongly it is held.

        Parameters
        ----------
        requirement : TeamRequirement
        strength : ndarray of shape (n_candidates, n_required)
            In the territory, 0..1; what is not held cannot be owned.

        Returns
        -------
        ndarray of shape (n_candidates, n_required)
        """
        weights, demand = self.weights, requirement.shares * len(requirement.shares)
        points = weights.ownership + weights.strength * demand * strength
        value: Values = np.where(strength > 0, points, 0.0)
        return value

    def holders(self, capability: int) -> tuple[NDArray[np.int32], Values]:
        """Positions of the holders of a capability, and how strongly they hold it, 0..1."""
        held = self._held_by
        begin, end = held.indptr[capability], held.indptr[capability + 1]
        return held.indices[begin:end], held.data[begin:end]

    @cached_property
    def _held_by(self) -> csc_array:
        return self.features.graph.held.tocsc()

    def _likelihood(
        self, requirement: TeamRequirement, joining: Joining | None, who: NDArray[np.intp]
    ) -> Values:
        """Log-odds that each joins, less those of the likeliest, `-reach` at least."""
        reach = self.weights.reach
        if joining is None or not len(joining.partners):
            experience = self.features.experience
            known: Values = np.asarray(
                experience[who][:, requirement.capabilities] @ requirement.shares
            )
            best = known.max(initial=0.0)
            return -reach * (1.0 - known / best) if best > 0 else known
        log_odds = np.full(self.features.graph.n_partners, -np.inf)
        log_odds[joining.partners] = joining.log_odds
        best = log_odds[who].max(initial=-np.inf)
        if best == -np.inf:
            return np.full(len(who), -reach)
        behind: Values = np.maximum(log_odds[who] - best, -reach)
        return behind
