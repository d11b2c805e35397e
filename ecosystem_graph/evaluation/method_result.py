"""The figures of one method: how good its lists are, and whom they show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.signals import SIGNALS, PairFeatures

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
    uplift : float or None
        Mean probability of winning that introductions to the listed are expected to add, by the
        model at work, -1..1; None where nothing says what partners need.
    satisfaction : float or None
        Mean satisfaction with the listed, 0..1 of the scale; None where there are no responses.
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
    uplift: float | None = None
    satisfaction: float | None = None


def method_result(
    holdout: Holdout,
    benefit: Benefit,
    ranked: NDArray[np.intp],
    seconds: float,
    protocol: BacktestProtocol,
) -> MethodResult:
    """Figures of one method's lists.

    Parameters
    ----------
    holdout : Holdout
    benefit : Benefit
        What introductions add, on its graph.
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
    sides = holdout.sources[rows], ranked[rows, columns]
    return MethodResult(
        metrics=means(np.ones(len(holdout.sources), dtype=bool)),
        cold=means(holdout.cold),
        without=means(holdout.joint_wins == 0),
        coverage=catalogue_coverage(listed, n_eligible),
        gini=exposure_gini(listed, n_eligible),
        max_load=max_load(listed, n_eligible),
        **_of_pairs(benefit, *sides),
        seconds=seconds,
        likeness=within_lists(
            Likeness.of(benefit.features, Eligibility.from_graph(holdout.graph)), ranked
        ),
    )


def _of_pairs(
    benefit: Benefit, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> dict[str, float | None]:
    """Means over the pairs listed, None for what the tables do not hold."""
    features = benefit.features
    pairs = PairFeatures(features, sources, targets)
    measures: dict[str, tuple[bool, Callable[[], NDArray[Any]]]] = {
        "gain": (bool(features.demand.nnz), lambda: pairs.gain),
        "smaller_gain": (
            bool(features.demand.nnz),
            lambda: np.minimum(pairs.gain, pairs.reciprocal_gain),
        ),
        "both_gain": (
            bool(features.demand.nnz),
            lambda: np.minimum(pairs.gain, pairs.reciprocal_gain) > _SOME_GAIN,
        ),
        "competition": (features.markets.known, lambda: SIGNALS["competition"].of(pairs)),
        "uplift": (benefit.known, lambda: benefit.uplift(sources, targets).mean),
        "satisfaction": (
            features.satisfaction.known,
            lambda: features.satisfaction.mean[targets],
        ),
    }
    return {
        name: float(values().mean()) if known and len(sources) else None
        for name, (known, values) in measures.items()
    }
