"""What a limit or a price on exposure costs in hits, and what it buys in partners shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.evaluation.bootstrap import Interval, bootstrap_interval
from ecosystem_graph.evaluation.cutoff import checked, fitted_before, later
from ecosystem_graph.evaluation.holdout import Holdout, holdout_of
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.allocation.assignment import allocated, worth_at_most, worth_of
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
    cutoff: date,
    *,
    capacities: Sequence[int] = (),
    exposure_prices: Sequence[float] = (),
    horizon_days: int | None = None,
    k: int = 10,
    n_sources: int = 1_500,
    seed: int = 0,
    model: FittedModel | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Make the same lists under several limits and prices, and look at who won together after.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    cutoff : datetime.date
    capacities : sequence of int
        Lists each partner may stand in, >= 0; a point for each.
    exposure_prices : sequence of float
        Strengths of the price on congestion, >= 0; a point for each.
    horizon_days, k, n_sources, seed, model, progress
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
    checked(model, cutoff)
    until = None if horizon_days is None else later(cutoff, horizon_days)
    graph = EcosystemGraph.from_tables(tables, cutoff)
    holdout = holdout_of(tables, graph, until, n_sources, np.random.default_rng(seed))
    say = progress
    say("model")
    ranker = GraphRanker(model or fitted_before(cutoff, tables, seed=seed), holdout.graph)
    say("candidates")
    scorer = ranker.scorer("new")
    finder = ranker.finder.open_only_to(holdout.eligible)
    pool = _pool(ListBuilder(finder, {"new": scorer}, ranker.policy(), UNLIMITED), holdout)
    points = []
    limits: list[tuple[int | None, float]] = [(None, 0.0)]
    limits += [(capacity, 0.0) for capacity in capacities]
    limits += [(None, price) for price in exposure_prices]
    for capacity, price in limits:
        say(f"exposure price {price:g}" if capacity is None else f"capacity {capacity}")
        points.append(_point(holdout, scorer, pool, capacity, price, k, seed))
    return Frontier(
        cutoff=cutoff,
        until=until,
        k=k,
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


def _point(
    holdout: Holdout,
    scorer: Scorer,
    pool: RankedLists,
    capacity: int | None,
    price: float,
    k: int,
    seed: int,
) -> Point:
    n_partners, short = holdout.graph.n_partners, 0.0
    pairs = pool.sources, pool.targets
    stands = np.ones(len(pool.sources), dtype=np.bool_)
    if capacity is not None:
        worth, room = worth_of(pool.scores), np.full(n_partners, capacity)
        stands = allocated(*pairs, worth, room, k)
        bound = worth_at_most(*pairs, worth, room, k)
        short = max(0.0, 1 - float(worth[stands].sum()) / bound) if bound else 0.0
    scores = pool.scores - congestion_prices(*pairs, pool.scores, k, n_partners, price)[pairs[1]]
    lists = RankedLists.best(
        pool.sources[stands], pool.targets[stands], scores[stands], pool.known[stands], k=k
    )
    ranked = np.full((len(holdout.sources), k), -1, dtype=np.intp)
    ranked[np.searchsorted(holdout.sources, lists.sources), lists.ranks - 1] = lists.targets
    told = exposure(holdout.graph, lists.targets, holdout.eligible)
    listed = (ranked >= 0).sum(axis=1)
    hits = METRICS["precision"](ranked, holdout.truth, k=k) * k
    return Point(
        capacity=capacity,
        exposure_price=price,
        ndcg=_mean(holdout, "ndcg", ranked, k, seed),
        hit_rate=_mean(holdout, "hit_rate", ranked, k, seed),
        coverage=1 - told["share_never_recommended"],
        gini=told["gini"],
        top_1_percent_share=told["top_1_percent_share"],
        share_never_recommended=told["share_never_recommended"],
        maximal_load=told["maximal_load"],
        n_short=int((listed < k).sum()),
        n_empty=int((listed == 0).sum()),
        observed_wins=round(float(hits.sum())),
        expected_wins=_expected_wins(scorer, lists),
        short_of_optimum=short,
    )


def _mean(holdout: Holdout, metric: str, ranked: NDArray[np.intp], k: int, seed: int) -> Interval:
    values = METRICS[metric](ranked, holdout.truth, k=k)
    return bootstrap_interval(values, np.random.default_rng(seed))


def _expected_wins(scorer: Scorer, lists: RankedLists) -> float | None:
    """Sum of the probabilities of pairs, read in blocks on every core."""
    if scorer.calibration is None:
        return None
    scorer.lists(np.unique(np.concatenate([lists.sources, lists.targets])))

    def chances(block: NDArray[np.intp]) -> float:
        told = scorer.probability(lists.sources[block], lists.targets[block])
        return float(told.mean.sum()) if told else 0.0

    return sum(told for _, told in map_chunks(chances, np.arange(len(lists.sources)), size=_BLOCK))
