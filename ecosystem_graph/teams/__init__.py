"""From what a customer asks for to a team: covering, trusted, free of conflict, with roles."""

from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.requirements_file import read_requirements
from ecosystem_graph.teams.run import TeamRun, form_teams
from ecosystem_graph.teams.run_folder import write_team_run
from ecosystem_graph.teams.team import Team
from ecosystem_graph.teams.telling import told_team
from ecosystem_graph.teams.weights import TeamWeights
from ecosystem_graph.teams.why_not import TeamWhyNot, why_not_in_team

__all__ = [
    "Team",
    "TeamFinder",
    "TeamRun",
    "TeamWeights",
    "TeamWhyNot",
    "form_teams",
    "read_requirements",
    "told_team",
    "why_not_in_team",
    "write_team_run",
]
