"""Whether a partner accepts an introduction: terms of a pair, and a constant without history."""

from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.signals import SIGNALS, GraphFeatures

#: Signals of a pair that its acceptance may depend on: business in the same territories, nearness
#: in the network of joint wins, likeness of what both can do, how often the two types win together,
#: and competition.
ACCEPTING_SIGNALS: Final = (
    "territory_overlap",
    "embedding_affinity",
    "profile_similarity",
    "type_affinity",
    "competition",
)

#: Difference of the logarithms of one and the number of collaborators of each.
STATURE_GAP: Final = "stature_gap"

TERMS: Final = (*ACCEPTING_SIGNALS, STATURE_GAP)

#: Directions that a fit must respect. Programs introduce near partners for other reasons than
#: distant ones, so that what they were introduced for can look like a reason to decline.
SIGNS: Final = MappingProxyType(
    {"territory_overlap": 1, "embedding_affinity": 1, "competition": -1, "stature_gap": -1}
)

#: Share of introductions that is accepted where too few have been decided: even odds.
ASSUMED_RATE: Final = 0.5


def constant_acceptance(n_accepted: int = 0, n_decided: int = 0) -> Logit:
    """Model in which every pair accepts alike; the rate is shrunk towards even odds.

    Examples
    --------
    >>> constant_acceptance(9, 10).probability(np.zeros((1, 0))).round(3)
    array([0.786])
    """
    rate = (n_accepted + 4 * ASSUMED_RATE) / (n_decided + 4)
    spread = 1.0 / np.sqrt((n_decided + 4) * rate * (1 - rate))
    return Logit((), np.zeros(0), float(logit(rate)), np.array([[spread**2]]), n_decided)


def acceptance_terms(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Terms of each pair, in the order of :data:`TERMS`, shape (n_pairs, n_terms)."""
    columns = [SIGNALS[name].values(features, sources, targets) for name in ACCEPTING_SIGNALS]
    standing = np.log1p(features.graph.degree)
    columns.append(np.abs(standing[sources] - standing[targets]))
    return np.stack(columns, axis=1)
