"""The figures of one method's lists, by hand on five partners."""

from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.evaluation.holdout import Holdout
from ecosystem_graph.evaluation.method_result import method_result
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.signals import GraphFeatures

PROTOCOL = BacktestProtocol(date(2025, 1, 1), k=2)

#: Partner 0 is to find 2, partner 1 is to find 3; partner 4 is not eligible.
LISTS = np.array([[2, 3], [2, -1]])


@pytest.fixture
def result_of(make_graph):
    def result_of(ranked=LISTS, **rows):
        graph = make_graph(**{"partners": "p0 p1 p2 p3 p4", **rows})
        holdout = Holdout(
            graph=graph,
            eligible=np.array([True, True, True, True, False]),
            excluded=csr_array((5, 5)),
            sources=np.array([0, 1]),
            truth=csr_array([[0.0, 0, 1, 0, 0], [0, 0, 0, 1, 0]]),
            joint_wins=np.array([0.0, 5.0]),
        )
        return method_result(holdout, GraphFeatures(graph), ranked, 1.5, PROTOCOL)

    return result_of


def test_metrics_are_means_over_sources(result_of):
    metrics = result_of().metrics
    assert metrics["hit_rate"].estimate == 0.5
    assert metrics["precision"].estimate == 0.25
    assert metrics["recall"].estimate == 0.5
    assert metrics["ndcg"].estimate == 0.5


def test_the_cold_slice_and_those_without_a_win_are_apart(result_of):
    result = result_of()
    assert result.cold["hit_rate"].estimate == 1.0
    assert result.without["hit_rate"].estimate == 1.0


def test_exposure_is_spread_over_eligible_partners(result_of):
    result = result_of()
    assert result.coverage == 0.5
    assert result.max_load == 2
    # Appearances 0, 0, 1, 2 of four partners.
    assert result.gini == pytest.approx(7 / 12)


def test_what_the_tables_do_not_hold_is_none(result_of):
    result = result_of()
    assert (result.gain, result.smaller_gain, result.both_gain) == (None, None, None)
    assert result.competition is None
    assert result.seconds == 1.5


def test_the_pairs_listed_have_their_mean_competition(result_of):
    rows = {"offerings": {"p0": "vpn", "p1": "lan", "p2": "vpn", "p3": "lan"}}
    near, far = result_of(np.array([[2, -1], [3, -1]]), **rows), result_of(**rows)
    assert near.competition > far.competition > 0
