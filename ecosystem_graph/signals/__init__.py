"""Evidence about an ordered pair of partners, one number per signal."""

from ecosystem_graph.signals.evidence import Evidence, PairEvidence
from ecosystem_graph.signals.table import SIGNALS, Signal

__all__ = ["SIGNALS", "Evidence", "PairEvidence", "Signal"]
