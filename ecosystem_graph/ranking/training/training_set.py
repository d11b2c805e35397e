"""Training pairs: the candidates on a past day, and who won together within the horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import entries_at, without_diagonal
from ecosystem_graph.arrays.fingerprints import mixed, uniform
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.matrices import deal_incidence
from ecosystem_graph.ranking.calibration import Calibration
from ecosystem_graph.ranking.candidates import CandidateFinder, Task
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.scorer import Scorer
from ecosystem_graph.ranking.standardizer import Scale, list_z_scores
from ecosystem_graph.ranking.tie_breaking import best_of_lists, by_gap_filled
from ecosystem_graph.signals import SIGNALS
from ecosystem_graph.tables import Tables

#: Signals that are constant over the pairs of a task, and so carry no information in it.
_CONSTANT: dict[Task, frozenset[str]] = {"new": frozenset({"tie_strength"}), "repeat": frozenset()}

#: Least number of pairs that later won together; weights fitted to fewer would not generalise.
_FEWEST_WINS = 50

#: Share of the pairs that did not win together that is sampled: a few of them for each pair that
#: did hold nearly all the information (King and Zeng 2001).
_KEPT_OF_REST = 0.4

#: Best candidates of each partner that probabilities are calibrated on: those a list may show.
_CALIBRATED = 20

#: Partners whose candidates make up the reference distribution of a graph.
_REFERENCE_SOURCES = 500


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Candidate pairs of a day, and which of them won together within the horizon after it.

    Attributes
    ----------
    scale : Scale
        Reference distribution of the graph.
    sources, targets : ndarray of shape (n_pairs,)
        Positions.
    z_scores : ndarray of shape (n_pairs, n_signals)
        Of each pair within its list; columns in the order of the scale's names.
    won : ndarray of bool, shape (n_pairs,)
    weight : ndarray of shape (n_pairs,)
        Number of pairs that each row represents.
    """

    scale: Scale
    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    z_scores: NDArray[np.float64]
    won: NDArray[np.bool_]
    weight: NDArray[np.float64]


def training_set(
    finder: CandidateFinder,
    won_later: csr_array,
    *,
    task: Task,
    sources: NDArray[np.intp],
    rng: np.random.Generator,
) -> TrainingSet:
    """Candidates of a sample of partners, and which of them later won together.

    The candidates are found as they are when recommending, so that the ranker is fitted to pairs
    like those it will rank. All that won together are kept, and two fifths of the
    rest. The sample and the order of the rows depend on the partners' records, not on ids.

    Parameters
    ----------
    finder : CandidateFinder
        Of the graph as it was on the day.
    won_later : csr_array of shape (n_partners, n_partners)
        From :func:`wins_after`.
    task : {"new", "repeat"}
        Pairs that had never won together on the day, or those that had.
    sources : ndarray of shape (n_sources,)
        Positions of the partners whose candidates are taken, in order.
    rng : numpy.random.Generator

    Returns
    -------
    TrainingSet
    """
    names = learnt_signals(task)
    finder.features.work_out()
    salt = int(rng.integers(2**32))
    fingerprints, standing = finder.features.graph.fingerprints, finder.features.graph.tie_rank

    def sampled(shard: NDArray[np.intp]) -> tuple[NDArray[np.generic], ...]:
        pairs = finder.of_task(task, shard, finder.n_scored)
        won = entries_at(won_later, pairs.sources, pairs.targets) > 0
        sides = fingerprints[pairs.sources] + mixed(fingerprints[pairs.targets])
        kept = won | (uniform(mixed(sides, salt)) < _KEPT_OF_REST)
        a, b = pairs.sources[kept], pairs.targets[kept]
        return a, b, feature_matrix(finder.features, names, a, b), won[kept]

    parts = [part for _, part in map_chunks(sampled, sources)]
    scale = reference_scale(finder, task)
    if not parts:
        nobody = np.empty(0, dtype=np.intp)
        empty = np.empty((0, len(names))), np.empty(0, dtype=bool), np.empty(0)
        return TrainingSet(scale, nobody, nobody, *empty)
    a, b, values, won = (np.concatenate(column) for column in zip(*parts, strict=True))
    weight = np.where(won, 1.0, 1.0 / _KEPT_OF_REST)
    z = list_z_scores(scale, values, a, weight)
    order = np.lexsort((standing[b], standing[a]))
    return TrainingSet(scale, a[order], b[order], z[order], won[order], weight[order])


def joined(sets: Sequence[TrainingSet]) -> TrainingSet:
    """Several training sets as one, on the scale of the first; lists of each stay lists apart."""
    if len(sets) == 1:
        return sets[0]
    begin = np.cumsum([0, *(int(one.sources.max(initial=-1)) + 1 for one in sets[:-1])])
    return TrainingSet(
        sets[0].scale,
        np.concatenate([one.sources + first for one, first in zip(sets, begin, strict=True)]),
        *(
            np.concatenate([getattr(one, name) for one in sets])
            for name in ("targets", "z_scores", "won", "weight")
        ),
    )


def drawn_sources(
    finder: CandidateFinder, n_sources: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Partners sampled among those with history, and at most as many others."""
    there = np.flatnonzero(finder.features.graph.has_history & finder.open_to)
    if len(there) <= n_sources:
        return there, there[:0]
    chance = mixed(finder.features.graph.fingerprints[there], int(rng.integers(2**32)))
    order = there[np.argsort(chance)]
    return np.sort(order[:n_sources]), np.sort(order[n_sources : 2 * n_sources])


def fit_calibration(
    scorer: Scorer, won_later: csr_array, sources: NDArray[np.intp]
) -> Calibration | None:
    """Calibration on the best candidates of some partners and which of them later won.

    Parameters
    ----------
    scorer : Scorer
        On the graph as it was on the day.
    won_later : csr_array of shape (n_partners, n_partners)
        From :func:`wins_after`.
    sources : ndarray of shape (n_sources,)
        Positions, in order; preferably of partners outside the ranker's training set.

    Returns
    -------
    Calibration or None
        None where there is too little history.
    """
    features = scorer.finder.features

    def best(shard: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        pairs, scores = scorer.candidates(shard)
        sides = pairs.sources, pairs.targets
        listed = best_of_lists(*sides, scores, _CALIBRATED, partial(by_gap_filled, features))
        return pairs.sources[listed], pairs.targets[listed]

    parts = [part for _, part in map_chunks(best, sources)]
    if not parts:
        return None
    a, b = (np.concatenate(column) for column in zip(*parts, strict=True))
    standing = features.graph.tie_rank
    order = np.lexsort((standing[b], standing[a]))
    a, b = a[order], b[order]
    return Calibration.fit(scorer.mutual(a, b), entries_at(won_later, a, b) > 0)


def learnt_signals(task: Task) -> tuple[str, ...]:
    """Signals that get fitted weights for a task."""
    learnt = [name for name, signal in SIGNALS.items() if signal.learnt]
    return tuple(name for name in learnt if name not in _CONSTANT[task])


def reference_scale(
    finder: CandidateFinder, task: Task, names: tuple[str, ...] | None = None
) -> Scale:
    """Reference distribution of a graph: the candidates of 500 of its partners, or of all.

    The partners are taken evenly from the least to the most active, so that the sample depends
    neither on chance nor on ids.

    Parameters
    ----------
    finder : CandidateFinder
        Of everybody eligible.
    task : {"new", "repeat"}
    names : tuple of str, optional
        Signals; those with fitted weights for the task unless given.

    Returns
    -------
    Scale
    """
    names = learnt_signals(task) if names is None else names
    features = finder.features
    features.work_out()
    there = np.flatnonzero(finder.open_to & features.graph.has_history)
    there = there if len(there) else np.flatnonzero(finder.open_to)
    graph = features.graph
    order = np.lexsort((graph.tie_rank[there], features.seats[there], graph.degree[there]))
    evenly = (
        np.linspace(0, len(order) - 1, min(len(order), _REFERENCE_SOURCES)).round().astype(np.intp)
    )
    sample = np.sort(there[order[evenly]])

    def usual(shard: NDArray[np.intp]) -> NDArray[np.float64]:
        pairs = finder.of_task(task, shard, finder.n_scored)
        return feature_matrix(features, names, pairs.sources, pairs.targets)

    parts = [values for _, values in map_chunks(usual, sample)]
    return Scale.of(names, np.concatenate(parts) if parts else np.empty((0, len(names))))


def fit_ranker(training: TrainingSet) -> AdditiveRanker:
    """Ranker fitted to a training set.

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
    rows = (training.z_scores, training.won, training.weight, training.sources)
    return AdditiveRanker.fit(training.scale, *rows)


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
    deals = tables["deals"].filter(later)["deal_id"]
    incidence = deal_incidence(tables, graph.tables["partners"]["partner_id"], deals)
    together = without_diagonal(incidence @ incidence.T)
    together.data[:] = 1.0
    return together
