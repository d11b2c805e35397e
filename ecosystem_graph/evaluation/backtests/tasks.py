"""The back-tests of known collaborators, and of a customer's requirement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.later_deals import later_deals
from ecosystem_graph.evaluation.comparison import (
    Comparison,
    Familiarity,
    Positions,
    RowScorer,
    TaskHoldout,
    compare,
)
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import wins_after
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.features.requirements import Requirements
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
    protocol: BacktestProtocol,
    *,
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
    protocol : BacktestProtocol
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
        If there are no such deals, too few before the cutoff to learn from, or the model was
        fitted on days after it.
    """
    later = later_deals(tables, protocol, model, progress)
    (matcher, ranker), deals = later.ranker, later.deals
    matches, scores = matcher.scored(ranker, deals.needs)
    leads = deals.needs.leads
    adjacency = matcher.finder.features.graph.adjacency
    holdout = TaskHoldout(leads, tidy(adjacency[leads]), deals.members, deals.open_to)
    ours = (matches.rows, matches.targets, scores)
    baselines = _for_requirements(deals.needs)
    results: dict[Familiarity, Comparison] = {}
    kinds: tuple[Familiarity, ...] = ("new", "known")
    for familiarity in kinds:
        progress(f"partners {familiarity} to the lead")
        comparison = compare(holdout, ours, baselines, familiarity, protocol)
        if comparison is not None:
            results[familiarity] = comparison
    return _task_backtest("requirement", protocol, deals.open_to, results)


def repeat_backtest(
    tables: Tables,
    protocol: BacktestProtocol,
    *,
    model: FittedModel | None = None,
    progress: Progress = silent,
) -> TaskBacktest:
    """Rank the collaborators each partner has already, by who wins with it again.

    Parameters
    ----------
    tables, protocol, model, progress
        As for :func:`requirement_backtest`; the sample is of partners that won again with one.

    Returns
    -------
    TaskBacktest

    Raises
    ------
    HistoryError
        If no partner won with a known collaborator again, there was too little before the cutoff
        to learn from, or the model was fitted on days after it.
    """
    protocol.check(model)
    graph = EcosystemGraph.from_tables(tables, protocol.cutoff)
    progress("model")
    model = model or protocol.fitted(tables)
    if "repeat" not in model.rankers:
        raise HistoryError(f"too few won together again before {protocol.cutoff} to learn from.")
    scorer = GraphRanker(model, graph).scorer("repeat")
    open_to = scorer.finder.open_to
    again = tidy(wins_after(graph, tables, protocol.until).multiply(graph.adjacency).tocsr())
    sources = np.flatnonzero((again @ open_to.astype(np.float64) > 0) & open_to)
    if len(sources) > protocol.n_lists:
        sources = np.sort(protocol.rng().choice(sources, protocol.n_lists, replace=False))
    pairs, scores = scorer.candidates(sources)
    ours = (np.searchsorted(sources, pairs.sources), pairs.targets, scores)
    truth = tidy(again[sources].multiply(open_to.astype(np.float64)).tocsr())
    holdout = TaskHoldout(sources, tidy(graph.adjacency[sources]), truth, open_to)
    progress("baselines")
    baselines = _for_known(scorer.finder.features, sources)
    comparison = compare(holdout, ours, baselines, "known", protocol)
    if comparison is None:
        raise HistoryError(
            f"nothing to test on: no pair won together again after {protocol.cutoff}."
        )
    return _task_backtest("repeat", protocol, open_to, {"known": comparison})


def _task_backtest(
    task: str,
    protocol: BacktestProtocol,
    open_to: NDArray[np.bool_],
    results: dict[Familiarity, Comparison],
) -> TaskBacktest:
    return TaskBacktest(
        task=task,
        cutoff=protocol.cutoff,
        until=protocol.until or date.max,
        k=protocol.k,
        n_partners=int(open_to.sum()),
        results=results,
    )


def _for_requirements(needs: Requirements) -> Mapping[str, RowScorer]:
    """Baselines given a requirement and its lead."""
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


def _for_known(features: GraphFeatures, sources: Positions) -> Mapping[str, RowScorer]:
    """Baselines among the collaborators a partner has."""
    graph = features.graph
    return {
        "tie_strength": lambda rows: features.ties[sources[rows]].toarray(),
        "joint_wins": lambda rows: graph.joint_wins[sources[rows]].toarray(),
        "popularity": lambda rows: np.tile(graph.degree, (len(rows), 1)),
        "adamic_adar": lambda rows: (
            features.log_damped[sources[rows]] @ graph.adjacency
        ).toarray(),
    }
