"""Recommends which channel partners should work together, and says why.

Names are imported when first asked for, so that `import ecosystem_graph` and the command line's
help cost next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecosystem_graph.graph import EcosystemGraph as EcosystemGraph
    from ecosystem_graph.graph.networkx_view import from_networkx as from_networkx
    from ecosystem_graph.graph.networkx_view import to_networkx as to_networkx
    from ecosystem_graph.recommending import Recommender as Recommender
    from ecosystem_graph.tables import Tables as Tables
    from ecosystem_graph.tables import load_dataset as load_dataset
    from ecosystem_graph.tables import read_tables as read_tables

_HOMES = {
    "EcosystemGraph": "ecosystem_graph.graph",
    "Recommender": "ecosystem_graph.recommending",
    "Tables": "ecosystem_graph.tables",
    "from_networkx": "ecosystem_graph.graph.networkx_view",
    "load_dataset": "ecosystem_graph.tables",
    "read_tables": "ecosystem_graph.tables",
    "to_networkx": "ecosystem_graph.graph.networkx_view",
}

__all__ = [
    "EcosystemGraph",
    "Recommender",
    "Tables",
    "from_networkx",
    "load_dataset",
    "read_tables",
    "to_networkx",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'ecosystem_graph' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
