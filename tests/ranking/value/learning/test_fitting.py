"""Models of winning and of accepting: from what, with which priors, and how they are checked."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.special import expit
from sklearn.metrics import log_loss, roc_auc_score

from ecosystem_graph.ranking.value.accepting import TERMS as ACCEPTING_TERMS
from ecosystem_graph.ranking.value.learning import fitting
from ecosystem_graph.ranking.value.learning.fitting import (
    fit_accepting,
    fit_value_models,
    fit_winning,
)
from ecosystem_graph.ranking.value.learning.past_deals import PastDeals
from ecosystem_graph.ranking.value.logit import Prior, fit_logit
from ecosystem_graph.ranking.value.winning import ASSUMED, LEVELS, SIGNS, TERMS, assumed_winning
from ecosystem_graph.signals import GraphFeatures

BEGAN = date(2022, 1, 1)


def past(n=400, seed=0, n_lost=None):
    """Deals drawn by weights; territories and customers of several deals."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, len(TERMS)))
    won = rng.random(n) < expit(-1.5 + x @ np.where(np.arange(len(TERMS)) < 5, 0.8, -0.2))
    if n_lost is not None:
        won = np.arange(n) >= n_lost
    facts = pl.DataFrame(
        {
            "deal_id": [f"d-{place:04}" for place in range(n)],
            "won": won,
            "opened_on": [BEGAN + timedelta(days=int(day)) for day in rng.permutation(n)],
            "customer_id": [None if one == 9 else f"k{one}" for one in rng.integers(0, 10, n)],
            "territory": [[None, "DE", "FR"][one] for one in rng.integers(0, 3, n)],
            "industry": [["bank", "school"][one] for one in rng.integers(0, 2, n)],
            "log_amount": [None if one > 3 else float(one) for one in rng.integers(0, 5, n)],
            "covered_later": rng.random(n),
        }
    )
    return PastDeals(x, facts)


def nuisance_by_hand(facts):
    amount = facts["log_amount"].to_numpy()
    known = ~np.isnan(amount)
    spread = amount[known].std(ddof=1)
    columns = [
        np.where(known, (amount - amount[known].mean()) / spread, 0.0),
        facts["covered_later"].to_numpy(),
    ]
    for name in ("territory", "industry"):
        labels = facts[name].to_list()
        counted = {one: labels.count(one) for one in set(labels) - {None}}
        for label in sorted(counted, key=lambda one: (-counted[one], one)):
            columns.append(np.array([one == label for one in labels], float))
    return np.stack(columns, axis=1)


def clusters_by_hand(facts):
    names = [
        customer or deal for customer, deal in facts.select("customer_id", "deal_id").iter_rows()
    ]
    return np.array([sorted(set(names)).index(one) for one in names])


def prior_by_hand(n_nuisance):
    return Prior(
        np.array([ASSUMED[name][0] for name in TERMS] + [0.0] * n_nuisance),
        np.array([2 * ASSUMED[name][1] for name in TERMS] + [0.5] * n_nuisance),
        np.array([SIGNS.get(name, 0) for name in TERMS] + [0] * n_nuisance),
    )


def test_winning_is_a_regression_on_terms_and_on_what_else_deals_differ_in():
    deals = past()
    nuisance, n = nuisance_by_hand(deals.facts), len(TERMS)
    won = deals.facts["won"].to_numpy()
    x = np.column_stack([deals.x, nuisance])
    intercept, weights, covariance = fit_logit(
        x, won, prior_by_hand(nuisance.shape[1]), clusters_by_hand(deals.facts)
    )
    model = fit_winning(deals)
    assert model.names == TERMS
    assert model.n == 400
    np.testing.assert_allclose(model.coefficients, weights[:n], rtol=1e-6)
    assert model.intercept == pytest.approx(intercept + nuisance.mean(axis=0) @ weights[n:])
    np.testing.assert_allclose(model.covariance, covariance[: n + 1, : n + 1], rtol=1e-6)


def test_it_is_checked_on_the_latest_quarter_of_the_deals():
    deals = past(n=402)
    nuisance, n = nuisance_by_hand(deals.facts), len(TERMS)
    prior, clusters = prior_by_hand(nuisance.shape[1]), clusters_by_hand(deals.facts)
    x, won = np.column_stack([deals.x, nuisance]), deals.facts["won"].to_numpy()
    order = np.argsort(deals.facts["opened_on"].to_numpy())
    before, after = order[:301], order[301:]  # three quarters, rounded down
    intercept, weights, _ = fit_logit(x[before], won[before], prior, clusters[before])
    log_odds = intercept + x[after] @ weights
    free = Prior(np.zeros(1), np.full(1, 10.0), np.zeros(1, dtype=np.int64))
    slope = fit_logit(log_odds[:, None], won[after], free, clusters[after])[1][0]
    levels = len(LEVELS)
    expected = {
        "deals": 101,
        "auc": roc_auc_score(won[after], x[after][:, :n] @ weights[:n]),
        "auc_of_coverage": roc_auc_score(won[after], x[after][:, :levels] @ weights[:levels]),
        "log_loss": log_loss(won[after], expit(log_odds)),
        "log_loss_of_intercept": log_loss(won[after], np.full(101, won[before].mean())),
        "calibration_slope": slope,
    }
    assert fit_winning(deals).figures == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize(
    ("n", "n_lost", "learnt"), [(300, 50, True), (299, 50, False), (300, 49, False)]
)
def test_three_hundred_deals_of_which_fifty_were_lost_are_enough(n, n_lost, learnt):
    model = fit_winning(past(n, n_lost=n_lost))
    assert (model is not None) == learnt


def test_twenty_five_territories_have_a_term_of_their_own():
    facts = past(60).facts.with_columns(territory=pl.Series([f"t{n % 30:02}" for n in range(60)]))
    assert fitting._nuisance(facts).shape[1] == 2 + 25 + 2
    unknown = facts.with_columns(log_amount=pl.lit(None, pl.Float64))
    assert not fitting._nuisance(unknown)[:, 0].any()


def introductions(n=250, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(ACCEPTING_TERMS))) * [0.1, 1, 3, 1, 1, 2]
    return x, rng.random(n) < expit(0.4 + 3 * x[:, 0] - 0.3 * x[:, 5]), rng.integers(0, 50, n)


def test_accepting_is_learnt_in_standard_deviations_with_signs():
    x, accepted, pairs = introductions()
    x[:, 3] = 0.7  # never varied
    spread = np.where(x.std(axis=0) > 1e-9, x.std(axis=0), 1.0)
    sign = np.array([1, 1, 0, 0, -1, -1])
    prior = Prior(np.zeros(6), np.full(6, 0.5), sign)
    intercept, weights, covariance = fit_logit(x / spread, accepted, prior, pairs)
    model = fit_accepting(x, accepted, pairs)
    assert model.names == ACCEPTING_TERMS
    assert (model.n, model.intercept) == (250, pytest.approx(intercept, abs=1e-5))
    np.testing.assert_allclose(model.coefficients, weights / spread, atol=1e-5)
    scale = np.array([1.0, *spread])
    np.testing.assert_allclose(model.covariance, covariance / np.outer(scale, scale), rtol=1e-4)
    assert (model.coefficients * sign >= 0).all()


def test_two_hundred_decisions_both_ways_are_enough():
    x, accepted, pairs = introductions(200)
    assert fit_accepting(x, accepted, pairs) is not None
    assert fit_accepting(x[1:], accepted[1:], pairs[1:]) is None
    assert fit_accepting(x, accepted | True, pairs) is None
    assert fit_accepting(x, accepted & False, pairs) is None


def test_with_too_little_on_record_winning_is_assumed_and_acceptance_a_rate(make_tables):
    tables = make_tables(
        wins=["ann bob", "bob cy"],
        introductions=[
            {
                "partner_id": "ann",
                "collaborator_id": "cy",
                "introduced_on": "2024-06-01",
                "decided_on": "2024-06-20",
                "status": status,
            }
            for status in ("accepted", "declined", "won")
        ],
    )
    winning, accepting = fit_value_models(tables, date(2025, 1, 1), GraphFeatures)
    assert winning.coefficients.tolist() == assumed_winning().coefficients.tolist()
    assert not winning.learnt
    assert accepting.names == ()
    assert accepting.probability(np.zeros((1, 0)))[0] == pytest.approx((2 + 2) / (3 + 4))
    assert accepting.n == 3
