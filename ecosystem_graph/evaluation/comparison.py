"""Lists for partners or requirements compared with baselines, on one kind of pair."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at, tidy
from ecosystem_graph.arrays.list_kernels import best_of_runs
from ecosystem_graph.evaluation.baselines.full_ranking import best_of_rows
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.evaluation.summary import against_best, intervals

Positions = NDArray[np.intp]
Values = NDArray[np.float64]

#: Partners new to the lead, or those it has won with before.
Familiarity = Literal["new", "known"]

#: Scores of all partners for some rows.
RowScorer = Callable[[Positions], Values]

_BLOCK = 128


@dataclass(frozen=True, eq=False, slots=True)
class TaskHoldout:
    """The leads that partners are looked for, row by row, and the partners that joined them.

    Attributes
    ----------
    leads : ndarray of shape (n_rows,)
        Positions of the partners that others are looked for.
    known : csr_array of shape (n_rows, n_partners)
        Nonzero for partners the lead has won with before.
    truth : csr_array of shape (n_rows, n_partners)
        Nonzero for partners that joined the lead.
    open_to : ndarray of bool, shape (n_partners,)
        Partners that may be proposed.
    """

    leads: Positions
    known: csr_array
    truth: csr_array
    open_to: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the methods did on one kind of pair.

    Attributes
    ----------
    n_lists : int
        Lists with at least one such partner to find.
    n_true : float
        Mean number of them.
    metrics : dict of str to dict of str to Interval
        By method, then by metric: mean over lists with its 95 % bootstrap interval.
    best_baseline : str
        The one with the highest nDCG.
    ratio : Interval
        The model's nDCG over the best baseline's, paired over lists.
    """

    n_lists: int
    n_true: float
    metrics: dict[str, dict[str, Interval]]
    best_baseline: str
    ratio: Interval


def compare(
    holdout: TaskHoldout,
    model: tuple[Positions, Positions, Values],
    baselines: Mapping[str, RowScorer],
    familiarity: Familiarity,
    protocol: BacktestProtocol,
) -> Comparison | None:
    """Compare the model's lists with the baselines' on partners of one kind.

    Parameters
    ----------
    holdout : TaskHoldout
    model : tuple of ndarray of shape (n_pairs,)
        Rows, targets and scores of the model's candidates; equal rows stand together.
    baselines : mapping of str to callable
        Scores of all partners for some rows, shape (n_rows, n_partners).
    familiarity : {"new", "known"}
        Which partners count: those new to the lead, or those known to it.
    protocol : BacktestProtocol

    Returns
    -------
    Comparison or None
        None where there is no such partner to find.
    """
    met = holdout.truth.multiply(holdout.known > 0)
    truth = tidy(csr_array(met if familiarity == "known" else holdout.truth - met))
    wanted = np.flatnonzero(np.diff(truth.indptr))
    if not len(wanted):
        return None
    rows, targets, scores = model
    right = (entries_at(holdout.known, rows, targets) > 0) == (familiarity == "known")
    lists = {"model": _listed(rows[right], targets[right], scores[right], wanted, protocol.k)}
    for name, scorer in baselines.items():
        lists[name] = _ranked(holdout, scorer, wanted, familiarity, protocol.k)
    per_list = {
        name: {
            key: METRICS[key](ranked, truth[wanted], k=protocol.k)
            for key in ("ndcg", "precision", "recall", "hit_rate", "mrr")
        }
        for name, ranked in lists.items()
    }
    ndcg = {name: metrics["ndcg"] for name, metrics in per_list.items()}
    best_baseline, ratio = against_best(ndcg, baselines, protocol.seed)
    return Comparison(
        n_lists=len(wanted),
        n_true=truth.nnz / len(wanted),
        metrics={name: intervals(metrics, protocol.seed) for name, metrics in per_list.items()},
        best_baseline=best_baseline,
        ratio=ratio,
    )


def _listed(
    rows: Positions, targets: Positions, scores: Values, wanted: Positions, k: int
) -> Positions:
    """The best candidates of each wanted row, -1 where there are fewer than k."""
    best = best_of_runs(rows, targets, scores, k)
    rows, targets = rows[best], targets[best]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    lists = np.full((max(rows.max(initial=0), wanted.max()) + 1, k), -1, dtype=np.intp)
    lists[rows, place] = targets
    return lists[wanted]


def _ranked(
    holdout: TaskHoldout, scorer: RowScorer, wanted: Positions, familiarity: Familiarity, k: int
) -> Positions:
    """The best of all partners of the kind, by a baseline."""
    lists = np.full((len(wanted), k), -1, dtype=np.intp)
    for start in range(0, len(wanted), _BLOCK):
        rows = wanted[start : start + _BLOCK]
        scores = np.array(scorer(rows), dtype=np.float64)
        allowed = (holdout.known[rows].toarray() > 0) == (familiarity == "known")
        allowed &= holdout.open_to
        allowed[np.arange(len(rows)), holdout.leads[rows]] = False
        scores[~allowed] = -np.inf
        best = best_of_rows(scores, min(k, scores.shape[1]))
        lists[start : start + len(rows), : best.shape[1]] = best
    return lists
