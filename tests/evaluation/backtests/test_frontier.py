"""The frontier: the same lists under limits and prices."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph, Recommender
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.backtests.frontier import frontier
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.recommending import load_model

CUTOFF = date(2025, 1, 1)
CIRCLES = {name: [f"{name}{n}" for n in range(8)] for name in "abcde"}


@pytest.fixture(scope="module")
def whole_circles(make_tables):
    """Circles that are chains of wins with one hub; whole ones win in 2025."""
    chains = {f"{a}-{b}": [a, b] for circle in CIRCLES.values() for a, b in pairwise(circle)}
    hub = {f"hub-{name}": ["hub", CIRCLES[name][0]] for name in CIRCLES}
    later = {f"later-{name}": CIRCLES[name] for name in "de"}
    days = dict.fromkeys(chains | hub, "2023-06-01") | dict.fromkeys(later, "2025-06-01")
    return make_tables(
        wins=chains | hub | later,
        deals={deal: {"closed_on": day} for deal, day in days.items()},
        deal_requirements={deal: f"cap-{deal[0]}" for deal in chains},
    )


@pytest.fixture(scope="module")
def model():
    """It needs no history to learn from."""
    return load_model("default")


@pytest.fixture(scope="module")
def told(whole_circles, model):
    return frontier(
        whole_circles,
        BacktestProtocol(CUTOFF, k=5),
        capacities=[1000, 3, 1, 0],
        exposure_prices=[2.0, 4.0],
        model=model,
    )


def test_the_plain_ranking_is_that_of_the_back_test(told, whole_circles, model):
    plain = told.points[0]
    beside = backtest(
        whole_circles, BacktestProtocol(CUTOFF, k=5), model=model, baselines=["popularity"]
    )
    outcome = beside.results["model"]
    assert (plain.capacity, plain.exposure_price) == (None, 0.0)
    assert plain.ndcg == outcome.metrics["ndcg"]
    assert plain.hit_rate == outcome.metrics["hit_rate"]
    assert plain.observed_wins == pytest.approx(
        outcome.metrics["precision"].estimate * 5 * told.n_sources
    )
    assert (plain.coverage, plain.maximal_load) == (
        pytest.approx(outcome.coverage),
        outcome.max_load,
    )
    assert plain.gini == pytest.approx(outcome.gini)
    assert plain.share_never_recommended == pytest.approx(1 - plain.coverage)


def test_a_capacity_that_binds_nobody_changes_nothing(told):
    plain, roomy = told.points[:2]
    assert roomy.capacity == 1000
    for name in ("ndcg", "hit_rate", "gini", "maximal_load", "observed_wins", "short_of_optimum"):
        assert getattr(roomy, name) == getattr(plain, name)


def test_nobody_stands_in_more_lists_than_capacity_allows(told):
    of = {point.capacity: point for point in told.points}
    assert of[3].maximal_load == 3 < of[None].maximal_load
    assert of[1].maximal_load == 1
    assert of[0].maximal_load == of[0].observed_wins == 0
    assert of[0].n_empty == of[0].n_short == told.n_sources
    assert of[1].n_short > of[3].n_short
    assert of[1].n_empty == 0


def test_lists_within_capacity_are_next_to_the_best_there_are(told):
    assert all(0 <= point.short_of_optimum < 0.01 for point in told.points if point.capacity != 1)


def test_a_price_spreads_lists_over_more_partners(told):
    plain, soft, strong = told.points[0], *told.points[-2:]
    assert (soft.exposure_price, strong.exposure_price) == (2.0, 4.0)
    assert plain.gini > soft.gini >= strong.gini
    assert plain.coverage <= soft.coverage <= strong.coverage


def test_expected_wins_are_the_probabilities_of_the_pairs_listed(whole_circles, model, told):
    graph = EcosystemGraph.from_tables(whole_circles, CUTOFF)
    sources = [f"{name}{n}" for name in "de" for n in range(8)]
    listed = Recommender.of(model).recommend(graph, sources, k=5)
    assert len(sources) == told.n_sources
    assert told.points[0].expected_wins == pytest.approx(listed["probability"].sum())


def test_without_probabilities_there_are_no_expected_wins(whole_circles, model):
    silent = replace(model, calibrations={})
    told = frontier(whole_circles, BacktestProtocol(CUTOFF), capacities=[2], model=silent)
    assert [point.expected_wins for point in told.points] == [None, None]


def test_a_model_that_has_seen_the_answers_is_refused(whole_circles, model):
    late = replace(model, fitted_as_of=date(2025, 6, 1))
    with pytest.raises(HistoryError, match="on data after the cutoff"):
        frontier(whole_circles, BacktestProtocol(CUTOFF), model=late)


def test_a_limit_below_nothing_is_refused(whole_circles, model):
    with pytest.raises(ValueError, match="capacity must be 0 or more"):
        frontier(whole_circles, BacktestProtocol(CUTOFF), capacities=[-1], model=model)
    with pytest.raises(ValueError, match="strength must be finite"):
        frontier(whole_circles, BacktestProtocol(CUTOFF), exposure_prices=[np.inf], model=model)
