"""What ranks where nobody has won together yet: the gap filled, by a stated weight."""

from dataclasses import replace
from typing import Final

import numpy as np

from ecosystem_graph.ranking.ranker import AdditiveRanker

#: Log-odds per spread of the gain within a list: stated, not learnt.
GAIN_WEIGHT: Final = 1.0


def by_gain_alone(learnt: AdditiveRanker) -> AdditiveRanker:
    """Ranker of the same signals, of which only the gain counts, however far it stands out.

    What a model learnt of joint wins is who resembles those that won together. Where nobody has,
    only the likeness of profiles is left of it, and whoever fills no gap would come first.

    Parameters
    ----------
    learnt : AdditiveRanker

    Returns
    -------
    AdditiveRanker
        With the intercept and the scale of the one learnt.
    """
    unbounded = np.full(len(learnt.names), np.inf)
    counts = np.array([name == "gain" for name in learnt.names])
    return replace(
        learnt,
        coefficients=np.where(counts, GAIN_WEIGHT, 0.0),
        least=-unbounded,
        most=unbounded,
    )
