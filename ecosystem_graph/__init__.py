"""Recommends which channel partners should work together, and says why.

Names are imported when first asked for, so that `import ecosystem_graph` and the command line's
help cost next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ecosystem_graph.printing import load_texts_by

if TYPE_CHECKING:
    from ecosystem_graph.graph import EcosystemGraph as EcosystemGraph
    from ecosystem_graph.graph.networkx_view import from_networkx as from_networkx
    from ecosystem_graph.graph.networkx_view import to_networkx as to_networkx
    from ecosystem_graph.recommending import Recommender as Recommender
    from ecosystem_graph.signals import PairTable as PairTable
    from ecosystem_graph.signals import Signal as Signal
    from ecosystem_graph.signals import register_signal as register_signal
    from ecosystem_graph.signals import registered_signal as registered_signal
    from ecosystem_graph.signals import unregister_signal as unregister_signal
    from ecosystem_graph.tables import Tables as Tables
    from ecosystem_graph.tables import load_dataset as load_dataset
    from ecosystem_graph.tables import read_tables as read_tables

_HOMES = {
    "EcosystemGraph": "ecosystem_graph.graph",
    "PairTable": "ecosystem_graph.signals",
    "Recommender": "ecosystem_graph.recommending",
    "Signal": "ecosystem_graph.signals",
    "Tables": "ecosystem_graph.tables",
    "from_networkx": "ecosystem_graph.graph.networkx_view",
    "load_dataset": "ecosystem_graph.tables",
    "read_tables": "ecosystem_graph.tables",
    "register_signal": "ecosystem_graph.signals",
    "registered_signal": "ecosystem_graph.signals",
    "to_networkx": "ecosystem_graph.graph.networkx_view",
    "unregister_signal": "ecosystem_graph.signals",
}

__all__ = [
    "EcosystemGraph",
    "PairTable",
    "Recommender",
    "Signal",
    "Tables",
    "from_networkx",
    "load_dataset",
    "read_tables",
    "register_signal",
    "registered_signal",
    "to_networkx",
    "unregister_signal",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'ecosystem_graph' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def _load_texts() -> None:
    import ecosystem_graph.report  # noqa: F401  registers how results print


load_texts_by(_load_texts)
