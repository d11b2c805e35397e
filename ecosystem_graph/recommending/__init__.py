"""From a graph to lists of collaborators, and from lists to a run that can be replayed."""

from ecosystem_graph.recommending.batch import Run, absence_explained, explained, run
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.run_folder import write_run
from ecosystem_graph.recommending.wishes import Wishes

__all__ = [
    "Recommender",
    "Run",
    "Wishes",
    "absence_explained",
    "explained",
    "run",
    "write_run",
]
