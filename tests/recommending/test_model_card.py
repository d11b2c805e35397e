"""The card says in words what the manifest and the weights say in numbers."""

from ecosystem_graph import load_model
from ecosystem_graph.recommending.model_card import model_card

MANIFEST = {
    "fitted_on": "acme",
    "fitted_as_of": "2025-01-01",
    "ecosystem_graph": "1.2.3",
    "figures": None,
}


def test_it_names_the_source_of_the_model_and_every_weight():
    rankers = load_model("default").all_rankers()
    card = model_card(MANIFEST, rankers)
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
    card = model_card({**MANIFEST, "figures": figures}, load_model("default").all_rankers())
    assert "nDCG@10 0.184 against 0.161 of adamic_adar, 1.145 times" in card
    assert "| plain | 0.1000 (0.0500) |" in card
