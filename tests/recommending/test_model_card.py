"""The card says in words what the manifest and the weights say in numbers."""

import numpy as np

from ecosystem_graph import load_model
from ecosystem_graph.ranking.value.accepting import constant_acceptance
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import ASSUMED, assumed_winning
from ecosystem_graph.recommending.model_card import model_card

ASSUMED_ONLY = {"winning": assumed_winning(), "accepting": constant_acceptance()}

MANIFEST = {
    "fitted_on": "acme",
    "fitted_as_of": "2025-01-01",
    "ecosystem_graph": "1.2.3",
    "figures": None,
}


def test_it_names_the_source_of_the_model_and_every_weight():
    rankers = load_model("default").all_rankers()
    card = model_card(MANIFEST, rankers, ASSUMED_ONLY)
    assert card.startswith("# Ranking weights learnt from acme\n")
    assert "what was known before 2025-01-01" in card
    row = next(line for line in card.splitlines() if line.startswith("| gain |"))
    ranker = rankers["new"]
    assert f"{ranker.coefficients[ranker.names.index('gain')]:+.3f}" in row
    assert f"| intercept | {ranker.intercept:.3f} |" in card
    assert "It was saved without a validation" in card


def test_figures_and_comparisons_of_the_manifest_are_shown():
    figures = {
        "cutoff": "2024-01-01",
        "horizon_days": 365,
        "lists": 1500,
        "ndcg_at_10": 0.1844,
        "best_baseline": "adamic_adar",
        "best_baseline_ndcg_at_10": 0.161,
        "ratio": 1.1449,
        "ratio_low": 1.1,
        "ratio_high": 1.2,
        "comparisons": {"loss": {"plain": {"2019": {"ndcg_at_10": 0.1, "cold_ndcg_at_10": 0.05}}}},
    }
    card = model_card(
        {**MANIFEST, "figures": figures}, load_model("default").all_rankers(), ASSUMED_ONLY
    )
    assert "nDCG@10 0.184 against 0.161 of adamic_adar, 1.145 times" in card
    assert "| plain | 0.1000 (0.0500) |" in card


def test_assumed_weights_of_winning_stand_with_the_reason_for_each():
    card = model_card(MANIFEST, load_model("default").all_rankers(), ASSUMED_ONLY)
    assert "Assumed: too few lost deals" in card
    for name, (weight, deviation, reason) in ASSUMED.items():
        assert f"| {name} | {weight:+.3f} | {deviation:.3f} | {reason} |" in card
    assert "with a probability of 0.50, by assumption" in card


def test_learnt_weights_stand_with_their_errors_and_how_well_they_fit_later_deals():
    learnt = Logit(
        ("coverage",), np.array([2.0]), -1.0, np.diag([0.1, 0.04]), 3_504, {"auc": 0.717}
    )
    models = {"winning": learnt, "accepting": constant_acceptance(90, 100)}
    card = model_card(MANIFEST, load_model("default").all_rankers(), models)
    assert "Learnt from 3,504 deals" in card
    assert "- auc: 0.717" in card
    assert "| coverage | +2.000 | 0.200 |" in card
    assert "with a probability of 0.88, from 100 decided introductions" in card
