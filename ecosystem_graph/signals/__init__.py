"""Evidence about an ordered pair of partners, one number per signal."""

from ecosystem_graph.signals.evidence import Evidence
from ecosystem_graph.signals.needs import NEED_SIGNALS
from ecosystem_graph.signals.pair_evidence import PairEvidence
from ecosystem_graph.signals.table import SIGNALS, Signal

#: Every signal a ranker may weigh.
ALL_SIGNALS = SIGNALS | NEED_SIGNALS

__all__ = ["ALL_SIGNALS", "NEED_SIGNALS", "SIGNALS", "Evidence", "PairEvidence", "Signal"]
