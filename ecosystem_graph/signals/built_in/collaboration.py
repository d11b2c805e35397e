"""Signals of who won with whom: shared collaborators, ties, trust, embeddings."""

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.signals.network.propagation import propagated_trust
from ecosystem_graph.signals.signal import Signal

COLLABORATION = (
    Signal(
        name="common_neighbours",
        description="number of shared collaborators",
        unit="partners, >= 0",
        group="topology",
        scale="log",
        of=lambda p: p.shared.number,
        learnt=False,
    ),
    Signal(
        name="adamic_adar",
        description="shared collaborators, weighted by how few partners they have (Adamic-Adar)",
        unit="unitless, >= 0",
        group="topology",
        scale="log",
        of=lambda p: p.shared.log_damped,
    ),
    Signal(
        name="resource_allocation",
        description="shared collaborators, each weighted by one over its number of partners",
        unit="unitless, >= 0",
        group="topology",
        scale="log",
        of=lambda p: p.shared.degree_damped,
        learnt=False,
    ),
    Signal(
        name="tie_strength",
        description="joint wins of the two, weighted by recency and by how small the team was",
        unit="joint wins, >= 0",
        group="trust",
        scale="log",
        of=lambda p: entries_at(p.features.ties, p.sources, p.targets),
        direction=1,
    ),
    Signal(
        name="shared_tie_strength",
        description="strength of the ties through shared collaborators",
        unit="joint wins, >= 0",
        group="trust",
        scale="log",
        of=lambda p: p.shared.tie_strength,
    ),
    Signal(
        name="trust",
        description=(
            "win probability above the average pair, from joint deals and from shared collaborators"
        ),
        unit="difference of probabilities, -1..1",
        group="trust",
        scale="linear",
        of=lambda p: p.trust - p.features.relationships.prior.mean,
        direction=1,
    ),
    Signal(
        name="propagated_trust",
        description="trust passed on to the collaborator along ties (personalised PageRank)",
        unit="probability, >= 0",
        group="trust",
        scale="log",
        of=lambda p: propagated_trust(p.features.ties, p.sources, p.targets),
        learnt=False,
    ),
)

EMBEDDING = (
    Signal(
        name="tie_affinity",
        description="similarity in an embedding of recent, close collaboration",
        unit="dot product, unitless",
        group="embedding",
        scale="linear",
        of=lambda p: p.features.tie_embedding.affinity(p.sources, p.targets),
    ),
    Signal(
        name="embedding_affinity",
        description="similarity in an embedding of the collaboration graph",
        unit="dot product, unitless",
        group="embedding",
        scale="linear",
        of=lambda p: p.features.embedding.affinity(p.sources, p.targets),
    ),
)
