"""Candidates, their features, and the additive ranker that orders and explains them."""

from ecosystem_graph.ranking.candidates import CandidateFinder, Pairs
from ecosystem_graph.ranking.explanation import Contribution, Explanation, pair_explanation
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.policy import COMPETITION_PRICE, Policy
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.shards import in_shards
from ecosystem_graph.ranking.training import Task, fit_ranker, training_set, wins_after

__all__ = [
    "COMPETITION_PRICE",
    "AdditiveRanker",
    "CandidateFinder",
    "Contribution",
    "Explanation",
    "Pairs",
    "Policy",
    "Task",
    "feature_matrix",
    "fit_ranker",
    "in_shards",
    "pair_explanation",
    "training_set",
    "wins_after",
]
