"""Batch jobs: tables in, a folder out, in stages that can be resumed."""

from ecosystem_graph.jobs.backend import Backend
from ecosystem_graph.jobs.output import Output
from ecosystem_graph.jobs.pair_job import explain_pair, why_not_listed
from ecosystem_graph.jobs.recommend_job import Run, run
from ecosystem_graph.jobs.stages import Stages
from ecosystem_graph.jobs.team_folder import write_team_run
from ecosystem_graph.jobs.team_job import TeamOptions, TeamRun, form_teams
from ecosystem_graph.jobs.train_job import train

__all__ = [
    "Backend",
    "Output",
    "Run",
    "Stages",
    "TeamOptions",
    "TeamRun",
    "explain_pair",
    "form_teams",
    "run",
    "train",
    "why_not_listed",
    "write_team_run",
]
