"""The model, and questions to it."""

from ecosystem_graph.recommending.recommender import Recommender

__all__ = ["Recommender"]
