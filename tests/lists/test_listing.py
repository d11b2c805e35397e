"""Rows of whole lists: the calibration of each probability, and the flags of the ledger."""

from dataclasses import replace

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph, Recommender
from ecosystem_graph.lists.listing import _evenly
from ecosystem_graph.ranking import Calibration
from ecosystem_graph.recommending import Request

AS_OF = "2025-01-01"


def steps(first):
    """A calibration whose probabilities name it."""
    probability = first + np.array([0.0, 0.05, 0.1])
    above, n = np.array([-9.0, -3.0, -2.0]), np.array([200, 300, 400])
    return Calibration(above, probability, probability / 2, probability * 2, n)


@pytest.fixture(scope="module")
def circles(taught):
    return EcosystemGraph.from_tables(taught, AS_OF)


@pytest.fixture(scope="module")
def ranker(recommender, circles):
    model = recommender.model_
    rankers = {task: model.rankers["new"] for task in ("new", "repeat")}
    calibrations = {"new": steps(0.1), "repeat": steps(0.4)}
    return Recommender.of(replace(model, rankers=rankers, calibrations=calibrations)).on(circles)


def test_new_and_known_pairs_have_the_probability_of_their_own_task(ranker, circles):
    rows = ranker.lists(Request.of(k=8, include_known=True)).rows
    a = circles.index.positions(rows["partner_id"])
    b = circles.index.positions(rows["collaborator_id"])
    known = np.array([circles.adjacency[one, other] > 0 for one, other in zip(a, b, strict=True)])
    assert 0 < known.sum() < len(known)
    for task, here in (("new", ~known), ("repeat", known)):
        chance = ranker.scorer(task).probability(a[here], b[here])
        shown = rows.filter(here)
        np.testing.assert_array_equal(shown["probability"], chance.mean)
        np.testing.assert_array_equal(shown["probability_low"], chance.low)
        np.testing.assert_array_equal(shown["probability_high"], chance.high)
        np.testing.assert_array_equal(shown["probability_n"], chance.n)
        added, _ = ranker.policy().terms(ranker.features, a[here], b[here])
        likelihood = ranker.scorer(task).log_odds(a[here], b[here])
        np.testing.assert_array_equal(shown["score"], likelihood + added)


def test_only_pairs_that_declined_or_lost_before_are_flagged_so(recommender, taught, make_tables):
    introductions = [
        {"partner_id": "d0", "collaborator_id": "d2", "status": "declined"},
        {"partner_id": "d2", "collaborator_id": "d4", "status": "lost"},
    ]
    for row in introductions:
        row |= {"introduced_on": "2023-06-15", "decided_on": "2023-06-20"}
    rows = {
        name: taught[name] for name in ("partners", "deals", "deal_partners", "deal_requirements")
    }
    tables = make_tables(**rows, introductions=introductions)
    shown = recommender.recommend(EcosystemGraph.from_tables(tables, AS_OF), k=9)
    shown = shown.filter(shown["partner_id"].str.starts_with("d"))
    for flag, pair in (("declined_before", {"d0", "d2"}), ("lost_before", {"d2", "d4"})):
        flagged = shown.filter(shown["flags"].list.contains(flag))
        pairs = zip(flagged["partner_id"], flagged["collaborator_id"], strict=True)
        assert {frozenset(one) for one in pairs} == {frozenset(pair)}


def test_collaborators_with_an_introduction_under_way_are_flagged(recommender, taught, make_tables):
    rows = {
        name: taught[name] for name in ("partners", "deals", "deal_partners", "deal_requirements")
    }
    under_way = [{"partner_id": "d0", "collaborator_id": "d5", "introduced_on": "2024-12-15"}]
    graph = EcosystemGraph.from_tables(make_tables(**rows, introductions=under_way), AS_OF)
    shown = recommender.recommend(graph, k=9, capacity=30)
    flagged = shown.filter(shown["flags"].list.contains("introductions_under_way"))
    assert set(flagged["collaborator_id"]) == {"d0", "d5"}
    assert not {"d0", "d5"} & set(
        shown.join(flagged, on=["partner_id", "collaborator_id"], how="anti")["collaborator_id"]
    )
    assert shown.filter(shown["partner_id"].is_in(["d0", "d5"])).height > 0


@pytest.mark.parametrize(("n", "most"), [(5, 3), (10, 4), (7, 7), (3, 9), (1, 1), (9, 1)])
def test_those_compared_are_spread_evenly_from_the_first_to_the_last(n, most):
    chosen = _evenly(np.arange(n) * 10, most)
    size = min(n, most)
    expected = [round(place * (n - 1) / max(size - 1, 1)) * 10 for place in range(size)]
    assert chosen.tolist() == expected
    assert _evenly(np.arange(0), most).tolist() == []
