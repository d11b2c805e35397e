"""A networkx view -> the tables it was taken from, as far as it carries them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import networkx as nx
import polars as pl

from ecosystem_graph.graph.matrices import EVIDENCE_STRENGTH
from ecosystem_graph.tables import TABLES, Tables, as_date, read_tables

Row: TypeAlias = dict[str, Any]
Nodes: TypeAlias = Mapping[str, Mapping[str, Any]]

_EVIDENCE: Final = {strength: evidence for evidence, strength in EVIDENCE_STRENGTH.items()}

#: Offenders of one kind that an error names.
_SHOWN: Final = 3


def tables_from_view(view: nx.Graph) -> Tables:
    """Tables as the attributes of a view tell them, checked like any others.

    Parameters
    ----------
    view : networkx.Graph
        With the attributes that :func:`~ecosystem_graph.graph.networkx_view.to_networkx` gives.

    Returns
    -------
    Tables
        Seen by default from the date the view was taken, where it has one.

    Raises
    ------
    ValueError
        If attributes are missing that an ecosystem is read from.
    DataError
        If what is there does not fit together.

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
    """What an ecosystem cannot be read without."""
    nodes, facts = view.nodes(data=True), view.graph.get("deals", {})
    won = {key: set(node.get("deals", ())) for key, node in nodes}
    strengths = [
        f"{strength['declared']!r} of {key!r} in {capability!r}"
        for key, node in nodes
        for capability, strength in node.get("capabilities", {}).items()
        if "declared" in strength and strength["declared"] not in _EVIDENCE
    ]
    allowed = ", ".join(f"{strength} ({evidence})" for strength, evidence in _EVIDENCE.items())
    unknown = sorted(set().union(*won.values()) - facts.keys())
    found = {
        "node keys that are not partner ids (text)": [
            repr(key) for key in view if not isinstance(key, str)
        ],
        "nodes without 'name'": [repr(key) for key, node in nodes if not node.get("name")],
        "edges between partners without common 'deals', from which joint wins are read": [
            f"{a!r} - {b!r}" for a, b in view.edges() if won[a].isdisjoint(won[b])
        ],
        "deals of nodes that the graph's attribute 'deals' does not tell of": map(repr, unknown),
        "deals without 'closed_on'": [
            repr(deal) for deal, told in facts.items() if not told.get("closed_on")
        ],
        f"declared strengths that are none of {allowed}": strengths,
    }
    return [
        f"{len(offenders)} {what} ({', '.join(offenders[:_SHOWN])}"
        f"{', ...' if len(offenders) > _SHOWN else ''})"
        for what, offenders in ((what, list(some)) for what, some in found.items())
        if offenders
    ]


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    columns = TABLES[table].column_names()
    return pl.DataFrame({column: [row.get(column) for row in rows] for column in columns})


def _partners(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    """Columns of the partners table; who is bound to somebody outside the view takes no part."""
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
    """Parents in the view; where they are not, one of the family stands in for them."""
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
    for capability_id, told in facts.get("capabilities", {}).items():
        yield {**told, "capability_id": capability_id}


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
    for deal_id, told in facts.get("deals", {}).items():
        yield {**told, "deal_id": deal_id, "outcome": "won"}


def _deal_partners(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for partner_id, node in nodes.items():
        for deal_id in node.get("deals", ()):
            yield {"partner_id": partner_id, "deal_id": deal_id}


def _deal_requirements(nodes: Nodes, facts: Mapping[str, Any]) -> Iterator[Row]:
    for deal_id, told in facts.get("deals", {}).items():
        for capability_id, weight in told.get("requirements", {}).items():
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
