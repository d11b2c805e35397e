"""Evidence about an ordered pair of partners, one number per signal."""

from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.features.pair_features import PairFeatures
from ecosystem_graph.signals.requirement_signals import NEED_SIGNALS
from ecosystem_graph.signals.table import SIGNALS, Signal

#: Every signal a ranker may weigh.
ALL_SIGNALS = SIGNALS | NEED_SIGNALS

__all__ = ["ALL_SIGNALS", "NEED_SIGNALS", "SIGNALS", "GraphFeatures", "PairFeatures", "Signal"]
