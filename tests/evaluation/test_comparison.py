"""Lists of the model and of baselines compared on new and on known partners."""

from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.evaluation.comparison import TaskHoldout, compare
from ecosystem_graph.evaluation.metrics import ndcg_at_k
from ecosystem_graph.evaluation.protocol import BacktestProtocol

CUTOFF = date(2025, 1, 1)


def test_new_and_known_partners_are_compared_apart():
    """One row: partner 0 leads, knows 1 and 2; 2 and 3 join it."""
    holdout = TaskHoldout(
        leads=np.array([0]),
        known=csr_array([[0, 1, 1, 0, 0]]),
        truth=csr_array([[0.0, 0, 1, 1, 0]]),
        open_to=np.ones(5, dtype=bool),
    )
    pairs = np.zeros(4, dtype=np.intp), np.array([1, 2, 3, 4]), np.array([4.0, 3.0, 2.0, 1.0])
    against = {"by_place": lambda rows: np.tile(np.arange(5.0), (len(rows), 1))}
    results = {
        familiarity: compare(holdout, pairs, against, familiarity, BacktestProtocol(CUTOFF, k=2))
        for familiarity in ("new", "known")
    }
    expected = {
        "new": ([[3, 4]], [[4, 3]], 3),
        "known": ([[1, 2]], [[2, 1]], 2),
    }
    for familiarity, (ours, theirs, true) in expected.items():
        truth = csr_array(([1.0], ([0], [true])), shape=(1, 5))
        for name, ranked in (("model", ours), ("by_place", theirs)):
            (right,) = ndcg_at_k(np.array(ranked), truth, k=2)
            assert results[familiarity].metrics[name]["ndcg"].estimate == pytest.approx(right)
        assert (results[familiarity].n_lists, results[familiarity].n_true) == (1, 1.0)


def test_without_a_partner_to_find_there_is_no_comparison():
    nobody = csr_array((1, 3))
    holdout = TaskHoldout(np.array([0]), nobody, nobody, np.ones(3, dtype=bool))
    nothing = np.empty(0, dtype=np.intp)
    assert (
        compare(holdout, (nothing, nothing, np.empty(0)), {}, "new", BacktestProtocol(CUTOFF, k=2))
        is None
    )
