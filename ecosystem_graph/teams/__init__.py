"""From what a customer asks for to a team: covering, trusted, free of conflict, with roles."""

from ecosystem_graph.teams.describe import describe_team
from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.requirement.requirements_file import read_requirements
from ecosystem_graph.teams.rules.weights import TeamWeights
from ecosystem_graph.teams.team import Team
from ecosystem_graph.teams.why_not import TeamWhyNot, why_not_in_team

__all__ = [
    "Team",
    "TeamFinder",
    "TeamWeights",
    "TeamWhyNot",
    "describe_team",
    "read_requirements",
    "why_not_in_team",
]
