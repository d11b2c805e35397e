"""Why a pair scores what it scores: contributions that add up, and the facts behind them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.list_kernels import largest_terms
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.printing import Printed
from ecosystem_graph.ranking.explanation.contribution import Contribution, contributions_of
from ecosystem_graph.ranking.explanation.evidence_path import Link, evidence_paths
from ecosystem_graph.ranking.explanation.pair_facts import (
    Belief,
    Rivalry,
    Trust,
    belief,
    rivalry,
    trust,
)
from ecosystem_graph.ranking.policy import Policy
from ecosystem_graph.ranking.scorer import PairScorer, Probability

#: Shared collaborators and capabilities an explanation names.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class SharedDeal:
    """A deal both partners won."""

    deal_id: str
    closed_on: date
    team_size: int


@dataclass(frozen=True, slots=True)
class Chance:
    """Chance of a joint win, 0..1, its 90 % interval, and the pairs of the past behind it."""

    probability: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Value:
    """What an introduction adds, and what that rests on.

    Attributes
    ----------
    uplift, low, high : float
        Points, -1..1, that it is expected to add to the partner's probability of winning what its
        markets ask for; and the 90 % interval.
    reciprocal_uplift : float
        The same for the collaborator.
    acceptance : float
        Probability that the introduction is accepted, 0..1.
    learnt : bool
        Whether what makes a team win was learnt from deals won and lost, or is assumed.
    weight : float
        Log-odds of the score per log-odds of winning that the introduction adds.
    """

    uplift: float
    low: float
    high: float
    reciprocal_uplift: float
    acceptance: float
    learnt: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation(Printed):
    """A score taken apart, with the evidence behind it.

    Attributes
    ----------
    partner_id, partner_name, collaborator_id, collaborator_name : str
    score : float
        Log-odds: intercept plus contributions, in this order. The part `joining`, with the
        intercept, is that of a joint win within the horizon; `benefit` is what the two would be
        better at together, times the weight of uplift.
    intercept : float
    contributions : tuple of Contribution
        The largest share of the score first.
    may_be_proposed : bool
        False where an opt-out, a restriction, a common owner or an introduction forbids the pair.
    shared_deals : tuple of SharedDeal
        What both won, latest first.
    shared_collaborators : tuple of str
        Names of partners both have won with, those with the strongest ties to both first.
    gaps_filled, brings : tuple of str
        Names of capabilities in demand that the collaborator has and the partner lacks, and the
        other way round.
    chance : Chance or None
        Of a joint win within the horizon; None where there was too little history to tell.
    value : Value or None
        What the introduction adds; None where nothing says what is required of the partner.
    paths : tuple of tuple of Link
        Chains of joint wins that lead from the partner to the collaborator.
    trust : Trust or None
    satisfaction, own_satisfaction : Belief or None
        With the collaborator, and with the partner.
    rivalry : Rivalry or None
        Each is None where the tables tell nothing of it.
    """

    partner_id: str
    partner_name: str
    collaborator_id: str
    collaborator_name: str
    score: float
    intercept: float
    contributions: tuple[Contribution, ...]
    may_be_proposed: bool
    shared_deals: tuple[SharedDeal, ...]
    shared_collaborators: tuple[str, ...]
    gaps_filled: tuple[str, ...]
    brings: tuple[str, ...]
    chance: Chance | None = None
    value: Value | None = None
    paths: tuple[tuple[Link, ...], ...] = ()
    trust: Trust | None = None
    satisfaction: Belief | None = None
    own_satisfaction: Belief | None = None
    rivalry: Rivalry | None = None


def pair_explanation(
    scorer: PairScorer, policy: Policy, source: int, target: int, *, permitted: bool
) -> Explanation:
    """Take one pair's score apart.

    Parameters
    ----------
    scorer : PairScorer
        The one that scores the pair.
    policy : Policy
        What is added to its score.
    source, target : int
        Positions of the partner and the collaborator.
    permitted : bool
        Whether the pair may be proposed.

    Returns
    -------
    Explanation
    """
    features, ranker = scorer.finder.features, scorer.ranker
    graph = features.graph
    sources, targets = np.array([source]), np.array([target])
    contributions = contributions_of(scorer, policy, source, target)
    chance = scorer.probability(sources, targets)
    shared = largest_terms(features.ties, features.ties, sources, targets, _NAMED)
    filled = largest_terms(features.gaps, features.firmly_held, sources, targets, _NAMED)
    brought = largest_terms(features.gaps, features.firmly_held, targets, sources, _NAMED)
    return Explanation(
        partner_id=graph.index.ids[source],
        partner_name=graph.index.names[source],
        collaborator_id=graph.index.ids[target],
        collaborator_name=graph.index.names[target],
        score=ranker.intercept + sum(part.log_odds for part in contributions),
        intercept=ranker.intercept,
        contributions=contributions,
        may_be_proposed=permitted,
        shared_deals=_shared_deals(graph, source, target),
        shared_collaborators=_named(graph.index.names, shared[0]),
        gaps_filled=_named(graph.taxonomy.names, filled[0]),
        brings=_named(graph.taxonomy.names, brought[0]),
        chance=None if chance is None else Chance(*_first(chance)),
        value=_value(policy, sources, targets),
        paths=evidence_paths(features, source, target),
        trust=trust(features, sources, targets),
        satisfaction=belief(features, target),
        own_satisfaction=belief(features, source),
        rivalry=rivalry(features, sources, targets),
    )


def _value(policy: Policy, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> Value | None:
    benefit = policy.benefit
    if benefit is None or not benefit.known:
        return None
    ours, theirs = benefit.uplift(sources, targets), benefit.uplift(targets, sources)
    return Value(
        float(ours.mean[0]),
        float(ours.low[0]),
        float(ours.high[0]),
        float(theirs.mean[0]),
        float(benefit.acceptance(sources, targets)[0]),
        benefit.winning.learnt,
        policy.uplift_weight,
    )


def _first(chance: Probability) -> tuple[float, float, float, int]:
    return float(chance.mean[0]), float(chance.low[0]), float(chance.high[0]), int(chance.n[0])


def _named(names: NDArray[np.object_], positions: NDArray[np.int32]) -> tuple[str, ...]:
    return tuple(names[position] for position in positions if position >= 0)


def _shared_deals(graph: EcosystemGraph, source: int, target: int) -> tuple[SharedDeal, ...]:
    both = graph.incidence[[source]].multiply(graph.incidence[[target]]).nonzero()[1]
    deals = graph.deals[both].select("deal_id", "closed_on", team_size=graph.team_size[both])
    deals = deals.sort("closed_on", "deal_id", descending=[True, False])
    return tuple(SharedDeal(deal_id, day, int(size)) for deal_id, day, size in deals.iter_rows())
