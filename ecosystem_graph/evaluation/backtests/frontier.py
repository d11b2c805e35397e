"""What a limit or a price on exposure costs in hits, and what it buys in partners shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.holdout import Holdout, holdout_of
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.evaluation.summary import intervals
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.allocation.assignment import allocated, utility_bound, utility_of
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.reranking import UNLIMITED
from ecosystem_graph.lists.reranking.exposure_price import congestion_prices
from ecosystem_graph.lists.results.exposure import exposure
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import Scorer
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.tables import Tables

#: Pairs whose probability is worked out at a time.
_BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class Point:
    """Lists under one limit or price.

    Attributes
    ----------
    capacity : int or None
        Lists each partner may stand in; no limit if None.
    exposure_price : float
        Strength of the price on exposure, log-odds
        (:func:`~ecosystem_graph.lists.reranking.exposure_price.congestion_prices`).
    ndcg, hit_rate : Interval
        Mean over sources at k, with its 95 % bootstrap interval.
    coverage : float
        Share of the eligible partners that stand in some list, 0..1.
    gini, top_1_percent_share, share_never_recommended : float
        As :func:`~ecosystem_graph.lists.results.exposure.exposure` tells them, 0..1.
    maximal_load : int
        Lists the most listed partner stands in.
    n_short, n_empty : int
        Lists with fewer than k partners; those of them with none.
    observed_wins : int
        Pairs listed that went on to win together.
    expected_wins : float or None
        Sum of the probabilities of the pairs listed; None where the model has none.
    short_of_optimum : float
        Share by which the lists are worth less than the best within capacity could be, at most.
    """

    capacity: int | None
    exposure_price: float
    ndcg: Interval
    hit_rate: Interval
    coverage: float
    gini: float
    top_1_percent_share: float
    share_never_recommended: float
    maximal_load: int
    n_short: int
    n_empty: int
    observed_wins: int
    expected_wins: float | None
    short_of_optimum: float


@dataclass(frozen=True, slots=True)
class Frontier(Printed):
    """Setting and points of a frontier.

    Attributes
    ----------
    cutoff : date
        Everything before it was known, nothing after.
    until : date or None
        Joint wins from this day on do not count; all on record do if None.
    k : int
        Length of the lists.
    n_partners, n_sources : int
        Eligible partners, and those lists were made for.
    n_candidates : float
        Mean number of candidates a list is chosen from.
    points : list of Point
        The plain ranking first, then each capacity, then each price.
    """

    cutoff: date
    until: date | None
    k: int
    n_partners: int
    n_sources: int
    n_candidates: float
    points: list[Point]


def frontier(
    tables: Tables,
    protocol: BacktestProtocol,
    *,
    capacities: Sequence[int] = (),
    exposure_prices: Sequence[float] = (),
    model: FittedModel | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Make the same lists under several capacities and prices, and see who won together after.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    protocol : BacktestProtocol
    capacities : sequence of int
        Lists each partner may be in, >= 0; a point for each.
    exposure_prices : sequence of float
        Prices on exposure, >= 0; a point for each.
    model, progress
        As for :func:`~ecosystem_graph.evaluation.backtest`.

    Returns
    -------
    Frontier

    Raises
    ------
    HistoryError
        As :func:`~ecosystem_graph.evaluation.backtest` does.
    ValueError
        If a capacity or a price is out of its range.
    """
    protocol.check(model)
    graph = EcosystemGraph.from_tables(tables, protocol.cutoff)
    holdout = holdout_of(tables, graph, protocol)
    progress("model")
    ranker = GraphRanker(model or protocol.fitted(tables), graph)
    progress("candidates")
    scorer = ranker.scorer("new")
    finder = ranker.finder.open_only_to(holdout.eligible)
    pool = _pool(ListBuilder(finder, {"new": scorer}, ranker.policy(), UNLIMITED), holdout)
    points = []
    limits: list[tuple[int | None, float]] = [(None, 0.0)]
    limits += [(capacity, 0.0) for capacity in capacities]
    limits += [(None, price) for price in exposure_prices]
    for capacity, price in limits:
        progress(f"exposure price {price:g}" if capacity is None else f"capacity {capacity}")
        lists, short = _limited(pool, graph.n_partners, protocol.k, capacity, price)
        points.append(
            Point(
                capacity=capacity,
                exposure_price=price,
                **_accuracy(lists, holdout, protocol),
                **_spread(lists, holdout),
                expected_wins=_expected_wins(scorer, lists),
                short_of_optimum=short,
            )
        )
    return Frontier(
        cutoff=protocol.cutoff,
        until=protocol.until,
        k=protocol.k,
        n_partners=int(holdout.eligible.sum()),
        n_sources=len(holdout.sources),
        n_candidates=len(pool.sources) / len(holdout.sources),
        points=points,
    )


def _pool(builder: ListBuilder, holdout: Holdout) -> RankedLists:
    """Every candidate of every source, with its score: depth keeps lists from running short."""
    depth = builder.finder.n_candidates
    chunks = map_chunks(lambda chunk: builder.ranked(chunk, depth), holdout.sources)
    return RankedLists.joined([ranked for _, ranked in chunks])


def _limited(
    pool: RankedLists, n_partners: int, k: int, capacity: int | None, price: float
) -> tuple[RankedLists, float]:
    """The lists under a capacity or a price, and the share of the optimum they fall short of."""
    pairs, short = (pool.sources, pool.targets), 0.0
    kept = np.ones(len(pool.sources), dtype=np.bool_)
    if capacity is not None:
        utility, left = utility_of(pool.scores), np.full(n_partners, capacity)
        kept = allocated(*pairs, utility, left, k)
        bound = utility_bound(*pairs, utility, left, k)
        short = max(0.0, 1 - float(utility[kept].sum()) / bound) if bound else 0.0
    scores = pool.scores - congestion_prices(*pairs, pool.scores, k, n_partners, price)[pairs[1]]
    lists = RankedLists.best(
        pool.sources[kept], pool.targets[kept], scores[kept], pool.known[kept], k=k
    )
    return lists, short


def _accuracy(lists: RankedLists, holdout: Holdout, protocol: BacktestProtocol) -> dict[str, Any]:
    """How well lists find the new collaborators, and how many are shorter than `k`."""
    ranked = np.full((len(holdout.sources), protocol.k), -1, dtype=np.intp)
    ranked[np.searchsorted(holdout.sources, lists.sources), lists.ranks - 1] = lists.targets
    values = {
        name: METRICS[name](ranked, holdout.truth, k=protocol.k)
        for name in ("ndcg", "hit_rate", "precision")
    }
    wins = float((values.pop("precision") * protocol.k).sum())
    lengths = (ranked >= 0).sum(axis=1)
    return {
        **intervals(values, protocol.seed),
        "n_short": int((lengths < protocol.k).sum()),
        "n_empty": int((lengths == 0).sum()),
        "observed_wins": round(wins),
    }


def _spread(lists: RankedLists, holdout: Holdout) -> dict[str, Any]:
    """How evenly partners are listed."""
    figures = exposure(holdout.graph, lists.targets, holdout.eligible)
    names = ("gini", "top_1_percent_share", "share_never_recommended", "maximal_load")
    shown = {name: figures[name] for name in names}
    return {"coverage": 1 - figures["share_never_recommended"], **shown}


def _expected_wins(scorer: Scorer, lists: RankedLists) -> float | None:
    """Sum of the probabilities of pairs, read in blocks on every core."""
    if scorer.calibration is None:
        return None
    scorer.lists(np.unique(np.concatenate([lists.sources, lists.targets])))

    def chances(block: NDArray[np.intp]) -> float:
        probability = scorer.probability(lists.sources[block], lists.targets[block])
        return float(probability.mean.sum()) if probability else 0.0

    pairs = np.arange(len(lists.sources))
    return sum(expected for _, expected in map_chunks(chances, pairs, size=_BLOCK))
