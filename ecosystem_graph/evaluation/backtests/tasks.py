"""The back-tests of known collaborators, and of a customer's need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.comparison import (
    Comparison,
    Familiarity,
    Positions,
    RowScorer,
    TaskHoldout,
    compare,
)
from ecosystem_graph.evaluation.cutoff import checked, fitted_before, later
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import wins_after
from ecosystem_graph.ranking.training.requirement_set import led_deals
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.features.requirements import Needs
from ecosystem_graph.tables import Tables


@dataclass(frozen=True, slots=True)
class TaskBacktest(Printed):
    """A back-test of a task other than finding new collaborators.

    Attributes
    ----------
    task : str
        `repeat` or `requirement`.
    cutoff, until : date
        What was known before the one was ranked, what happened before the other counts.
    k : int
        Length of the lists.
    n_partners : int
        Partners every method ranks.
    results : dict of str to Comparison
        On partners `new` to the lead and `known` to it, apart.
    """

    task: str
    cutoff: date
    until: date
    k: int
    n_partners: int
    results: dict[Familiarity, Comparison]


def requirement_backtest(
    tables: Tables,
    cutoff: date,
    *,
    horizon_days: int | None = None,
    k: int = 10,
    n_lists: int = 1_500,
    seed: int = 0,
    model: FittedModel | None = None,
    progress: Progress = silent,
) -> TaskBacktest:
    """Rank partners for later deals, from what was known at a cutoff.

    Of each deal the lead, the requirements, the territory and the industry are given; its other
    members are hidden and to be found among all eligible partners.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    cutoff : datetime.date
    horizon_days : int, optional
        Only deals won within so many days count; all on record unless given.
    k : int, default 10
        Length of the lists.
    n_lists : int, default 1500
        Later deals drawn.
    seed : int, default 0
    model : FittedModel, optional
        One fitted on nothing later than the cutoff; one is fitted unless given.
    progress : Progress, optional
        Called with the name of each stage.

    Returns
    -------
    TaskBacktest

    Raises
    ------
    HistoryError
        If there are no such deals, too few before the cutoff to learn from, or the model
        has seen the days after it.
    """
    checked(model, cutoff)
    say, until = progress, later(cutoff, horizon_days)
    graph = EcosystemGraph.from_tables(tables, cutoff)
    say("model")
    model = model or fitted_before(cutoff, tables, seed=seed, for_requirements=True)
    matcher, ranker = GraphRanker(model, graph).requirement_ranker
    deals = led_deals(matcher.finder, tables, until, n_lists, np.random.default_rng(seed))
    if deals is None:
        raise HistoryError(
            f"nothing to test on: no deal won after {cutoff} names a lead, somebody else and "
            "what it required."
        )
    matches, scores = matcher.scored(ranker, deals.needs)
    leads = deals.needs.leads
    holdout = TaskHoldout(leads, tidy(graph.adjacency[leads]), deals.members, deals.open_to)
    ours = (matches.rows, matches.targets, scores)
    results: dict[Familiarity, Comparison] = {}
    kinds: tuple[Familiarity, ...] = ("new", "known")
    for familiarity in kinds:
        say(f"partners {familiarity} to the lead")
        told = compare(holdout, ours, _by_need(deals.needs), familiarity, k=k, seed=seed)
        if told is not None:
            results[familiarity] = told
    n_partners = int(deals.open_to.sum())
    return TaskBacktest("requirement", cutoff, until, k, n_partners, results)


def repeat_backtest(
    tables: Tables,
    cutoff: date,
    *,
    horizon_days: int | None = None,
    k: int = 10,
    n_lists: int = 1_500,
    seed: int = 0,
    model: FittedModel | None = None,
    progress: Progress = silent,
) -> TaskBacktest:
    """Rank the collaborators each partner has already, by who wins with it again.

    Parameters
    ----------
    tables, cutoff, horizon_days, k, seed, model, progress
        As for :func:`requirement_backtest`.
    n_lists : int, default 1500
        Partners drawn, among those that won again with somebody.

    Returns
    -------
    TaskBacktest

    Raises
    ------
    HistoryError
        If nobody won with a known collaborator again, too little was there before the cutoff to
        learn from, or the model has seen the days after it.
    """
    checked(model, cutoff)
    say, until = progress, later(cutoff, horizon_days)
    graph = EcosystemGraph.from_tables(tables, cutoff)
    say("model")
    model = model or fitted_before(cutoff, tables, seed=seed)
    if "repeat" not in model.rankers:
        raise HistoryError(f"too few won together again before {cutoff} to learn from.")
    scorer = GraphRanker(model, graph).scorer("repeat")
    open_to = scorer.finder.open_to
    again = tidy(wins_after(graph, tables, until).multiply(graph.adjacency).tocsr())
    there = np.flatnonzero((again @ open_to.astype(np.float64) > 0) & open_to)
    if len(there) > n_lists:
        there = np.sort(np.random.default_rng(seed).choice(there, n_lists, replace=False))
    pairs, scores = scorer.candidates(there)
    rows = np.searchsorted(there, pairs.sources)
    truth = tidy(again[there].multiply(open_to.astype(np.float64)).tocsr())
    holdout = TaskHoldout(there, tidy(graph.adjacency[there]), truth, open_to)
    say("baselines")
    by_tie = _by_tie(scorer.finder.features, there)
    told = compare(holdout, (rows, pairs.targets, scores), by_tie, "known", k=k, seed=seed)
    if told is None:
        raise HistoryError(f"nothing to test on: nobody won together again after {cutoff}.")
    return TaskBacktest("repeat", cutoff, until, k, int(open_to.sum()), {"known": told})


def _by_need(needs: Needs) -> Mapping[str, RowScorer]:
    """What a user could go by instead, given a need and its lead."""
    features = needs.features
    return {
        "past_partners": lambda rows: features.ties[needs.leads[rows]].toarray(),
        "popularity_within_requirement": lambda rows: (
            needs.asked[rows] @ features.delivered_share.T
        ).toarray(),
        "adamic_adar": lambda rows: (
            features.log_damped[needs.leads[rows]] @ features.graph.adjacency
        ).toarray(),
    }


def _by_tie(features: GraphFeatures, sources: Positions) -> Mapping[str, RowScorer]:
    """What a user could go by instead, among the collaborators a partner has."""
    graph = features.graph
    return {
        "tie_strength": lambda rows: features.ties[sources[rows]].toarray(),
        "joint_wins": lambda rows: graph.joint_wins[sources[rows]].toarray(),
        "popularity": lambda rows: np.tile(graph.degree, (len(rows), 1)),
        "adamic_adar": lambda rows: (
            features.log_damped[sources[rows]] @ graph.adjacency
        ).toarray(),
    }
