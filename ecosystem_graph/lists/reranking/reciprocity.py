"""Reciprocity: a lower utility for pairs of which only one side gains."""

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.errors import DataError
from ecosystem_graph.signals import GraphFeatures, PairFeatures
from ecosystem_graph.signals.demand.complementarity import reciprocal

#: Flag of a row whose rank reciprocity changed.
BY_RECIPROCITY = "moved_by_reciprocity"

#: Gain added to that of each side, a thousandth of the demand on it, so that a pair without gain
#: for one side ranks lower and is not excluded. Horizon 2020 at 2018-01-01, one year, where hubs
#: have almost no gaps: with a hundredth the smaller gain rises by a sixth, with a thousandth it
#: nearly triples.
LEAST_GAIN = 0.001

#: Exponent of the gains. Half costs 2 to 4 % of nDCG@10 (Horizon 2020 at 2017-01-01 and
#: 2018-01-01, one year) and doubles the share of pairs in which both gain; 1 costs 11 to 14 %.
_EXPONENT = 0.5


def reciprocity(pairs: PairFeatures) -> NDArray[np.float64]:
    """Log-odds added to each pair for the gains of both sides, in reciprocal lists.

    The utility of a pair is ``odds * H(gain(A<-B) + 0.001, gain(B<-A) + 0.001) ** 0.5``, with H
    the harmonic mean, which follows the smaller gain: of the means that were compared it raises
    the gain of the side that gains less the most for its cost in accuracy (the geometric mean
    raises the larger gain). The value is the same for both sides.

    Parameters
    ----------
    pairs : PairFeatures

    Returns
    -------
    ndarray of shape (n_pairs,)
        Log-odds, from -3.5 where neither side gains to 0.

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
    log_odds: NDArray[np.float64] = _EXPONENT * np.log(np.minimum(both, 1.0))
    return log_odds


def check_demand(features: GraphFeatures) -> None:
    """Refuse to rank by the gains of both sides where the tables state no need.

    Raises
    ------
    DataError
    """
    if not features.demand.nnz:
        raise DataError(
            "lists cannot be ordered by the gains of both sides: the tables state no needs. "
            "Give deal_requirements, partner_capabilities or objectives, or rank without asking "
            "for reciprocity."
        )
