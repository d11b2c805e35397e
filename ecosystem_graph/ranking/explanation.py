"""Why a pair scores what it scores: contributions that add up, and the facts behind them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.list_kernels import largest_terms
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.signals import SIGNALS, Evidence

#: Shared collaborators and capabilities an explanation names.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one signal adds to a score.

    Attributes
    ----------
    signal : str
        Its name.
    says : str
        What it tells, in a user's words.
    value : float
        The signal itself.
    unit : str
        The unit and range of `value`.
    log_odds : float
        Its share of the score.
    """

    signal: str
    says: str
    value: float
    unit: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class SharedDeal:
    """A deal both partners won."""

    deal_id: str
    closed_on: date
    team_size: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart, with the evidence behind it.

    Attributes
    ----------
    partner_id, collaborator_id : str
    score : float
        Log-odds of a joint win within the horizon: intercept plus contributions, in this order.
    intercept : float
    contributions : tuple of Contribution
        The largest share of the score first.
    may_be_proposed : bool
        False where an opt-out, a restriction or a common owner forbids the pair.
    shared_deals : tuple of SharedDeal
        What both won, latest first.
    shared_collaborators : tuple of str
        Names of partners both have won with, those with the strongest ties to both first.
    gaps_filled, brings : tuple of str
        Names of capabilities in demand that the collaborator has and the partner lacks, and the
        other way round.
    """

    partner_id: str
    collaborator_id: str
    score: float
    intercept: float
    contributions: tuple[Contribution, ...]
    may_be_proposed: bool
    shared_deals: tuple[SharedDeal, ...]
    shared_collaborators: tuple[str, ...]
    gaps_filled: tuple[str, ...]
    brings: tuple[str, ...]


def pair_explanation(
    evidence: Evidence, ranker: AdditiveRanker, source: int, target: int, *, permitted: bool
) -> Explanation:
    """Take one pair's score apart.

    Parameters
    ----------
    evidence : Evidence
    ranker : AdditiveRanker
        The one that scores the pair.
    source, target : int
        Positions of the partner and the collaborator.
    permitted : bool
        Whether the pair may be proposed.

    Returns
    -------
    Explanation
    """
    graph = evidence.graph
    sources, targets = np.array([source]), np.array([target])
    values = feature_matrix(evidence, ranker.names, sources, targets)
    shares = ranker.contributions(values)
    order = np.argsort(-np.abs(shares[0]), kind="stable")
    contributions = tuple(
        Contribution(
            ranker.names[column],
            SIGNALS[ranker.names[column]].says,
            float(values[0, column]),
            SIGNALS[ranker.names[column]].unit,
            float(shares[0, column]),
        )
        for column in order
    )
    shared = largest_terms(evidence.ties, evidence.ties, sources, targets, _NAMED)
    filled = largest_terms(evidence.gaps, evidence.firmly_held, sources, targets, _NAMED)
    brought = largest_terms(evidence.gaps, evidence.firmly_held, targets, sources, _NAMED)
    return Explanation(
        partner_id=graph.index.ids[source],
        collaborator_id=graph.index.ids[target],
        score=float(ranker.score(values)[0]),
        intercept=ranker.intercept,
        contributions=contributions,
        may_be_proposed=permitted,
        shared_deals=_shared_deals(graph, source, target),
        shared_collaborators=_named(graph.index.names, shared[0]),
        gaps_filled=_named(graph.taxonomy.names, filled[0]),
        brings=_named(graph.taxonomy.names, brought[0]),
    )


def _named(names: NDArray[np.object_], positions: NDArray[np.int32]) -> tuple[str, ...]:
    return tuple(names[position] for position in positions if position >= 0)


def _shared_deals(graph: EcosystemGraph, source: int, target: int) -> tuple[SharedDeal, ...]:
    both = graph.incidence[[source]].multiply(graph.incidence[[target]]).nonzero()[1]
    deals = graph.deals[both].select("deal_id", "closed_on", team_size=graph.team_size[both])
    deals = deals.sort("closed_on", "deal_id", descending=[True, False])
    return tuple(SharedDeal(deal_id, day, int(size)) for deal_id, day, size in deals.iter_rows())
