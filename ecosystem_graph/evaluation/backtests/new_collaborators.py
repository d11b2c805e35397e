"""The temporal back-test: rank on what was known at a cutoff, look at who won together after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.evaluation.baselines.full_ranking import rank_all
from ecosystem_graph.evaluation.baselines.methods import Baseline, History, available_baselines
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.holdout import Holdout, best_lists, holdout_of
from ecosystem_graph.evaluation.method_result import MethodResult, method_result
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.evaluation.protocol import BacktestProtocol, days_after
from ecosystem_graph.evaluation.reliability import Reliability, reliability
from ecosystem_graph.evaluation.summary import against_best
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

Lists = NDArray[np.intp]

#: Makes the lists of one method, shape (n_sources, k).
MakeLists = Callable[[], Lists]


@dataclass(frozen=True, slots=True)
class Backtest(Printed):
    """The cutoff and the figures of a back-test.

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
        Of the probabilities of the pairs that the model lists for a sample of all partners with
        history; None without probabilities.
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
    protocol: BacktestProtocol,
    *,
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
    protocol : BacktestProtocol
    model : FittedModel or GraphRanker, optional
        A model fitted on nothing later than the cutoff, or one at work on the graph as of the
        cutoff; one is fitted unless given.
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
        history before it to learn from, or the model was fitted on days after it.
    ValueError
        If a baseline is unknown or none is named.
    """
    rivals = _chosen(baselines)
    at_work = model if isinstance(model, GraphRanker) else None
    fitted = model.model if isinstance(model, GraphRanker) else model
    protocol.check(fitted)
    graph = at_work.graph if at_work else EcosystemGraph.from_tables(tables, protocol.cutoff)
    holdout = holdout_of(tables, graph, protocol)
    progress("model")
    started = perf_counter()
    ranker = at_work or GraphRanker(fitted or protocol.fitted(tables), graph)
    finder = ranker.finder.open_only_to(holdout.eligible)
    fitting = perf_counter() - started
    methods = {
        **_orders(ranker, finder, holdout, protocol.k, orders or {}),
        **_baselines(rivals, holdout, protocol),
    }
    results, ndcg = {}, {}
    for name, ranked_lists in methods.items():
        if name in rivals:
            progress(name)
        started = perf_counter()
        ranked = ranked_lists()
        seconds = perf_counter() - started + (fitting if name == "model" else 0.0)
        results[name] = method_result(holdout, ranker.benefit, ranked, seconds, protocol)
        ndcg[name] = METRICS["ndcg"](ranked, holdout.truth, k=protocol.k)
    progress("probabilities")
    best_baseline, ratio = against_best(ndcg, rivals, protocol.seed)
    recall, n_candidates = _candidate_recall(holdout, finder)
    return Backtest(
        cutoff=protocol.cutoff,
        until=protocol.until,
        k=protocol.k,
        n_partners=int(holdout.eligible.sum()),
        n_sources=len(holdout.sources),
        n_cold=int(holdout.cold.sum()),
        n_without=int((holdout.joint_wins == 0).sum()),
        n_true=holdout.truth.nnz / len(holdout.sources),
        results=results,
        best_baseline=best_baseline,
        ratio=ratio,
        candidate_recall=recall,
        n_candidates=n_candidates,
        reliability=_reliability(tables, ranker, holdout, protocol),
    )


def _chosen(names: Sequence[str] | None) -> dict[str, Baseline]:
    available = available_baselines()
    if names is None:
        return available
    if not names or not set(names) <= set(available):
        raise ValueError(f"baselines must be some of {', '.join(available)}. Got {list(names)}.")
    return {name: fit for name, fit in available.items() if name in names}


def _orders(
    ranker: GraphRanker,
    finder: CandidateFinder,
    holdout: Holdout,
    k: int,
    orders: Mapping[str, Reranking],
) -> dict[str, MakeLists]:
    """The model's lists: by score, by score without the price on competition, and reranked."""
    ranked = partial(best_lists, ranker, finder, holdout.sources, k)
    methods: dict[str, MakeLists] = {"model": ranked}
    if finder.features.markets.known and ranker.model.params["competition_price"]:
        methods["model_unpriced"] = partial(ranked, competition_price=0.0)
    for name, order in orders.items():
        methods[f"model_{name}"] = partial(ranked, reranking=order)
    return methods


def _baselines(
    rivals: Mapping[str, Baseline], holdout: Holdout, protocol: BacktestProtocol
) -> dict[str, MakeLists]:
    """The lists of each baseline, which learns when they are made."""
    history = History.from_wins(holdout.graph.incidence, holdout.graph.age_days)

    def ranked(baseline: Baseline) -> Lists:
        scorer = baseline(history, protocol.rng())
        return rank_all(scorer, holdout.sources, holdout.excluded, holdout.eligible, protocol.k)

    return {name: partial(ranked, baseline) for name, baseline in rivals.items()}


def _reliability(
    tables: Tables, ranker: GraphRanker, holdout: Holdout, protocol: BacktestProtocol
) -> Reliability | None:
    """How often listed pairs won together within the model's horizon; None without calibration."""
    graph = holdout.graph
    if "new" not in ranker.model.calibrations:
        return None
    sources = np.flatnonzero(holdout.eligible)
    if len(sources) > protocol.n_lists:
        sources = np.sort(protocol.rng().choice(sources, protocol.n_lists, replace=False))
    builder = ListBuilder(ranker.finder, {"new": ranker.scorer("new")}, ranker.policy(), UNLIMITED)
    rows = listing(builder, sources, protocol.k).rows
    end = days_after(graph.as_of, ranker.model.params["horizon_days"])
    then = wins_after(graph, tables, end)
    a, b = (graph.index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
    return reliability(rows["probability"].to_numpy(), entries_at(then, a, b) > 0)


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
