"""From a graph to lists of collaborators, and from lists to a run that can be replayed."""

from ecosystem_graph.recommending.batch import Run, run
from ecosystem_graph.recommending.crew import Crew
from ecosystem_graph.recommending.one_pair import absence_explained, explained
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.run_folder import Output
from ecosystem_graph.recommending.wishes import Wishes

__all__ = [
    "Crew",
    "Output",
    "Recommender",
    "Run",
    "Wishes",
    "absence_explained",
    "explained",
    "run",
]
