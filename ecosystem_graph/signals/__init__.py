"""Evidence about an ordered pair of partners, one number per signal."""

from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.features.pair_features import PairFeatures
from ecosystem_graph.signals.pair_table import PairTable
from ecosystem_graph.signals.registry import (
    ALL_SIGNALS,
    REQUIREMENT_SIGNALS,
    SIGNALS,
    register_signal,
    registered_signal,
    unregister_signal,
)
from ecosystem_graph.signals.signal import RequirementSignal, Signal

__all__ = [
    "ALL_SIGNALS",
    "REQUIREMENT_SIGNALS",
    "SIGNALS",
    "GraphFeatures",
    "PairFeatures",
    "PairTable",
    "RequirementSignal",
    "Signal",
    "register_signal",
    "registered_signal",
    "unregister_signal",
]
