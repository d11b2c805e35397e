"""The temporal back-test: rank on what was known at a cutoff, look at who won together after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.evaluation.baselines.full_ranking import rank_all
from ecosystem_graph.evaluation.baselines.methods import Baseline, History, available_baselines
from ecosystem_graph.evaluation.bootstrap import Interval, bootstrap_ratio
from ecosystem_graph.evaluation.cutoff import checked, fitted_before, later
from ecosystem_graph.evaluation.holdout import Holdout, best_lists, holdout_of
from ecosystem_graph.evaluation.method_result import MethodResult, method_result
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.evaluation.reliability import Reliability, reliability
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.listing import listing
from ecosystem_graph.lists.reranking import UNLIMITED, Reranking
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import CandidateFinder, wins_after
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.tables import Tables


@dataclass(frozen=True, slots=True)
class Backtest(Printed):
    """A back-test's setting and what came out of it.

    Attributes
    ----------
    cutoff : date
        Everything before it was known, nothing after.
    until : date or None
        Joint wins from this day on do not count; all on record do if None.
    k : int
        Length of the lists.
    n_partners : int
        Eligible partners every method ranks.
    n_sources, n_cold, n_without : int
        Partners lists were made for; those of them in the cold slice; those without a joint win.
    n_true : float
        Mean number of true collaborators per source.
    results : dict of str to MethodResult
        The model's under `model`; where competition has a price, the same model's without it
        under `model_unpriced`; in other orders that were asked for, under `model_` and their
        name; then the baselines'.
    best_baseline : str
        The one with the highest nDCG.
    ratio : Interval
        The model's nDCG over the best baseline's, paired over sources.
    candidate_recall : float
        Mean over sources of the share of true collaborators among the candidates, 0..1.
    n_candidates : float
        Mean number of candidates per source.
    reliability : Reliability or None
        Of the probabilities of the pairs the model lists for partners drawn among all that have
        history, whether they went on to win or not; None without probabilities.
    """

    cutoff: date
    until: date | None
    k: int
    n_partners: int
    n_sources: int
    n_cold: int
    n_without: int
    n_true: float
    results: dict[str, MethodResult]
    best_baseline: str
    ratio: Interval
    candidate_recall: float
    n_candidates: float
    reliability: Reliability | None


def backtest(
    tables: Tables,
    cutoff: date,
    *,
    horizon_days: int | None = None,
    k: int = 10,
    n_sources: int = 1_500,
    seed: int = 0,
    model: FittedModel | GraphRanker | None = None,
    baselines: Sequence[str] | None = None,
    orders: Mapping[str, Reranking] | None = None,
    progress: Progress = silent,
) -> Backtest:
    """Rank new collaborators as of a cutoff and compare with the joint wins that followed.

    Every method sees only what was known at the cutoff and ranks every eligible partner known
    then for the same sources, drawn among those with at least one new collaborator later.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    cutoff : datetime.date
    horizon_days : int, optional
        Only joint wins within so many days count; all on record unless given.
    k : int, default 10
        Length of the lists.
    n_sources : int, default 1500
        Partners drawn to make lists for.
    seed : int, default 0
        Of the draw, the model, the baselines and the bootstrap.
    model : FittedModel or GraphRanker, optional
        One fitted on nothing later than the cutoff, or one at work on the graph as of the cutoff;
        one is fitted unless given.
    baselines : sequence of str, optional
        Which to run; all that are installed unless given.
    orders : mapping of str to Reranking, optional
        Orders of the model's lists to compare with the plain one, by name; capacities count in
        none of them.
    progress : Progress, optional
        Called with the name of each stage.

    Returns
    -------
    Backtest

    Raises
    ------
    HistoryError
        If nobody known at the cutoff won with somebody new after it, there was too little
        history before it to learn from, or the model has seen the days after it.
    ValueError
        If a baseline is unknown or none is named.
    """
    rivals = _chosen(baselines)
    at_work = model if isinstance(model, GraphRanker) else None
    fitted = model.model if isinstance(model, GraphRanker) else model
    checked(fitted, cutoff)
    until = None if horizon_days is None else later(cutoff, horizon_days)
    rng = np.random.default_rng(seed)
    graph = EcosystemGraph.from_tables(tables, cutoff) if at_work is None else at_work.graph
    holdout = holdout_of(tables, graph, until, n_sources, rng)
    say = progress
    say("model")
    started = perf_counter()
    ranker = at_work or GraphRanker(fitted or fitted_before(cutoff, tables, seed=seed), graph)
    finder = ranker.finder.open_only_to(holdout.eligible)
    lists = {"model": best_lists(ranker, finder, holdout.sources, k)}
    seconds = {"model": perf_counter() - started}
    if finder.features.markets.known and ranker.model.params["competition_price"]:
        started = perf_counter()
        unpriced = best_lists(ranker, finder, holdout.sources, k, competition_price=0.0)
        lists["model_unpriced"] = unpriced
        seconds["model_unpriced"] = perf_counter() - started
    for name, order in (orders or {}).items():
        started = perf_counter()
        lists[f"model_{name}"] = best_lists(ranker, finder, holdout.sources, k, reranking=order)
        seconds[f"model_{name}"] = perf_counter() - started
    history = History.from_wins(holdout.graph.incidence, holdout.graph.age_days)
    for name, baseline in rivals.items():
        say(name)
        started = perf_counter()
        scorer = baseline(history, np.random.default_rng(seed))
        lists[name] = rank_all(scorer, holdout.sources, holdout.excluded, holdout.eligible, k)
        seconds[name] = perf_counter() - started
    say("probabilities")
    came_true = _reliability(tables, ranker, holdout, n_sources, k, seed)
    return _marked(
        holdout,
        lists,
        seconds,
        finder,
        list(rivals),
        came_true,
        cutoff=cutoff,
        until=until,
        k=k,
        seed=seed,
    )


def _chosen(names: Sequence[str] | None) -> dict[str, Baseline]:
    available = available_baselines()
    if names is None:
        return available
    if not names or not set(names) <= set(available):
        raise ValueError(f"baselines must be some of {', '.join(available)}. Got {list(names)}.")
    return {name: fit for name, fit in available.items() if name in names}


def _reliability(
    tables: Tables, ranker: GraphRanker, holdout: Holdout, n_sources: int, k: int, seed: int
) -> Reliability | None:
    """How often what is listed came true within the model's horizon, where it says how likely."""
    graph = holdout.graph
    if "new" not in ranker.model.calibrations:
        return None
    sources = np.flatnonzero(holdout.eligible)
    if len(sources) > n_sources:
        drawn = np.random.default_rng(seed).choice(sources, n_sources, replace=False)
        sources = np.sort(drawn)
    builder = ListBuilder(ranker.finder, {"new": ranker.scorer("new")}, ranker.policy(), UNLIMITED)
    rows = listing(builder, sources, k).rows
    then = wins_after(graph, tables, later(graph.as_of, ranker.model.params["horizon_days"]))
    a, b = (graph.index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
    return reliability(rows["probability"].to_numpy(), entries_at(then, a, b) > 0)


def _marked(
    holdout: Holdout,
    lists: dict[str, NDArray[np.intp]],
    seconds: dict[str, float],
    finder: CandidateFinder,
    rivals: Sequence[str],
    came_true: Reliability | None,
    *,
    cutoff: date,
    until: date | None,
    k: int,
    seed: int,
) -> Backtest:
    results = {
        name: method_result(holdout, finder.features, ranked, k, seconds[name], seed)
        for name, ranked in lists.items()
    }
    best = max(rivals, key=lambda name: results[name].metrics["ndcg"].estimate)
    ndcg = METRICS["ndcg"]
    recall, n_candidates = _candidate_recall(holdout, finder)
    return Backtest(
        cutoff=cutoff,
        until=until,
        k=k,
        n_partners=int(holdout.eligible.sum()),
        n_sources=len(holdout.sources),
        n_cold=int(holdout.cold.sum()),
        n_without=int((holdout.joint_wins == 0).sum()),
        n_true=holdout.truth.nnz / len(holdout.sources),
        results=results,
        best_baseline=best,
        ratio=bootstrap_ratio(
            ndcg(lists["model"], holdout.truth, k=k),
            ndcg(lists[best], holdout.truth, k=k),
            np.random.default_rng(seed),
        ),
        candidate_recall=recall,
        n_candidates=n_candidates,
        reliability=came_true,
    )


def _candidate_recall(holdout: Holdout, finder: CandidateFinder) -> tuple[float, float]:
    """Mean share of true collaborators among the candidates, and mean number of candidates."""
    found = np.zeros(len(holdout.sources))
    n_pairs = 0
    for _, pairs in map_chunks(finder.new, holdout.sources):
        rows = np.searchsorted(holdout.sources, pairs.sources)
        true = entries_at(holdout.truth, rows, pairs.targets) > 0
        found += np.bincount(rows[true], minlength=len(found))
        n_pairs += len(pairs)
    return float((found / np.diff(holdout.truth.indptr)).mean()), n_pairs / len(found)
