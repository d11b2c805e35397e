"""What each signal adds to the score of one pair."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ecosystem_graph.ranking.policy import Policy
from ecosystem_graph.ranking.scorer import PairScorer
from ecosystem_graph.signals import ALL_SIGNALS, SIGNALS

Part = Literal["joining", "benefit", "policy"]

#: Name, description and unit of each term of the benefit.
_BENEFIT = {
    "coverage": (
        "adds_coverage",
        "required capabilities that the collaborator newly covers",
        "log-odds of winning, >= 0",
    ),
    "satisfaction": (
        "adds_satisfaction",
        "customer satisfaction of the two, above that with the partner alone",
        "share of the scale, -1..1",
    ),
    "trust": ("adds_trust", "joint wins of the two so far", "log of one and their number, >= 0"),
    "competition": ("adds_competition", "competition within the team", "probability, 0..1"),
    "size": ("adds_size", "one more member to agree with", "log of two"),
}


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
    part : {"joining", "benefit", "policy"}
        What the share belongs to: how likely the two are to work together, how much better they
        would be at it together than one alone, or the vendor's policy.
    """

    signal: str
    description: str
    value: float
    unit: str
    log_odds: float
    policy: bool = False
    clipped: bool = False
    part: Part = "joining"


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
    added = policy.parts(features, sources, targets)
    if policy.counts_benefit and policy.benefit is not None:
        changes = policy.benefit.changes(sources, targets)
        parts += [
            Contribution(
                *_BENEFIT[name][:2],
                float(change[0]),
                _BENEFIT[name][2],
                float(added[name][0]),
                part="benefit",
            )
            for name, change in changes.items()
        ]
    if features.markets.known:
        competition = SIGNALS["competition"].values(features, sources, targets)
        price = float(added["price"][0]) if "price" in added else 0.0
        parts.append(_contribution("competition", competition[0], price))
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
        part="joining" if signal.learnt else "policy",
    )
