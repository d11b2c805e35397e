"""Candidates, their features, and the additive ranker that orders and explains them."""

from ecosystem_graph.ranking.calibration import Calibration
from ecosystem_graph.ranking.candidates import CandidateFinder, Pairs, Task
from ecosystem_graph.ranking.explanation.contribution import Contribution
from ecosystem_graph.ranking.explanation.explanation import Explanation, pair_explanation
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.policy import COMPETITION_PRICE, Policy
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.scorer import Probability, Scorer
from ecosystem_graph.ranking.standardizer import Scale
from ecosystem_graph.ranking.training.training_set import (
    drawn_sources,
    fit_calibration,
    fit_ranker,
    reference_scale,
    training_set,
    wins_after,
)

__all__ = [
    "COMPETITION_PRICE",
    "AdditiveRanker",
    "Calibration",
    "CandidateFinder",
    "Contribution",
    "Explanation",
    "Pairs",
    "Policy",
    "Probability",
    "Scale",
    "Scorer",
    "Task",
    "drawn_sources",
    "feature_matrix",
    "fit_calibration",
    "fit_ranker",
    "pair_explanation",
    "reference_scale",
    "training_set",
    "wins_after",
]
