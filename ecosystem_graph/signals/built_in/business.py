"""Signals of what the two do for customers: satisfaction, complementarity, rivalry, markets."""

from ecosystem_graph.signals import proximity
from ecosystem_graph.signals.demand import complementarity
from ecosystem_graph.signals.demand.objectives import alignment
from ecosystem_graph.signals.satisfaction.satisfaction import parity
from ecosystem_graph.signals.signal import Signal

BUSINESS = (
    Signal(
        name="satisfaction",
        description="customer satisfaction with the collaborator, above average",
        unit="share of the scale, -1..1",
        group="satisfaction",
        scale="linear",
        of=lambda p: p.features.satisfaction.above_average[p.targets],
        direction=1,
    ),
    Signal(
        name="parity",
        description="difference in customer satisfaction between the two",
        unit="standard deviations, >= 0",
        group="satisfaction",
        scale="log",
        of=lambda p: parity(p.features.satisfaction, p.sources, p.targets),
        direction=-1,
    ),
    Signal(
        name="gain",
        description="demand of the partner that the collaborator newly covers",
        unit="share of demand, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.gain,
        direction=1,
    ),
    Signal(
        name="reciprocal_gain",
        description="demand of the collaborator that the partner newly covers",
        unit="share of demand, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.reciprocal_gain,
        direction=1,
    ),
    Signal(
        name="mutual_gain",
        description="harmonic mean of the demand each newly covers for the other",
        unit="share of demand, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: complementarity.reciprocal(p.gain, p.reciprocal_gain),
        direction=1,
    ),
    Signal(
        name="objectives",
        description="how far each serves the other's stated objectives",
        unit="share of objectives, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: alignment(p.features.objectives, p.features.serving, p.sources, p.targets),
        direction=1,
    ),
    Signal(
        name="competition",
        description="how far the two compete: same market, opposite sides, substitutes",
        unit="probability, 0..1",
        group="competition",
        scale="linear",
        of=lambda p: p.competition,
        direction=-1,
        learnt=False,
    ),
    Signal(
        name="shared_demand",
        description="deals both could expect to be on, by what both deliver",
        unit="deals, recency-weighted, >= 0",
        group="complementarity",
        scale="log",
        of=lambda p: complementarity.shared_demand(
            p.features.delivered, p.features.delivered_share, p.sources, p.targets
        ),
    ),
    Signal(
        name="topic_activity",
        description="its recent joint deals that required what the partner's did",
        unit="deals, recency-weighted, >= 0",
        group="complementarity",
        scale="log",
        of=lambda p: p.dot(*p.features.recently_required),
    ),
    Signal(
        name="neighbour_topics",
        description="similarity of what the collaborators of each deliver",
        unit="cosine, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: p.dot(p.features.neighbour_topics, p.features.neighbour_topics),
    ),
    Signal(
        name="profile_similarity",
        description="similarity of capabilities held, rare ones weighing more",
        unit="cosine, 0..1",
        group="complementarity",
        scale="linear",
        of=lambda p: complementarity.profile_similarity(p.features.profile, p.sources, p.targets),
    ),
    Signal(
        name="territory_overlap",
        description="probability that one deal of each is in the same territory",
        unit="probability, 0..1",
        group="proximity",
        scale="linear",
        of=lambda p: proximity.group_overlap(p.graph.territories, p.sources, p.targets),
    ),
    Signal(
        name="territory_affinity",
        description="how often the two territories win together, against chance",
        unit="log of a ratio",
        group="proximity",
        scale="linear",
        of=lambda p: proximity.group_affinity(
            p.graph.territories, p.features.territory_lift, p.sources, p.targets
        ),
    ),
    Signal(
        name="type_affinity",
        description="how often the two types win together, against chance",
        unit="log of a ratio",
        group="proximity",
        scale="linear",
        of=lambda p: proximity.group_affinity(
            p.features.types, p.features.type_lift, p.sources, p.targets
        ),
    ),
)
