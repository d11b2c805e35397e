"""Candidates, their features, and the additive ranker that orders and explains them."""

from ecosystem_graph.ranking.candidates import CandidateFinder, Pairs
from ecosystem_graph.ranking.explanation import Contribution, Explanation, explanation
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.training import Task, fit_ranker, training_set, wins_after

__all__ = [
    "AdditiveRanker",
    "CandidateFinder",
    "Contribution",
    "Explanation",
    "Pairs",
    "Task",
    "explanation",
    "feature_matrix",
    "fit_ranker",
    "training_set",
    "wins_after",
]
