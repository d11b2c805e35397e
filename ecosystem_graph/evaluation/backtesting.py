"""The temporal back-test: rank on what was known at a cutoff, look at who won together after."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.baselines import Baseline, History, available_baselines
from ecosystem_graph.evaluation.bootstrap import Interval, bootstrap_interval, bootstrap_ratio
from ecosystem_graph.evaluation.full_ranking import rank_all
from ecosystem_graph.evaluation.metrics import (
    METRICS,
    catalogue_coverage,
    exposure_gini,
    max_load,
)
from ecosystem_graph.evaluation.reliability import Reliability, reliability
from ecosystem_graph.evaluation.setting import checked, fitted_before, later
from ecosystem_graph.graph import EcosystemGraph, Eligibility
from ecosystem_graph.graph.sparse import entries_at, tidy
from ecosystem_graph.ranking import CandidateFinder, in_shards, wins_after
from ecosystem_graph.recommending import Recommender
from ecosystem_graph.signals import SIGNALS, Evidence, PairEvidence
from ecosystem_graph.tables import Tables

#: Partners with at most this many joint wins at the cutoff are the cold slice.
_COLD_JOINT_WINS = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one method did.

    Attributes
    ----------
    metrics : dict of str to Interval
        Mean over sources, with its 95 % bootstrap interval.
    cold : dict of str to Interval
        The same over the cold slice; empty if nobody is in it.
    without : dict of str to Interval
        The same over those of it without any joint win; empty if nobody is.
    coverage : float
        Share of the eligible partners that stand in some list, 0..1.
    gini : float
        Inequality of how often eligible partners stand in lists, 0..1.
    max_load : int
        Lists the most listed partner stands in.
    gain : float or None
        Mean demand that the listed would newly cover, 0..1; None where no demand is known.
    competition : float or None
        Mean competition with the listed, 0..1; None where nobody's sales are known.
    seconds : float
        What learning and ranking took.
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


@dataclass(frozen=True, slots=True)
class Backtest:
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
    outcomes : dict of str to Outcome
        The model's under `model`; where competition has a price, the same model's without it
        under `model_unpriced`; then the baselines'.
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
    outcomes: dict[str, Outcome]
    best_baseline: str
    ratio: Interval
    candidate_recall: float
    n_candidates: float
    reliability: Reliability | None


@dataclass(frozen=True, eq=False)
class _Exam:
    """What every method is asked, and the answers."""

    graph: EcosystemGraph
    eligible: NDArray[np.bool_]
    excluded: csr_array
    sources: NDArray[np.intp]
    truth: csr_array
    joint_wins: NDArray[np.float64]

    @property
    def cold(self) -> NDArray[np.bool_]:
        """Sources in the cold slice."""
        return self.joint_wins <= _COLD_JOINT_WINS


def backtest(
    tables: Tables,
    cutoff: date,
    *,
    horizon_days: int | None = None,
    k: int = 10,
    n_sources: int = 1_500,
    seed: int = 0,
    recommender: Recommender | None = None,
    baselines: Sequence[str] | None = None,
    progress: Callable[[str], object] | None = None,
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
    recommender : Recommender, optional
        One fitted on nothing later than the cutoff; one is fitted unless given.
    baselines : sequence of str, optional
        Which to run; all that are installed unless given.
    progress : callable, optional
        Told what is being worked on.

    Returns
    -------
    Backtest

    Raises
    ------
    HistoryError
        If nobody known at the cutoff won with somebody new after it, there was too little
        history before it to learn from, or the recommender has seen the days after it.
    ValueError
        If a baseline is unknown or none is named.
    """
    rivals = _chosen(baselines)
    checked(recommender, cutoff)
    until = None if horizon_days is None else later(cutoff, horizon_days)
    rng = np.random.default_rng(seed)
    exam = _exam(tables, cutoff, until, n_sources, rng)
    say = progress or (lambda _: None)
    say("model")
    started = perf_counter()
    if recommender is None:
        recommender = fitted_before(cutoff, tables, seed=seed)
    finder = recommender.finder(exam.graph, open_to=exam.eligible)
    lists = {"model": _model_lists(recommender, finder, exam.sources, k)}
    seconds = {"model": perf_counter() - started}
    if finder.evidence.markets.known and recommender.competition_price:
        started = perf_counter()
        unpriced = copy(recommender).set_params(competition_price=0.0)
        lists["model_unpriced"] = _model_lists(unpriced, finder, exam.sources, k)
        seconds["model_unpriced"] = perf_counter() - started
    history = History.from_wins(exam.graph.incidence, exam.graph.age_days)
    for name, baseline in rivals.items():
        say(name)
        started = perf_counter()
        scorer = baseline(history, np.random.default_rng(seed))
        lists[name] = rank_all(scorer, exam.sources, exam.excluded, exam.eligible, k)
        seconds[name] = perf_counter() - started
    say("probabilities")
    came_true = _reliability(tables, recommender, exam, n_sources, k, seed)
    return _marked(
        exam,
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


def _exam(
    tables: Tables, cutoff: date, until: date | None, n_sources: int, rng: np.random.Generator
) -> _Exam:
    graph = EcosystemGraph.from_tables(tables, cutoff)
    eligibility = Eligibility.from_graph(graph)
    eligible = eligibility.takes_part & graph.has_history
    then = wins_after(graph, tables, until)
    new = tidy(then - then.multiply(graph.adjacency)).tocoo()
    a, b = new.coords
    counts = eligibility.permits(a, b) & eligible[a] & eligible[b]
    truth = tidy(csr_array((new.data[counts], (a[counts], b[counts])), shape=new.shape))
    sources = np.flatnonzero(np.diff(truth.indptr))
    if len(sources) == 0:
        raise HistoryError(
            f"nothing to test on: no partner known at {cutoff} won with a new one after it. "
            "Choose an earlier cutoff."
        )
    if len(sources) > n_sources:
        sources = np.sort(rng.choice(sources, n_sources, replace=False))
    wins = graph.incidence @ (graph.team_size > 1).astype(np.float64)
    excluded = tidy(graph.adjacency + eligibility.forbidden + eligibility.family_pairs())
    return _Exam(graph, eligible, excluded, sources, truth[sources], wins[sources])


def _model_lists(
    recommender: Recommender, finder: CandidateFinder, sources: NDArray[np.intp], k: int
) -> NDArray[np.intp]:
    lists = np.full((len(sources), k), -1, dtype=np.intp)
    for _, ranked in in_shards(lambda shard: recommender.ranked(finder, shard, k), sources):
        rows = np.searchsorted(sources, ranked.sources)
        lists[rows, ranked.ranks - 1] = ranked.targets
    return lists


def _reliability(
    tables: Tables, recommender: Recommender, exam: _Exam, n_sources: int, k: int, seed: int
) -> Reliability | None:
    """How often what is listed came true within the model's horizon, where it says how likely."""
    graph = exam.graph
    if "new" not in recommender.calibrations_:
        return None
    sources = np.flatnonzero(exam.eligible)
    if len(sources) > n_sources:
        drawn = np.random.default_rng(seed).choice(sources, n_sources, replace=False)
        sources = np.sort(drawn)
    rows = recommender.recommend(graph, graph.index.ids[sources], k)
    then = wins_after(graph, tables, later(graph.as_of, recommender.horizon_days))
    a, b = (graph.index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
    return reliability(rows["probability"].to_numpy(), entries_at(then, a, b) > 0)


def _marked(
    exam: _Exam,
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
    outcomes = {
        name: _outcome(exam, finder.evidence, ranked, k, seconds[name], seed)
        for name, ranked in lists.items()
    }
    best = max(rivals, key=lambda name: outcomes[name].metrics["ndcg"].estimate)
    ndcg = METRICS["ndcg"].function
    recall, n_candidates = _candidate_recall(exam, finder)
    return Backtest(
        cutoff=cutoff,
        until=until,
        k=k,
        n_partners=int(exam.eligible.sum()),
        n_sources=len(exam.sources),
        n_cold=int(exam.cold.sum()),
        n_without=int((exam.joint_wins == 0).sum()),
        n_true=exam.truth.nnz / len(exam.sources),
        outcomes=outcomes,
        best_baseline=best,
        ratio=bootstrap_ratio(
            ndcg(lists["model"], exam.truth, k=k),
            ndcg(lists[best], exam.truth, k=k),
            np.random.default_rng(seed),
        ),
        candidate_recall=recall,
        n_candidates=n_candidates,
        reliability=came_true,
    )


def _outcome(
    exam: _Exam,
    evidence: Evidence,
    ranked: NDArray[np.intp],
    k: int,
    seconds: float,
    seed: int,
) -> Outcome:
    per_source = {
        name: metric.function(ranked, exam.truth, k=k) for name, metric in METRICS.items()
    }

    def means(chosen: NDArray[np.bool_]) -> dict[str, Interval]:
        return {
            name: bootstrap_interval(values[chosen], np.random.default_rng(seed))
            for name, values in per_source.items()
            if chosen.any()
        }

    # Exposure is a matter among eligible partners: they are counted from 0 on, without gaps.
    place = np.append(np.cumsum(exam.eligible) - 1, -1)
    listed, n_eligible = place[ranked], int(exam.eligible.sum())
    rows, columns = np.nonzero(ranked >= 0)
    pairs = PairEvidence(evidence, exam.sources[rows], ranked[rows, columns])
    told = {"gain": bool(evidence.demand.nnz), "competition": evidence.markets.known}
    shares = {
        name: float(SIGNALS[name].of(pairs).mean()) if known and len(rows) else None
        for name, known in told.items()
    }
    return Outcome(
        metrics=means(np.ones(len(exam.sources), dtype=bool)),
        cold=means(exam.cold),
        without=means(exam.joint_wins == 0),
        coverage=catalogue_coverage(listed, n_eligible),
        gini=exposure_gini(listed, n_eligible),
        max_load=max_load(listed, n_eligible),
        **shares,
        seconds=seconds,
    )


def _candidate_recall(exam: _Exam, finder: CandidateFinder) -> tuple[float, float]:
    """Mean share of true collaborators among the candidates, and mean number of candidates."""
    found = np.zeros(len(exam.sources))
    n_pairs = 0
    for _, pairs in in_shards(finder.new, exam.sources):
        rows = np.searchsorted(exam.sources, pairs.sources)
        true = entries_at(exam.truth, rows, pairs.targets) > 0
        found += np.bincount(rows[true], minlength=len(found))
        n_pairs += len(pairs)
    return float((found / np.diff(exam.truth.indptr)).mean()), n_pairs / len(found)
