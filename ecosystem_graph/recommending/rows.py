"""The rows of an answer: who, at which rank, and what stands behind it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph.list_kernels import best_of_runs, largest_terms
from ecosystem_graph.graph.sparse import entries_at
from ecosystem_graph.signals import SIGNALS, Evidence

#: Capabilities named per row.
_NAMED_CAPABILITIES = 5

#: Shared collaborators named per row.
_NAMED_COLLABORATORS = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    """Pairs in the order of their lists.

    Attributes
    ----------
    sources, targets : ndarray of shape (n_rows,)
        Positions.
    ranks : ndarray of shape (n_rows,)
        From 1 in each list.
    scores : ndarray of shape (n_rows,)
    """

    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    ranks: NDArray[np.int32]
    scores: NDArray[np.float64]

    @classmethod
    def best(
        cls,
        sources: NDArray[np.intp],
        targets: NDArray[np.intp],
        scores: NDArray[np.float64],
        *,
        k: int,
    ) -> Self:
        """The k best targets of each source, by score, ties by position.

        Examples
        --------
        >>> pairs = np.array([0, 0, 1]), np.array([1, 2, 0]), np.array([-2.0, -1.0, -3.0])
        >>> Ranked.best(*pairs, k=1).targets
        array([2, 0])
        """
        together = np.argsort(sources, kind="stable")
        sources, targets, scores = sources[together], targets[together], scores[together]
        best = best_of_runs(sources, targets, scores, k)
        sources = sources[best]
        ranks = np.arange(1, len(best) + 1) - np.searchsorted(sources, sources)
        return cls(sources, targets[best], ranks.astype(np.int32), scores[best])


def rows(evidence: Evidence, ranked: Ranked) -> pl.DataFrame:
    """Everything an answer says about each pair, ids in place of positions.

    Columns that the tables say nothing about are left out.

    Parameters
    ----------
    evidence : Evidence
    ranked : Ranked

    Returns
    -------
    polars.DataFrame
        One row per pair, in the order of `ranked`.
    """
    graph = evidence.graph
    a, b = ranked.sources, ranked.targets
    columns = {
        "partner_id": pl.Series(graph.index.ids[a], dtype=pl.String),
        "rank": pl.Series(ranked.ranks),
        "collaborator_id": pl.Series(graph.index.ids[b], dtype=pl.String),
        "score": pl.Series(ranked.scores),
    }
    if evidence.demand.nnz:
        columns |= {
            "gain": pl.Series(SIGNALS["gain"].values(evidence, a, b)),
            "reciprocal_gain": pl.Series(SIGNALS["reciprocal_gain"].values(evidence, a, b)),
            "gaps_filled": _capabilities(evidence, a, b),
            "brings": _capabilities(evidence, b, a),
        }
    columns["evidence"] = _reasons(evidence, a, b)
    columns["flags"] = _flags(evidence, b)
    return pl.DataFrame(columns)


def empty_rows(evidence: Evidence) -> pl.DataFrame:
    """No rows, in the columns and types that rows would have."""
    nobody = np.empty(0, dtype=np.intp)
    return rows(evidence, Ranked(nobody, nobody, nobody.astype(np.int32), np.empty(0)))


def _capabilities(
    evidence: Evidence, lacking: NDArray[np.intp], holding: NDArray[np.intp]
) -> pl.Series:
    """Ids of what one side lacks, is in demand, and the other holds; most wanted first."""
    found = largest_terms(
        evidence.gaps, evidence.firmly_held, lacking, holding, _NAMED_CAPABILITIES
    )
    return _lists(evidence.graph.taxonomy.ids, found)


def _reasons(evidence: Evidence, a: NDArray[np.intp], b: NDArray[np.intp]) -> pl.Series:
    """Up to four facts about each pair, in words; a fact there is none of is left out."""
    graph = evidence.graph
    shared = largest_terms(evidence.ties, evidence.ties, a, b, _NAMED_COLLABORATORS)
    asked = largest_terms(evidence.scarce_needs, evidence.needs, a, b, 1)
    facts = pl.DataFrame(
        {
            "together": entries_at(graph.joint_wins, a, b).astype(np.int64),
            "n_shared": SIGNALS["common_neighbours"].values(evidence, a, b).astype(np.int64),
            "shared": _lists(pl.Series(graph.index.names, dtype=pl.String), shared),
            "asked": _lists(pl.Series(graph.taxonomy.names, dtype=pl.String), asked),
            "won": np.diff(graph.incidence.indptr)[b].astype(np.int64),
        }
    )
    told = [
        pl.when(pl.col("together") > 0).then(_counted("together", "joint win", " so far")),
        pl.when(pl.col("n_shared") > 0).then(
            _counted("n_shared", "shared collaborator", ": ") + pl.col("shared").list.join(", ")
        ),
        pl.when(pl.col("asked").list.len() > 0).then(
            "both win deals asking for " + pl.col("asked").list.join("")
        ),
        pl.when(pl.col("won") > 0).then(_counted("won", "deal", " won")),
    ]
    return facts.select(evidence=pl.concat_list(told).list.drop_nulls())["evidence"]


def _counted(column: str, thing: str, then: str) -> pl.Expr:
    many = pl.when(pl.col(column) == 1).then(pl.lit("")).otherwise(pl.lit("s"))
    return pl.format("{} {}{}{}", pl.col(column), pl.lit(thing), many, pl.lit(then))


def _flags(evidence: Evidence, b: NDArray[np.intp]) -> pl.Series:
    untried = evidence.graph.degree[b] == 0
    return _lists(pl.Series(["no_joint_win_yet"]), np.where(untried, 0, -1).reshape(-1, 1))


def _lists(labels: pl.Series, positions: NDArray[np.integer]) -> pl.Series:
    """Labels at the positions of each row, as a list; -1 is nobody.

    Examples
    --------
    >>> _lists(pl.Series(["x", "y"]), np.array([[1, 0], [1, -1]])).to_list()
    [['y', 'x'], ['y']]
    """
    flat = pl.Series(positions.astype(np.int64).ravel())
    names = labels.gather(flat.set(flat < 0, None))
    return names.reshape(positions.shape).arr.to_list().list.drop_nulls()
