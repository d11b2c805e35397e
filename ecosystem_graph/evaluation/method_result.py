"""The figures of one method: how good its lists are, and whom they show."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.holdout import Holdout
from ecosystem_graph.evaluation.metrics import (
    METRICS,
    catalogue_coverage,
    exposure_gini,
    max_load,
)
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.evaluation.summary import intervals
from ecosystem_graph.graph import Eligibility
from ecosystem_graph.lists.reranking.diversity import Likeness, within_lists
from ecosystem_graph.signals import SIGNALS, GraphFeatures, PairFeatures

#: Gain from which on a side counts as gaining: a thousandth of the demand on it.
_SOME_GAIN = 0.001


@dataclass(frozen=True, slots=True)
class MethodResult:
    """How one method did.

    Attributes
    ----------
    metrics : dict of str to Interval
        Mean over sources, with its 95 % bootstrap interval.
    cold : dict of str to Interval
        The same over the cold slice; empty if it is empty.
    without : dict of str to Interval
        The same over those of it without any joint win; empty if there are none.
    coverage : float
        Share of the eligible partners that stand in some list, 0..1.
    gini : float
        Inequality of how often eligible partners stand in lists, 0..1.
    max_load : int
        Lists the most listed partner stands in.
    gain : float or None
        Mean demand that the listed would newly cover, 0..1; None where no demand is known.
    competition : float or None
        Mean competition with the listed, 0..1; None where no sales are on record.
    seconds : float
        What learning and ranking took.
    smaller_gain, both_gain : float or None
        Mean gain of the side that gains less, 0..1, and share of pairs in which either side gains
        more than a thousandth of the demand on it; None where no demand is known.
    likeness : float
        Mean likeness of two partners in one list, 0..1.
    """

    metrics: dict[str, Interval]
    cold: dict[str, Interval]
    without: dict[str, Interval]
    coverage: float
    gini: float
    max_load: int
    gain: float | None
    competition: float | None
    seconds: float
    smaller_gain: float | None = None
    both_gain: float | None = None
    likeness: float = 0.0


def method_result(
    holdout: Holdout,
    features: GraphFeatures,
    ranked: NDArray[np.intp],
    seconds: float,
    protocol: BacktestProtocol,
) -> MethodResult:
    """Figures of one method's lists.

    Parameters
    ----------
    holdout : Holdout
    features : GraphFeatures
        Of its graph.
    ranked : ndarray of int, shape (n_sources, k)
        Lists as :mod:`~ecosystem_graph.evaluation.metrics` takes them.
    seconds : float
        What learning and ranking took.
    protocol : BacktestProtocol

    Returns
    -------
    MethodResult
    """
    per_source = {
        name: metric(ranked, holdout.truth, k=protocol.k) for name, metric in METRICS.items()
    }

    def means(chosen: NDArray[np.bool_]) -> dict[str, Interval]:
        if not chosen.any():
            return {}
        return intervals(
            {name: values[chosen] for name, values in per_source.items()}, protocol.seed
        )

    # Exposure is a matter among eligible partners: they are counted from 0 on, without gaps.
    place = np.append(np.cumsum(holdout.eligible) - 1, -1)
    listed, n_eligible = place[ranked], int(holdout.eligible.sum())
    rows, columns = np.nonzero(ranked >= 0)
    pairs = PairFeatures(features, holdout.sources[rows], ranked[rows, columns])
    on_record = {"gain": bool(features.demand.nnz), "competition": features.markets.known}
    shares = {
        name: float(SIGNALS[name].of(pairs).mean()) if known and len(rows) else None
        for name, known in on_record.items()
    }
    smaller = (
        np.minimum(pairs.gain, pairs.reciprocal_gain) if on_record["gain"] and len(rows) else None
    )
    return MethodResult(
        metrics=means(np.ones(len(holdout.sources), dtype=bool)),
        cold=means(holdout.cold),
        without=means(holdout.joint_wins == 0),
        coverage=catalogue_coverage(listed, n_eligible),
        gini=exposure_gini(listed, n_eligible),
        max_load=max_load(listed, n_eligible),
        **shares,
        seconds=seconds,
        smaller_gain=None if smaller is None else float(smaller.mean()),
        both_gain=None if smaller is None else float((smaller > _SOME_GAIN).mean()),
        likeness=within_lists(Likeness.of(features, Eligibility.from_graph(holdout.graph)), ranked),
    )
