"""The holdout of a back-test: who wins with whom for the first time after a cutoff."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.graph import EcosystemGraph, Eligibility, Ledger
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.reranking import UNLIMITED, Reranking
from ecosystem_graph.ranking import CandidateFinder, wins_after
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.tables import Tables

#: Partners with at most this many joint wins at the cutoff are the cold slice.
_COLD_JOINT_WINS = 1


@dataclass(frozen=True, eq=False)
class Holdout:
    """Partners to make lists for, and the new collaborators they turned out to win with.

    Attributes
    ----------
    graph : EcosystemGraph
        As it was known at the cutoff.
    eligible : ndarray of bool, shape (n_partners,)
        Partners that may be listed: they take part and were known at the cutoff.
    excluded : csr_array of shape (n_partners, n_partners)
        Nonzero where two may not be proposed to each other, know each other, or were introduced.
    sources : ndarray of shape (n_sources,)
        Partners to make lists for, in order of position.
    truth : csr_array of shape (n_sources, n_partners)
        Nonzero at the new collaborators each source won with after the cutoff.
    joint_wins : ndarray of shape (n_sources,)
        How many the sources had before it.
    """

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


def holdout_of(tables: Tables, graph: EcosystemGraph, protocol: BacktestProtocol) -> Holdout:
    """A sample of the partners that won with a new collaborator after the cutoff, and with whom.

    Pairs that were introduced before the cutoff, as the ledger had it then, are left out: no
    method proposes them.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    graph : EcosystemGraph
        As of the cutoff.
    protocol : BacktestProtocol

    Returns
    -------
    Holdout

    Raises
    ------
    HistoryError
        If there is no such partner.
    """
    eligibility = Eligibility.from_graph(graph)
    eligible = eligibility.takes_part & graph.has_history
    then = wins_after(graph, tables, protocol.until)
    new = tidy(then - then.multiply(graph.adjacency)).tocoo()
    a, b = new.coords
    ledger = Ledger.from_graph(graph)
    counts = eligibility.permits(a, b) & ledger.permits(a, b) & eligible[a] & eligible[b]
    truth = tidy(csr_array((new.data[counts], (a[counts], b[counts])), shape=new.shape))
    sources = np.flatnonzero(np.diff(truth.indptr))
    if len(sources) == 0:
        raise HistoryError(
            f"nothing to test on: no partner known at {graph.as_of} won with a new one after it. "
            "Choose an earlier cutoff."
        )
    if len(sources) > protocol.n_lists:
        sources = np.sort(protocol.rng().choice(sources, protocol.n_lists, replace=False))
    wins = graph.incidence @ (graph.team_size > 1).astype(np.float64)
    excluded = tidy(graph.adjacency + eligibility.apart() + ledger.excluded)
    return Holdout(graph, eligible, excluded, sources, truth[sources], wins[sources])


def best_lists(
    ranker: GraphRanker,
    finder: CandidateFinder,
    sources: NDArray[np.intp],
    k: int,
    *,
    reranking: Reranking = UNLIMITED,
    competition_price: float | None = None,
) -> NDArray[np.intp]:
    """Lists of the k best by the model for each source, (n_sources, k), -1 where one is shorter."""
    lists = np.full((len(sources), k), -1, dtype=np.intp)
    policy = ranker.policy()
    if competition_price is not None:
        policy = replace(policy, competition_price=competition_price)
    builder = ListBuilder(finder, {"new": ranker.scorer("new")}, policy, reranking)
    for _, ranked in map_chunks(lambda chunk: builder.ranked(chunk, k), sources):
        rows = np.searchsorted(sources, ranked.sources)
        lists[rows, ranked.ranks - 1] = ranked.targets
    return lists
