"""Pairs that serve both sides: what a joint win is worth where only one of them gains."""

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.errors import DataError
from ecosystem_graph.signals import GraphFeatures, PairFeatures
from ecosystem_graph.signals.demand.complementarity import reciprocal

#: What moved a row that stands elsewhere for it.
BY_RECIPROCITY = "moved_by_reciprocity"

#: Gain added to that of each side, a thousandth of the demand on it: who gains nothing ranks lower
#: and is not lost. Horizon 2020 at 2018-01-01, one year, where hubs lack next to nothing: with a
#: hundredth the smaller gain rises by a sixth, with a thousandth it nearly triples.
LEAST_GAIN = 0.001

#: Exponent of the gains. Half costs 2 to 4 % of nDCG@10 (Horizon 2020 at 2017-01-01 and
#: 2018-01-01, one year) and doubles the share of pairs in which both gain; 1 costs 11 to 14 %.
_EXPONENT = 0.5


def reciprocity(pairs: PairFeatures) -> NDArray[np.float64]:
    """What both sides' gains add to the log-odds of each pair when lists are to serve both.

    A pair is worth ``odds * H(gain(A<-B) + 0.001, gain(B<-A) + 0.001) ** 0.5``, H the harmonic
    mean, which follows the smaller of the two: of the means that were compared it buys most gain
    of the side that gains less for the accuracy it costs (the geometric mean raises the larger).
    The same for both sides.

    Parameters
    ----------
    pairs : PairFeatures

    Returns
    -------
    ndarray of shape (n_pairs,)
        Log-odds, from -3.5 where neither gains to 0.

    Raises
    ------
    DataError
        If no demand is known, and so no gain.

    References
    ----------
    Pizzato, L. et al. (2010). RECON: a reciprocal recommender for online dating. RecSys.
    doi:10.1145/1864708.1864747. Palomares, I. et al. (2021). Reciprocal recommender systems:
    analysis of state-of-art literature, challenges and opportunities. arXiv:2007.16120
    """
    check_demand(pairs.features)
    both = reciprocal(pairs.gain + LEAST_GAIN, pairs.reciprocal_gain + LEAST_GAIN)
    worth: NDArray[np.float64] = _EXPONENT * np.log(np.minimum(both, 1.0))
    return worth


def check_demand(features: GraphFeatures) -> None:
    """Refuse to rank by what both sides gain where nothing says what anybody needs.

    Raises
    ------
    DataError
    """
    if not features.demand.nnz:
        raise DataError(
            "lists cannot be ordered by what both sides gain: nothing says what anybody needs. "
            "Give deal_requirements, partner_capabilities or objectives, or rank without asking "
            "for reciprocity."
        )
