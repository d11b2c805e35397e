"""What each signal adds to the score of one pair."""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.policy import Policy
from ecosystem_graph.ranking.scorer import Scorer
from ecosystem_graph.signals import SIGNALS


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
    policy : bool
        Whether the share is a policy of the user's rather than learnt.
    clipped : bool
        Whether the signal goes beyond what was learnt on; it counts as the nearest that was.
    """

    signal: str
    says: str
    value: float
    unit: str
    log_odds: float
    policy: bool = False
    clipped: bool = False


def contributions_of(
    scorer: Scorer, policy: Policy, source: int, target: int
) -> tuple[Contribution, ...]:
    """What every signal and the policy add to one pair's score, the largest share first.

    Parameters
    ----------
    scorer : Scorer
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
    names = [*ranker.names, "competition"]
    values = feature_matrix(features, names, sources, targets)[0]
    pair = values[np.newaxis, :-1], sources, scorer.lists(sources)
    learnt, clipped = ranker.contributions(*pair)[0], ranker.beyond(*pair)[0]
    priced, _ = policy.terms(features, sources, targets)
    shares = np.concatenate([learnt, priced])
    told = [
        Contribution(
            name,
            SIGNALS[name].description,
            float(value),
            SIGNALS[name].unit,
            float(share),
            policy=not SIGNALS[name].learnt,
            clipped=bool(past),
        )
        for name, value, share, past in zip(names, values, shares, [*clipped, False], strict=True)
    ]
    told = told if features.markets.known else told[:-1]
    return tuple(sorted(told, key=lambda part: -abs(part.log_odds)))
