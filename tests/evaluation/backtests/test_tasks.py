"""The back-tests of known collaborators and of needs."""

from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph import Recommender, load_dataset
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.tasks import repeat_backtest, requirement_backtest
from ecosystem_graph.evaluation.comparison import TaskHoldout, compare
from ecosystem_graph.evaluation.metrics import ndcg_at_k
from ecosystem_graph.evaluation.protocol import Protocol

CUTOFF = date(2025, 1, 1)


@pytest.fixture(scope="module")
def demo():
    return load_dataset("channel-demo")


@pytest.fixture(scope="module")
def model(demo):
    from ecosystem_graph.tables import known_at

    return (
        Recommender(n_candidates=150)
        .fit(known_at(demo, CUTOFF), CUTOFF, for_requirements=True)
        .model_
    )


def test_lists_of_new_and_known_partners_are_marked_apart():
    """One row: partner 0 leads, knows 1 and 2; 2 and 3 turn out to join it."""
    holdout = TaskHoldout(
        leads=np.array([0]),
        known=csr_array([[0, 1, 1, 0, 0]]),
        truth=csr_array([[0.0, 0, 1, 1, 0]]),
        open_to=np.ones(5, dtype=bool),
    )
    pairs = np.zeros(4, dtype=np.intp), np.array([1, 2, 3, 4]), np.array([4.0, 3.0, 2.0, 1.0])
    against = {"by_place": lambda rows: np.tile(np.arange(5.0), (len(rows), 1))}
    told = {
        familiarity: compare(holdout, pairs, against, familiarity, k=2, seed=0)
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
            assert told[familiarity].metrics[name]["ndcg"].estimate == pytest.approx(right)
        assert (told[familiarity].n_lists, told[familiarity].n_true) == (1, 1.0)


def test_where_there_is_nobody_to_find_nothing_is_told():
    nobody = csr_array((1, 3))
    holdout = TaskHoldout(np.array([0]), nobody, nobody, np.ones(3, dtype=bool))
    nothing = np.empty(0, dtype=np.intp)
    assert compare(holdout, (nothing, nothing, np.empty(0)), {}, "new", k=2, seed=0) is None


def test_a_need_is_served_better_than_by_what_a_user_could_go_by(demo, model):
    told = requirement_backtest(demo, Protocol(CUTOFF), model=model)
    assert told.results["new"].ratio.low > 1
    assert told.results["known"].ratio.estimate > 1
    assert set(told.results["new"].metrics) == {
        "model",
        "past_partners",
        "popularity_within_requirement",
        "adamic_adar",
    }


def test_known_collaborators_are_ranked_better_than_by_ties_alone(demo, model):
    told = repeat_backtest(demo, Protocol(CUTOFF), model=model)
    assert list(told.results) == ["known"]
    assert told.results["known"].ratio.low > 1


def test_a_later_model_is_refused(demo, model):
    for task in (repeat_backtest, requirement_backtest):
        with pytest.raises(HistoryError, match="on data after the cutoff"):
            task(demo, Protocol(date(2024, 1, 1)), model=model)


def test_nothing_to_test_on_is_said(demo, model):
    for task in (repeat_backtest, requirement_backtest):
        with pytest.raises(HistoryError, match="nothing to test on"):
            task(demo, Protocol(date(2030, 1, 1)), model=model)
