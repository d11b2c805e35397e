"""A networkx graph from `to_networkx` -> tables, as far as it carries them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import networkx as nx
import polars as pl

from ecosystem_graph.graph.matrices import EVIDENCE_STRENGTH
from ecosystem_graph.tables import TABLES, Tables, as_date, read_tables

Row: TypeAlias = dict[str, Any]
Nodes: TypeAlias = Mapping[str, Mapping[str, Any]]

_EVIDENCE: Final = {strength: evidence for evidence, strength in EVIDENCE_STRENGTH.items()}

#: Examples of one kind of problem that an error names.
_SHOWN: Final = 3


def tables_from_view(view: nx.Graph) -> Tables:
    """Tables from the attributes of a networkx graph, checked like any others.

    Parameters
    ----------
    view : networkx.Graph
        With the attributes that :func:`~ecosystem_graph.graph.networkx_view.to_networkx` gives.

    Returns
    -------
    Tables
        With the date of the view as their default date, if it has one.

    Raises
    ------
    ValueError
        If attributes are missing that an ecosystem is read from.
    DataError
        If the attributes contradict each other.

    Examples
    --------
    >>> view = nx.Graph(as_of="2025-07-04")
    >>> view.add_node("a", name="Ann", offerings=["crm"])
    >>> tables_from_view(view)["offerings"]["product_id"].to_list()
    ['crm']
    """
    if missing := _missing(view):
        raise ValueError(
            f"the graph cannot be read as an ecosystem: it has {'; '.join(missing)}. "
            "The documentation of to_networkx lists the attributes that are read."
        )
    nodes = dict(view.nodes(data=True))
    frames = {}
    for table, rows_of in _ROWS.items():
        rows = list(rows_of(nodes, view.graph))
        if rows or table in ("partners", "deals", "deal_partners"):
            frames[table] = _frame(table, rows)
    tables = read_tables(frames)
    as_of = view.graph.get("as_of")
    return tables.replaced(
        {}, source="the networkx graph", as_of=None if as_of is None else as_date(as_of)
    )


def _missing(view: nx.Graph) -> list[str]:
    """Attributes without which an ecosystem cannot be read."""
    nodes = dict(view.nodes(data=True))
    found = {
        "node keys that are not partner ids (text)": [
            repr(key) for key in nodes if not isinstance(key, str)
        ],
        "nodes without 'name'": [repr(key) for key, node in nodes.items() if not node.get("name")],
        **_missing_deals(view, nodes),
        **_unknown_strengths(nodes),
    }
    return [
        f"{len(examples)} {what} ({', '.join(examples[:_SHOWN])}"
        f"{', ...' if len(examples) > _SHOWN else ''})"
        for what, examples in found.items()
        if examples
    ]


def _missing_deals(view: nx.Graph, nodes: Nodes) -> dict[str, list[str]]:
    facts = view.graph.get("deals", {})
    won = {key: set(node.get("deals", ())) for key, node in nodes.items()}
    return {
        "edges between partners without common 'deals', from which joint wins are read": [
            f"{a!r} - {b!r}" for a, b in view.edges() if won[a].isdisjoint(won[b])
        ],
        "deals of nodes that are missing in the graph's attribute 'deals'": [
            repr(deal) for deal in sorted(set().union(*won.values()) - facts.keys())
        ],
        "deals without 'closed_on'": [
            repr(deal) for deal, fact in facts.items() if not fact.get("closed_on")
        ],
    }


def _unknown_strengths(nodes: Nodes) -> dict[str, list[str]]:
    allowed = ", ".join(f"{strength} ({evidence})" for strength, evidence in _EVIDENCE.items())
    return {
        f"declared strengths that are none of {allowed}": [
            f"{strength['declared']!r} of {key!r} in {capability!r}"
            for key, node in nodes.items()
            for capability, strength in node.get("capabilities", {}).items()
            if "declared" in strength and strength["declared"] not in _EVIDENCE
        ]
    }


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    columns = TABLES[table].column_names()
    return pl.DataFrame({column: [row.get(column) for row in rows] for column in columns})


def _partners(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of the partners table; a partner bound to one outside the view takes no part."""
    bound = {
        row["partner_id"]
        for row in facts.get("restrictions", ())
        if row["kind"] == "exclusive" and row["collaborator_id"] not in nodes
    }
    parents = _parents(nodes)
    for partner_id, node in nodes.items():
        row = {**node, "partner_id": partner_id, "parent_id": parents.get(partner_id)}
        yield row | {"participates": False} if partner_id in bound else row


def _parents(nodes: Nodes) -> dict[str, str]:
    """Parents in the view; where a parent is outside it, one of the family takes its role."""
    parents = {
        partner_id: node["parent_id"]
        for partner_id, node in nodes.items()
        if node.get("parent_id") in nodes
    }
    heads: dict[str, str] = {}
    for partner_id in sorted(nodes.keys() - parents.keys()):
        node = nodes[partner_id]
        family = node.get("family", node.get("parent_id", partner_id))
        head = heads.setdefault(family, family if family in nodes else partner_id)
        if head != partner_id:
            parents[partner_id] = head
    return parents


def _capabilities(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for capability_id, fact in facts.get("capabilities", {}).items():
        yield {**fact, "capability_id": capability_id}


def _partner_capabilities(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for partner_id, node in nodes.items():
        for capability_id, strength in node.get("capabilities", {}).items():
            if "declared" in strength:
                evidence = _EVIDENCE[strength["declared"]]
                yield {
                    "partner_id": partner_id,
                    "capability_id": capability_id,
                    "evidence": evidence,
                }


def _offerings(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for partner_id, node in nodes.items():
        for product_id in node.get("offerings", ()):
            yield {"partner_id": partner_id, "product_id": product_id}


def _territories(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for partner_id, node in nodes.items():
        for territory, share in node.get("territories", {}).items():
            yield {"partner_id": partner_id, "territory": territory, "share": share}


def _deals(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for deal_id, fact in facts.get("deals", {}).items():
        yield {**fact, "deal_id": deal_id, "outcome": "won"}


def _deal_partners(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for partner_id, node in nodes.items():
        for deal_id in node.get("deals", ()):
            yield {"partner_id": partner_id, "deal_id": deal_id}


def _deal_requirements(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for deal_id, fact in facts.get("deals", {}).items():
        for capability_id, weight in fact.get("requirements", {}).items():
            yield {"deal_id": deal_id, "capability_id": capability_id, "weight": weight}


def _restrictions(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for row in facts.get("restrictions", ()):
        if row["partner_id"] in nodes and row["collaborator_id"] in nodes:
            yield row


_ROWS: Final[Mapping[str, Callable[[Nodes, Mapping[str, Any]], Iterator[Row]]]] = {
    "partners": _partners,
    "capabilities": _capabilities,
    "partner_capabilities": _partner_capabilities,
    "offerings": _offerings,
    "territories": _territories,
    "deals": _deals,
    "deal_partners": _deal_partners,
    "deal_requirements": _deal_requirements,
    "restrictions": _restrictions,
}
