"""From a graph to lists of collaborators, and from lists to a run that can be replayed."""

from ecosystem_graph.recommending.recommender import Recommender

__all__ = ["Recommender"]
