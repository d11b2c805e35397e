"""Learning from time: what the graph showed on a day, and who went on to win together."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.partner_index import encode
from ecosystem_graph.graph.sparse import entries_at, without_diagonal
from ecosystem_graph.ranking.candidates import CandidateFinder
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.shards import in_shards
from ecosystem_graph.signals import SIGNALS
from ecosystem_graph.tables import Tables

Task = Literal["new", "repeat"]

#: Signals that are the same for every pair of a task, and so say nothing in it.
_SILENT: dict[Task, frozenset[str]] = {"new": frozenset({"tie_strength"}), "repeat": frozenset()}

#: Fewer pairs than this that went on to win together teach nothing that would hold.
_FEWEST_WINS = 50

#: Share of the pairs that did not win together that is kept to learn from: a few for each pair
#: that did carry nearly all there is to learn (King and Zeng 2001).
_KEPT_OF_REST = 0.2


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Pairs as they looked on a day, and which of them won together within the horizon after it.

    Attributes
    ----------
    names : tuple of str
        Signals, in the order of the columns of `values`.
    values : ndarray of shape (n_pairs, n_signals)
    won : ndarray of bool, shape (n_pairs,)
    weight : ndarray of shape (n_pairs,)
        How many pairs each row stands for.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    won: NDArray[np.bool_]
    weight: NDArray[np.float64]


def training_set(
    finder: CandidateFinder,
    won_later: csr_array,
    *,
    task: Task,
    n_sources: int,
    rng: np.random.Generator,
) -> TrainingSet:
    """Candidates of a sample of partners, with what became of them.

    The candidates are found as they are when serving, so that the ranker learns to tell apart
    the very pairs it will be asked about. All that won together are kept, and a fifth of the rest.

    Parameters
    ----------
    finder : CandidateFinder
        Of the graph as it was on the day.
    won_later : csr_array of shape (n_partners, n_partners)
        From :func:`wins_after`.
    task : {"new", "repeat"}
        Pairs that had never won together on the day, or those that had.
    n_sources : int
        Partners drawn, at most, among those with history that may be proposed.
    rng : numpy.random.Generator

    Returns
    -------
    TrainingSet
    """
    graph = finder.evidence.graph
    sources = np.flatnonzero(graph.has_history & finder.open_to)
    if len(sources) > n_sources:
        sources = np.sort(rng.choice(sources, n_sources, replace=False))
    learnt = [name for name, signal in SIGNALS.items() if signal.learnt]
    names = tuple(name for name in learnt if name not in _SILENT[task])
    seeds = dict(zip(sources.tolist(), rng.integers(2**32, size=len(sources)), strict=True))

    def looked_back_on(shard: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        pairs = finder.new(shard) if task == "new" else finder.known(shard)
        won = entries_at(won_later, pairs.sources, pairs.targets) > 0
        drawn = np.random.default_rng(seeds[int(shard[0])]).random(len(won)) < _KEPT_OF_REST
        kept = won | drawn
        values = feature_matrix(finder.evidence, names, pairs.sources[kept], pairs.targets[kept])
        return values, won[kept]

    parts = [part for _, part in in_shards(looked_back_on, sources)]
    values = np.concatenate([part[0] for part in parts]) if parts else np.empty((0, len(names)))
    won = np.concatenate([part[1] for part in parts]) if parts else np.empty(0, dtype=bool)
    return TrainingSet(names, values, won, np.where(won, 1.0, 1.0 / _KEPT_OF_REST))


def fit_ranker(training: TrainingSet) -> AdditiveRanker:
    """Ranker learnt from a training set.

    Raises
    ------
    HistoryError
        If fewer than 50 of its pairs won together, or all did.
    """
    n_won = int(training.won.sum())
    if n_won < _FEWEST_WINS or n_won == len(training.won):
        raise HistoryError(
            f"too little history to learn from: {n_won} of {len(training.won):,} candidate pairs "
            f"won together within the horizon, at least {_FEWEST_WINS} are needed. Use the model "
            "that ships, `default`, until there are more."
        )
    return AdditiveRanker.fit(training.names, training.values, training.won, training.weight)


def wins_after(graph: EcosystemGraph, tables: Tables, until: date | None = None) -> csr_array:
    """Pairs of a graph's partners that share a won deal on or after its day.

    Parameters
    ----------
    graph : EcosystemGraph
        Gives the partners, and the day.
    tables : Tables
        Everything on record, later deals included.
    until : datetime.date, optional
        Deals closed on or after this day do not count; all do unless given.

    Returns
    -------
    csr_array of shape (n_partners, n_partners)
        1 where the two share such a deal, symmetric, zero diagonal.
    """
    later = (pl.col("outcome") == "won") & (pl.col("closed_on") >= graph.as_of)
    if until is not None:
        later &= pl.col("closed_on") < until
    members = (
        tables["deal_partners"]
        .join(tables["deals"].filter(later).select("deal_id"), on="deal_id")
        .filter(pl.col("partner_id").is_in(graph.tables["partners"]["partner_id"].implode()))
    )
    deals = members["deal_id"].unique().sort()
    places = (graph.index.encode(members["partner_id"]), encode(members["deal_id"], deals))
    shape = (graph.n_partners, len(deals))
    incidence = csr_array((np.ones(members.height), places), shape=shape)
    together = without_diagonal(incidence @ incidence.T)
    together.data[:] = 1.0
    return together
