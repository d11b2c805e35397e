"""The holdout of a back-test: who is asked for, what counts as true, and who is left out."""

from datetime import date

import numpy as np
import pytest

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.holdout import holdout_of
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.graph import EcosystemGraph

CUTOFF = date(2025, 1, 1)


@pytest.fixture
def holdout(make_tables):
    """Ann won with bob before the cutoff, with bob and cy soon after it, and with dan later."""

    def holdout(n_lists=10, horizon_days=None, **rows):
        tables = make_tables(
            wins={"then": "ann bob", "cy": "cy dan", "soon": "ann bob cy", "later": "ann dan"},
            deals={
                "then": {"closed_on": "2024-01-31"},
                "cy": {"closed_on": "2024-02-28"},
                "soon": {"closed_on": "2025-01-31"},
                "later": {"closed_on": "2026-01-31"},
            },
            **rows,
        )
        protocol = BacktestProtocol(CUTOFF, horizon_days=horizon_days, n_lists=n_lists)
        return holdout_of(tables, EcosystemGraph.from_tables(tables, CUTOFF), protocol)

    return holdout


def true_pairs(holdout):
    truth, ids = holdout.truth.tocoo(), holdout.graph.index.ids
    rows = zip(holdout.sources[truth.row], truth.col, strict=True)
    return {f"{ids[a]} {ids[b]}" for a, b in rows}


def test_only_pairs_that_had_not_won_together_before_are_true(holdout):
    new = {"ann cy", "ann dan", "bob cy"}
    assert true_pairs(holdout()) == new | {" ".join(pair.split()[::-1]) for pair in new}


def test_wins_after_the_horizon_do_not_count(holdout):
    assert "ann dan" not in true_pairs(holdout(horizon_days=365))
    assert "ann cy" in true_pairs(holdout(horizon_days=365))


def test_known_pairs_are_excluded_in_both_directions(holdout):
    excluded = holdout().excluded.toarray() > 0
    assert excluded[0, 1]
    assert excluded[1, 0]
    assert not excluded[0, 2]


def test_a_sample_is_of_the_size_asked_for_and_in_order(holdout):
    assert holdout().sources.tolist() == [0, 1, 2, 3]
    sampled = holdout(n_lists=2)
    assert len(sampled.sources) == sampled.truth.shape[0] == len(sampled.joint_wins) == 2
    assert (np.diff(sampled.sources) > 0).all()


def test_the_cold_slice_has_at_most_one_joint_win(holdout):
    assert holdout().joint_wins.tolist() == [1, 1, 1, 1]
    assert holdout().cold.all()


def test_a_partner_that_opted_out_is_neither_a_source_nor_true(holdout):
    without = holdout(partners={"cy": {"participates": False}})
    assert not any("cy" in pair for pair in true_pairs(without))
    assert "ann dan" in true_pairs(without)


def test_without_a_new_pair_there_is_nothing_to_test_on(holdout):
    with pytest.raises(HistoryError, match="nothing to test on: no partner known at 2025-01-01"):
        holdout(horizon_days=10)
