"""The rows of an answer: who, at which rank, and what stands behind it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph.list_kernels import largest_terms
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
        order = np.lexsort((targets, -scores, sources))
        sources = sources[order]
        first = np.searchsorted(sources, sources)
        ranks = np.arange(1, len(sources) + 1) - first
        kept = ranks <= k
        order = order[kept]
        return cls(sources[kept], targets[order], ranks[kept].astype(np.int32), scores[order])


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
    ids = evidence.graph.taxonomy.ids.to_list()
    lists = [[ids[position] for position in row if position >= 0] for row in found.tolist()]
    return pl.Series(lists, dtype=pl.List(pl.String))


def _reasons(evidence: Evidence, a: NDArray[np.intp], b: NDArray[np.intp]) -> pl.Series:
    graph = evidence.graph
    together = np.asarray(graph.joint_wins[a, b]).ravel().astype(int).tolist()
    n_shared = SIGNALS["common_neighbours"].values(evidence, a, b).astype(int).tolist()
    shared = largest_terms(evidence.log_damped, graph.adjacency, a, b, _NAMED_COLLABORATORS)
    asked = largest_terms(evidence.scarce_needs, evidence.needs, a, b, 1)[:, 0].tolist()
    won = np.diff(graph.incidence.indptr)[b].tolist()
    names, capabilities = graph.index.names.tolist(), graph.taxonomy.names.tolist()
    reasons = []
    for pair, positions in enumerate(shared.tolist()):
        known_by = [names[position] for position in positions if position >= 0]
        told = [
            together[pair] and f"{_count(together[pair], 'joint win')} so far",
            n_shared[pair]
            and f"{_count(n_shared[pair], 'shared collaborator')}: {', '.join(known_by)}",
            asked[pair] >= 0 and f"both win deals asking for {capabilities[asked[pair]]}",
            won[pair] and f"{_count(won[pair], 'deal')} won",
        ]
        reasons.append([reason for reason in told if reason])
    return pl.Series(reasons, dtype=pl.List(pl.String))


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def _flags(evidence: Evidence, b: NDArray[np.intp]) -> pl.Series:
    untried = evidence.graph.degree[b] == 0
    flags = [["no_joint_win_yet"] if new else [] for new in untried.tolist()]
    return pl.Series(flags, dtype=pl.List(pl.String))
