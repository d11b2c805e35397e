"""What separates one pair's score from another's in the same list, and what would close the gap."""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.ranking.explanation.contribution import contributions_of
from ecosystem_graph.ranking.policy import Policy
from ecosystem_graph.ranking.scorer import PairScorer


@dataclass(frozen=True, slots=True)
class Difference:
    """What one signal takes a pair behind another of the same list.

    Attributes
    ----------
    signal, description, unit : str
        As in :class:`Contribution`.
    value, value_of_other : float
        The signal itself, of the pair and of the other.
    log_odds : float
        Contribution to the other's score less that to the pair's: positive where the pair is
        behind.
    needed : float or None
        Value with which the pair would come level, everything else unchanged; None where it is
        not behind in it, or no candidate of the list goes that far.
    """

    signal: str
    description: str
    unit: str
    value: float
    value_of_other: float
    log_odds: float
    needed: float | None = None


def differences(
    scorer: PairScorer, policy: Policy, source: int, target: int, other: int
) -> tuple[Difference, ...]:
    """What separates one pair's score from another's, where it is most behind first.

    Parameters
    ----------
    scorer : PairScorer
    policy : Policy
    source : int
        Position of the partner whose list it is.
    target, other : int
        Positions of two collaborators.

    Returns
    -------
    tuple of Difference
        Their log-odds add up to the difference of the two scores exactly.
    """
    ours = contributions_of(scorer, policy, source, target)
    theirs = {part.signal: part for part in contributions_of(scorer, policy, source, other)}
    gap = sum(theirs[part.signal].log_odds - part.log_odds for part in ours)
    told = [
        Difference(
            signal=part.signal,
            description=part.description,
            unit=part.unit,
            value=part.value,
            value_of_other=theirs[part.signal].value,
            log_odds=theirs[part.signal].log_odds - part.log_odds,
            needed=_needed(scorer, source, part.signal, part.log_odds + gap)
            if gap > 0 and part.part == "joining" and theirs[part.signal].log_odds > part.log_odds
            else None,
        )
        for part in ours
    ]
    return tuple(sorted(told, key=lambda part: (-part.log_odds, part.signal)))


def _needed(scorer: PairScorer, source: int, signal: str, log_odds: float) -> float | None:
    """Value of a signal that contributes so much, if candidates of the source go that far."""
    ranker, sources = scorer.ranker, np.array([source])
    column = ranker.names.index(signal)
    lists = scorer.lists(sources)
    stands_out = log_odds / ranker.coefficients[column]
    level = float(stands_out * lists.spread[0, column] + lists.centre[0, column])
    pairs, _ = scorer.candidates(sources, scorer.finder, scorer.finder.n_scored)
    of_candidates = scorer.values(pairs.sources, pairs.targets)[:, column]
    z = ranker.scale.column_z_scores(column, of_candidates)
    learnt = ranker.least[column] <= stands_out <= ranker.most[column]
    within_reach = learnt and (z >= level).any() and (z <= level).any()
    return ranker.scale.value(column, level) if within_reach else None
