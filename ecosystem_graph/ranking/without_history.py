"""Ranking without history: by the gap filled alone, with a stated weight."""

from dataclasses import replace
from typing import Final

import numpy as np

from ecosystem_graph.ranking.ranker import AdditiveRanker

#: Weight of the gain in log-odds per standard deviation within a list: stated, not fitted.
GAIN_WEIGHT: Final = 1.0


def by_gain_alone(learnt: AdditiveRanker) -> AdditiveRanker:
    """Ranker of the same signals in which only the gain has a weight, without clipping.

    A model fitted to joint wins ranks by resemblance to pairs that won together. Where nobody has
    won together, only the similarity of profiles remains, which ranks those first that fill no gap.

    Parameters
    ----------
    learnt : AdditiveRanker

    Returns
    -------
    AdditiveRanker
        With the intercept and the scale of the fitted one.
    """
    unbounded = np.full(len(learnt.names), np.inf)
    counts = np.array([name == "gain" for name in learnt.names])
    return replace(
        learnt,
        coefficients=np.where(counts, GAIN_WEIGHT, 0.0),
        least=-unbounded,
        most=unbounded,
    )
