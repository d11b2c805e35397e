"""Signals of how active each of the two is, and how well connected."""

import numpy as np

from ecosystem_graph.signals.signal import Signal

ACTIVITY = (
    Signal(
        name="popularity",
        description="number of partners the collaborator has won with",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.graph.degree[p.targets],
        learnt=False,
    ),
    Signal(
        name="activity",
        description="deals the collaborator won, weighted by recency",
        unit="deals, recency-weighted, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.activity[p.targets],
    ),
    Signal(
        name="seats",
        description="partners on the collaborator's won deals, weighted by recency",
        unit="partners, recency-weighted, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.seats[p.targets],
        learnt=False,
    ),
    Signal(
        name="team_size",
        description="mean number of partners on the deals the collaborator won",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.mean_team_size[p.targets],
    ),
    Signal(
        name="met_type",
        description="partners of the partner's type that the collaborator won with",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.dot(p.features.types, p.features.met_types),
    ),
    Signal(
        name="met_territory",
        description="partners in the partner's territories that it won with",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.dot(p.graph.territories, p.features.met_territories),
    ),
    Signal(
        name="new_collaborators",
        description="partners the collaborator first won with in the last year",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.new_collaborators[p.targets],
    ),
    Signal(
        name="days_since_joint_win",
        description="days since the collaborator's last joint win",
        unit="days, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.days_since_joint_win[p.targets],
    ),
    Signal(
        name="growth",
        description="share of the collaborator's joint deals in the last year",
        unit="log of a share",
        group="activity",
        scale="linear",
        of=lambda p: p.features.growth[p.targets],
    ),
    Signal(
        name="popularity_gap",
        description="degree gap: the collaborator against the partner's neighbours",
        unit="log of a ratio, >= 0",
        group="activity",
        scale="linear",
        of=lambda p: np.abs(
            p.features.neighbour_popularity[p.sources] - np.log1p(p.graph.degree[p.targets])
        ),
    ),
    Signal(
        name="popularity_gap_back",
        description="degree gap: the partner against the collaborator's neighbours",
        unit="log of a ratio, >= 0",
        group="activity",
        scale="linear",
        of=lambda p: np.abs(
            p.features.neighbour_popularity[p.targets] - np.log1p(p.graph.degree[p.sources])
        ),
    ),
    Signal(
        name="own_popularity",
        description="number of partners the partner itself has won with",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.graph.degree[p.sources],
        source_only=True,
    ),
    Signal(
        name="own_activity",
        description="deals the partner itself won, weighted by recency",
        unit="deals, recency-weighted, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.activity[p.sources],
        source_only=True,
    ),
    Signal(
        name="own_seats",
        description="partners on the partner's own won deals, weighted by recency",
        unit="partners, recency-weighted, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.seats[p.sources],
        source_only=True,
    ),
    Signal(
        name="own_team_size",
        description="mean number of partners on the partner's own won deals",
        unit="partners, >= 0",
        group="activity",
        scale="log",
        of=lambda p: p.features.mean_team_size[p.sources],
        source_only=True,
    ),
)
