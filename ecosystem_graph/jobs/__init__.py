"""Batch jobs: tables in, a folder out, in stages that can be resumed."""

from ecosystem_graph.jobs.backend import Backend
from ecosystem_graph.jobs.pair_job import absence_explained, explained
from ecosystem_graph.jobs.recommend_job import Run, run
from ecosystem_graph.jobs.run_folder import Output
from ecosystem_graph.jobs.team_folder import write_team_run
from ecosystem_graph.jobs.team_job import TeamRun, form_teams

__all__ = [
    "Backend",
    "Output",
    "Run",
    "TeamRun",
    "absence_explained",
    "explained",
    "form_teams",
    "run",
    "write_team_run",
]
