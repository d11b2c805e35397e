"""What makes a team win the deals it goes for: terms, and weights where none could be learnt."""

from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.ranking.value.logit import Logit

#: Terms of coverage: the share of a deal's requirements that some member holds at least so
#: strongly. Strengths are those of :attr:`EcosystemGraph.held`: .25 is a capability inferred from
#: deals won, .6 one declared, .8 one with a reference, 1 a certificate.
LEVELS: Final = MappingProxyType(
    {"covered": 0.25, "covered_declared": 0.6, "covered_reference": 0.8, "covered_certified": 1.0}
)

#: Weights where there are too few lost deals to learn from: log-odds per unit of the term, the
#: standard deviation that states how sure we are, and the reason.
ASSUMED: Final = MappingProxyType(
    {
        "covered": (0.25, 0.15, "a capability seen in deals won is weak evidence of holding it"),
        "covered_declared": (
            1.25,
            0.5,
            "a team that can do all that is asked wins at more than four times the odds of one "
            "that can do nothing of it; most of that is being able to do it at all",
        ),
        "covered_reference": (0.25, 0.25, "a customer that vouches for it adds a little"),
        "covered_certified": (0.25, 0.25, "and so does a certificate"),
        "satisfaction": (
            4.0,
            1.5,
            "customers a quarter of the scale (one star in five) happier than average mean odds of "
            "winning nearly three times as high",
        ),
        "trust": (0.4, 0.2, "teams that have won before win more, by less for each further win"),
        "competition": (-0.8, 0.4, "members that sell the same in one market pull apart"),
        "presence": (0.3, 0.2, "customers prefer a team with somebody in their territory"),
        "size": (0.0, 0.2, "what a further member costs in agreement is in its other terms"),
    }
)

#: Log-odds that a team wins with nothing of what was required covered, and all else average.
ASSUMED_INTERCEPT: Final = -1.0

#: Directions that a fit must respect: more coverage, satisfaction or trust never lowers the odds of
#: winning, more competition among the members never raises them.
SIGNS: Final = MappingProxyType(
    {**dict.fromkeys(LEVELS, 1), "satisfaction": 1, "trust": 1, "competition": -1}
)

TERMS: Final = tuple(ASSUMED)


def assumed_winning() -> Logit:
    """Model of winning whose weights are assumptions: those of :data:`ASSUMED`.

    Examples
    --------
    >>> assumed_winning().weight("satisfaction")
    4.0
    """
    stated = {name: (weight, spread) for name, (weight, spread, _) in ASSUMED.items()}
    return Logit.assumed(stated, ASSUMED_INTERCEPT)


def worth(winning: Logit, held: csr_array) -> csr_array:
    """Log-odds that a capability adds to a deal which requires nothing else, by who holds it.

    The sum of the weights of the levels of :data:`LEVELS` that the strength reaches.

    Parameters
    ----------
    winning : Logit
    held : csr_array of shape (n_partners, n_capabilities)
        Strengths, 0..1.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Log-odds, >= 0.

    Examples
    --------
    >>> worth(assumed_winning(), csr_array([[0.1, 0.3, 0.6, 1.0]])).toarray()
    array([[0.  , 0.25, 1.5 , 2.  ]])
    """
    thresholds = np.array(list(LEVELS.values())) - 1e-9
    steps = np.cumsum([0.0, *(winning.weight(name) for name in LEVELS)])
    adds = steps[np.searchsorted(thresholds, held.data, side="right")]
    return tidy(csr_array((adds, held.indices, held.indptr), shape=held.shape, copy=True))


def coverage_levels(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whether a strength reaches each level, shape (n, n_levels), 0 or 1."""
    return (strength[:, None] >= np.array(list(LEVELS.values())) - 1e-9).astype(np.float64)
