"""Lists that answer a question, in memory or shard by shard in files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs.backend import Backend
from ecosystem_graph.jobs.shard_files import write_part
from ecosystem_graph.jobs.shards import Shards, finished_lists
from ecosystem_graph.jobs.stages import Stages
from ecosystem_graph.jobs.staging import StagingFolder
from ecosystem_graph.lists.ranked_lists import of_one_score
from ecosystem_graph.ranking import CandidateFinder
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.request import Asked

#: Partners in a shard: some hundred files for a million, and little to do again after a crash.
SHARD = 4_096


@dataclass(frozen=True, slots=True)
class Answer:
    """Lists that answer a question.

    Attributes
    ----------
    pairs : tuple of ndarray of shape (n_rows,)
        Positions of the two sides of each row.
    undecided : int
        Lists of two and more in which all have one score.
    rows : polars.DataFrame or None
        The rows, unless they are in files alone.
    parts : sequence of Path
        The files, in order, of a run that is written.
    account : dict or None
        What capacities made of the lists; None where nobody is limited.
    """

    pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
    undecided: int
    rows: pl.DataFrame | None
    parts: Sequence[Path] = ()
    account: dict[str, Any] | None = None


def answer_to(
    asked: Asked,
    recommender: Recommender,
    finder: CandidateFinder,
    sources: NDArray[np.intp],
    crew: Backend,
    place: StagingFolder | None,
    stages: Stages,
) -> Answer:
    """Lists by a model: in shards where they are written, all in memory where they are not.

    Parameters
    ----------
    asked : Asked
    recommender : Recommender
    finder : CandidateFinder
        Who may be proposed.
    sources : ndarray of shape (n_sources,)
        Positions of the partners that get a list, in order.
    crew : Backend
        Who works on shards.
    place : StagingFolder or None
        Where what is finished is kept; None if nothing is written.
    stages : Stages

    Returns
    -------
    Answer
    """
    question, graph = asked.question, asked.graph
    if asked.need is None:
        lists = recommender.lists(
            finder,
            include_known=question.include_known,
            max_competition=question.max_competition,
            wishes=question.wishes,
        )
        if place is not None:
            shards = Shards(lists, question.k, sources, place.files, SHARD)
            account = finished_lists(shards, crew, stages)
            finished = shards.finished()
            pairs, undecided = (finished.sources, finished.targets), finished.of_one_score
            return Answer(pairs, undecided, None, shards.files("told"), account)
        stages("ranking")
        listing = lists.listing(
            sources, question.k, lambda done: stages("ranking", done, len(sources))
        )
        rows, account = listing.rows, listing.account
    else:
        stages("ranking")
        rows, account = (
            recommender.recommend_for(
                graph,
                asked.need,
                question.k,
                max_competition=question.max_competition,
                rest_days=question.wishes.rest_days,
                stale_days=question.wishes.stale_days,
                finder=finder,
            ),
            None,
        )
    stages.rows = rows.height
    sides = (graph.index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
    parts = []
    if place is not None:
        parts = [place.files / "told" / "00000.arrow"]
        write_part(parts[0], rows)
    pairs = next(sides), next(sides)
    return Answer(pairs, of_one_score(pairs[0], rows["score"].to_numpy()), rows, parts, account)


def typical_partners(listed: NDArray[np.intp], graph: EcosystemGraph) -> tuple[str, ...]:
    """Three of the partners listed: of many, of some, and of few collaborators so far."""
    order = np.lexsort((listed, -graph.degree[listed]))
    picks = sorted({0, len(order) // 20, len(order) // 2}) if len(order) else []
    return tuple(graph.index.ids[listed[order[picks]]].tolist())
