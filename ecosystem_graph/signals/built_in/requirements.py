"""Signals of a customer's requirement and a partner that could serve it."""

from ecosystem_graph.signals.signal import RequirementSignal

REQUIREMENTS = (
    RequirementSignal(
        name="requirement_cover",
        description="share of the requirement that the partner can deliver",
        unit="share, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.asked, p.features.firmly_held),
    ),
    RequirementSignal(
        name="requirement_gap",
        description="share of the requirement it can deliver and the lead lacks",
        unit="share, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.missing, p.features.firmly_held),
    ),
    RequirementSignal(
        name="requirement_experience",
        description="joint deals the partner won with the same requirements",
        unit="log of deals, >= 0",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.asked, p.features.experience),
    ),
    RequirementSignal(
        name="requirement_share",
        description="the partner's share of all deals with the same requirements",
        unit="share, recency-weighted, >= 0",
        group="complementarity",
        scale="log",
        of=lambda p: p.dot(p.requirements.asked, p.features.delivered_share),
    ),
    RequirementSignal(
        name="requirement_topics",
        description="similarity of the partner's joint deals to the requirement",
        unit="cosine, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.topics, p.features.topics),
    ),
    RequirementSignal(
        name="requirement_neighbours",
        description="similarity of its collaborators' deals to the requirement",
        unit="cosine, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.topics, p.features.neighbour_topics),
    ),
    RequirementSignal(
        name="requirement_territory",
        description="share of the partner's business in the customer's territory",
        unit="share, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.territories, p.graph.territories),
    ),
    RequirementSignal(
        name="requirement_industry",
        description="share of the partner's deals in the customer's industry",
        unit="share, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.requirements.industries, p.graph.industries[1]),
    ),
)
