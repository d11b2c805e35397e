"""From a graph to lists of collaborators, and from lists to a run that can be replayed."""

from ecosystem_graph.recommending.batch import Run, explained, run
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.run_folder import write_run

__all__ = ["Recommender", "Run", "explained", "run", "write_run"]
