"""What each signal adds to the score of one pair."""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.ranking.policy import Policy
from ecosystem_graph.ranking.scorer import PairScorer
from ecosystem_graph.signals import ALL_SIGNALS, SIGNALS


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one signal adds to a score.

    Attributes
    ----------
    signal : str
        Its name.
    description : str
        What it tells, in a user's words.
    value : float
        The signal itself.
    unit : str
        The unit and range of `value`.
    log_odds : float
        Its share of the score.
    policy : bool
        Whether the share is a policy of the user's rather than learnt.
    clipped : bool
        Whether the signal goes beyond what was learnt on; it counts as the nearest that was.
    """

    signal: str
    description: str
    value: float
    unit: str
    log_odds: float
    policy: bool = False
    clipped: bool = False


def contributions_of(
    scorer: PairScorer, policy: Policy, source: int, target: int
) -> tuple[Contribution, ...]:
    """What every signal and the policy add to one pair's score, the largest share first.

    Parameters
    ----------
    scorer : PairScorer
        The one that scores the pair.
    policy : Policy
        What is added to its score.
    source, target : int
        Positions.

    Returns
    -------
    tuple of Contribution
        They and the ranker's intercept add up to the score exactly.
    """
    sources, targets = np.array([source]), np.array([target])
    features, ranker = scorer.finder.features, scorer.ranker
    values = scorer.values(sources, targets)
    pair = values, sources, scorer.lists(sources)
    learnt, clipped = ranker.contributions(*pair)[0], ranker.beyond(*pair)[0]
    parts = [
        _contribution(name, value, share, clipped=bool(past))
        for name, value, share, past in zip(ranker.names, values[0], learnt, clipped, strict=True)
    ]
    if features.markets.known:
        competition = SIGNALS["competition"].values(features, sources, targets)
        priced, _ = policy.terms(features, sources, targets)
        parts.append(_contribution("competition", competition[0], priced[0]))
    return tuple(sorted(parts, key=lambda part: -abs(part.log_odds)))


def _contribution(
    name: str, value: float, log_odds: float, *, clipped: bool = False
) -> Contribution:
    signal = ALL_SIGNALS[name]
    return Contribution(
        name,
        signal.description,
        float(value),
        signal.unit,
        float(log_odds),
        policy=not signal.learnt,
        clipped=clipped,
    )
