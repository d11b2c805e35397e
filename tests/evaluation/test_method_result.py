"""The figures of one method's lists, by hand on five partners."""

from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.evaluation.holdout import Holdout
from ecosystem_graph.evaluation.method_result import method_result
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.ranking.value.accepting import constant_acceptance
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.ranking.value.winning import assumed_winning
from ecosystem_graph.signals import GraphFeatures

PROTOCOL = BacktestProtocol(date(2025, 1, 1), k=2)

#: Partner 0 is to find 2, partner 1 is to find 3; partner 4 is not eligible.
LISTS = np.array([[2, 3], [2, -1]])


def benefit_of(graph):
    return Benefit(GraphFeatures(graph), assumed_winning(), constant_acceptance())


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
        return method_result(holdout, benefit_of(graph), ranked, 1.5, PROTOCOL)

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
    assert (result.competition, result.uplift, result.satisfaction) == (None, None, None)
    assert result.seconds == 1.5


def test_the_pairs_listed_have_their_mean_competition(result_of):
    rows = {"offerings": {"p0": "vpn", "p1": "lan", "p2": "vpn", "p3": "lan"}}
    near, far = result_of(np.array([[2, -1], [3, -1]]), **rows), result_of(**rows)
    assert near.competition > far.competition > 0


def test_the_pairs_listed_have_their_mean_uplift(result_of, make_graph):
    rows = {
        "wins": {"d-1": "p0", "d-2": "p1"},
        "deal_requirements": {"d-1": "crm erp", "d-2": "crm"},
        "partner_capabilities": {"p2": "crm", "p3": "iot"},
    }
    able, unable = (result_of(np.array([[one, -1]] * 2), **rows).uplift for one in (2, 3))
    assert able > unable
    benefit = benefit_of(make_graph(partners="p0 p1 p2 p3 p4", **rows))
    sides = np.array([0, 0, 1]), np.array([2, 3, 2])
    assert result_of(**rows).uplift == pytest.approx(benefit.uplift(*sides).mean.mean())


def test_satisfaction_is_the_mean_of_those_listed(result_of, make_graph):
    rows = {
        "csat": [
            {"partner_id": who, "customer_id": f"{who}-{n}", "score": score}
            for who, score in (("p2", 5), ("p3", 2))
            for n in range(3)
        ]
    }
    believed = GraphFeatures(make_graph(partners="p0 p1 p2 p3 p4", **rows)).satisfaction.mean
    assert believed[2] > believed[3]
    assert result_of(**rows).satisfaction == pytest.approx((2 * believed[2] + believed[3]) / 3)
