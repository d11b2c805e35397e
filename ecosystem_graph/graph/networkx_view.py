"""An ecosystem as a networkx graph with plain values as attributes, and back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import polars.selectors as cs
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.graph.ecosystem import EcosystemGraph
from ecosystem_graph.graph.matrices import inferred_strength
from ecosystem_graph.graph.networkx_reading import tables_from_view
from ecosystem_graph.graph.taxonomy import Taxonomy
from ecosystem_graph.tables.presence import first_present_parent


def to_networkx(
    graph: EcosystemGraph,
    partners: Iterable[str] | None = None,
    *,
    hops: int = 1,
    half_life_days: float = 540.0,
) -> nx.Graph:
    """Partners and joint wins as a networkx graph, with plain values as attributes.

    Attributes are text, numbers, lists and dicts, ready for ``networkx.node_link_data`` and JSON;
    empty ones are left out. The cost is that of the partners in the view and their joint wins: a
    view of one partner and its collaborators is fast in any ecosystem.

    A **node** is a partner, its key the partner id. Its attributes are the columns of the partners
    table, and

    - ``family``: id of its ultimate parent;
    - ``capabilities``: ``{capability_id: {"declared": strength, "inferred": strength}}``, 0..1;
    - ``offerings``: list of the products it sells;
    - ``territories``: ``{code: share of its business}``, 0..1;
    - ``deals``: list of ids of the deals it won.

    An **edge** is a pair of partners with joint wins:

    - ``joint_wins``: their number;
    - ``tie_strength``: their number, weighted down by the size of the team and by age
      (:meth:`~ecosystem_graph.EcosystemGraph.joint_win_weight`);
    - ``last_won_on``: the date of the latest;
    - ``deals``: list of their ids, oldest first.

    The **graph** carries

    - ``as_of``: the date of the ecosystem;
    - ``deals``: ``{deal_id: facts}`` of the deals won: closed_on, territory, industry, amount,
      currency, requirements (``{capability_id: weight}``) and team_size, which counts every
      partner on the deal, also those that are not in the view;
    - ``capabilities``: ``{capability_id: {"name": ..., "parent_id": ...}}``;
    - ``restrictions``: list of those in force that concern the partners in the view, as in the
      table.

    Deals that were not won, responses, introductions and objectives stay behind.

    Parameters
    ----------
    graph : EcosystemGraph
    partners : iterable of str, optional
        Ids or exact names; all partners by default.
    hops : int, default 1
        Partners this many joint wins away are included as well, >= 0: with 0 only the partners
        asked for, with 1 also all they have won with.
    half_life_days : float, default 540
        Days after which a win counts half in `tie_strength`, > 0.

    Returns
    -------
    networkx.Graph
        Nodes by partner id.

    Raises
    ------
    UnknownPartnerError
        If a partner asked for is not in the graph.

    Examples
    --------
    >>> partners = pl.DataFrame({"partner_id": ["a", "b", "c"], "name": ["Ann", "Bob", "Cy"]})
    >>> deals = pl.DataFrame({"deal_id": ["d"], "outcome": ["won"], "closed_on": ["2024-01-11"]})
    >>> team = pl.DataFrame({"deal_id": ["d", "d"], "partner_id": ["a", "b"]})
    >>> from ecosystem_graph import read_tables
    >>> tables = read_tables({"partners": partners, "deals": deals, "deal_partners": team})
    >>> view = to_networkx(EcosystemGraph.from_tables(tables, as_of="2025-07-04"), ["Ann"])
    >>> view.nodes["b"]
    {'name': 'Bob', 'deals': ['d']}
    >>> view.edges["a", "b"]
    {'joint_wins': 1, 'tie_strength': 0.5, 'last_won_on': '2024-01-11', 'deals': ['d']}
    """
    if hops < 0:
        raise ValueError(f"hops must be 0 or more. Got {hops!r}.")
    if partners is None:
        kept = np.arange(graph.n_partners)
        deals, capabilities = np.arange(graph.n_deals), np.arange(len(graph.taxonomy))
    else:
        kept = _reached(graph, partners, hops)
        deals = np.unique(graph.incidence[kept].indices)
        named_in = (graph.declared[kept], graph.requirements[deals])
        capabilities = np.unique(np.concatenate([matrix.indices for matrix in named_in]))
    facts = {
        "as_of": graph.as_of.isoformat(),
        "deals": _deals(graph, deals),
        "capabilities": _capabilities(graph.taxonomy, capabilities),
        "restrictions": _restrictions(graph, kept),
    }
    view = nx.Graph(**_filled(facts))
    view.add_nodes_from(_partners(graph, kept))
    view.add_edges_from(_joint_wins(graph, kept, half_life_days))
    return view


def from_networkx(view: nx.Graph, as_of: date | str | None = None) -> EcosystemGraph:
    """Ecosystem graph from what :func:`to_networkx` gave, whole or in part.

    Partners may have been removed from the view, or left out of it. Those that remain keep
    their deals and their joint wins with each other; the teams of their deals are then smaller
    than the ``team_size`` recorded, and so the weight of each win larger. One family stays one
    family, and a partner bound to one outside the view still takes no part.

    Joint wins are read from the deals of the partners; edges, their attributes and inferred
    capabilities follow from those and are not read.

    Parameters
    ----------
    view : networkx.Graph
        With the attributes that :func:`to_networkx` describes; what is read: the columns of
        partners (``name`` at least), ``family``, declared ``capabilities``, ``offerings``,
        ``territories`` and ``deals`` of nodes, and everything the graph carries.
    as_of : datetime.date or ISO str, optional
        By default the date the view was taken; failing that, the day after its last win.

    Returns
    -------
    EcosystemGraph

    Raises
    ------
    ValueError
        If attributes are missing that an ecosystem is read from.
    DataError
        If the attributes contradict each other.

    Examples
    --------
    >>> view = nx.Graph(as_of="2025-07-04", deals={"d": {"closed_on": "2024-01-10"}})
    >>> view.add_nodes_from([("a", {"name": "Ann", "deals": ["d"]})])
    >>> view.add_nodes_from([("b", {"name": "Bob", "deals": ["d"]})])
    >>> from_networkx(view).joint_wins.toarray()
    array([[0., 1.],
           [1., 0.]])
    """
    return EcosystemGraph.from_tables(tables_from_view(view), as_of)


def _reached(graph: EcosystemGraph, partners: Iterable[str], hops: int) -> NDArray[np.intp]:
    """Positions of the partners at most some joint wins away, in order."""
    inside = np.zeros(graph.n_partners, dtype=bool)
    inside[graph.index.positions(partners)] = True
    for _ in range(hops):
        inside |= (graph.incidence @ (graph.incidence.T @ inside)) > 0
    return np.flatnonzero(inside)


def _partners(
    graph: EcosystemGraph, kept: NDArray[np.intp]
) -> Iterator[tuple[str, dict[str, Any]]]:
    partners, won = graph.tables["partners"], graph.incidence[kept]
    mine, capabilities = partners[kept], graph.taxonomy.ids.to_numpy()
    declared = _by_row(graph.declared[kept], capabilities)
    seen = inferred_strength(won, graph.requirements, graph.team_size)
    inferred = _by_row(seen, capabilities)
    facts: dict[str, Iterable[Any]] = {
        "family": first_present_parent(mine["parent_id"], partners),
        "capabilities": map(_strengths, declared, inferred),
        "offerings": map(list, _by_row(graph.offerings[kept], graph.products)),
        "territories": _by_row(graph.territories[kept], graph.market_codes),
        "deals": map(list, _by_row(won, graph.deals["deal_id"].to_numpy())),
    }
    for row, *values in zip(_plain(mine), *facts.values(), strict=True):
        yield row.pop("partner_id"), row | _filled(dict(zip(facts, values, strict=True)))


def _strengths(
    declared: Mapping[str, float], inferred: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Both strengths of each capability that has one."""
    return {
        capability: _filled(
            {"declared": declared.get(capability), "inferred": inferred.get(capability)}
        )
        for capability in sorted(declared.keys() | inferred.keys())
    }


def _joint_wins(
    graph: EcosystemGraph, kept: NDArray[np.intp], half_life_days: float
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    wins = graph.incidence[kept].tocoo()
    seats = pl.DataFrame(
        {"a": kept[wins.row], "deal": wins.col}, schema_overrides={"deal": pl.UInt32}
    )
    weight = pl.Series("weight", graph.pair_weight(half_life_days))
    deals = graph.deals.select("deal_id", "closed_on", weight).with_row_index("deal")
    pairs = (
        seats.join(seats.rename({"a": "b"}), on="deal")
        .filter(pl.col("a") < pl.col("b"))
        .join(deals, on="deal")
        .sort("a", "b", "closed_on", "deal")
        .group_by("a", "b", maintain_order=True)
        .agg(
            joint_wins=pl.len(),
            tie_strength=pl.col("weight").sum(),
            last_won_on=pl.col("closed_on").last(),
            deals="deal_id",
        )
    )
    for row in _plain(pairs):
        yield graph.index.ids[row.pop("a")], graph.index.ids[row.pop("b")], row


def _deals(graph: EcosystemGraph, positions: NDArray[np.intp]) -> dict[str, dict[str, Any]]:
    size = pl.Series("team_size", graph.team_size[positions].astype(np.int64))
    needs = _by_row(graph.requirements[positions], graph.taxonomy.ids.to_numpy())
    rows = _plain(graph.deals[positions].with_columns(size))
    return {
        row.pop("deal_id"): row | _filled({"requirements": required})
        for row, required in zip(rows, needs, strict=True)
    }


def _capabilities(taxonomy: Taxonomy, positions: NDArray[np.intp]) -> dict[str, dict[str, Any]]:
    """Names and parents of capabilities, and of those they are a part of."""
    above = taxonomy.parent[positions]
    while len(above := np.setdiff1d(above[above >= 0], positions)):
        positions = np.union1d(positions, above)
        above = taxonomy.parent[above]
    return {
        taxonomy.ids[position]: _filled(
            {
                "name": taxonomy.names[position],
                "parent_id": taxonomy.ids[parent] if parent >= 0 else None,
            }
        )
        for position, parent in zip(
            positions.tolist(), taxonomy.parent[positions].tolist(), strict=True
        )
    }


def _restrictions(graph: EcosystemGraph, kept: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Restrictions on pairs in the view, and exclusive ones of partners in it."""
    inside = graph.tables["partners"]["partner_id"][kept].implode()
    binding = pl.col("collaborator_id").is_in(inside) | (pl.col("kind") == "exclusive")
    concerned = graph.tables["restrictions"].filter(pl.col("partner_id").is_in(inside) & binding)
    return list(_plain(concerned))


def _by_row(matrix: csr_array, labels: NDArray[np.object_]) -> list[dict[str, float]]:
    """Each row's entries by their column's label."""
    entries = list(zip(labels[matrix.indices].tolist(), matrix.data.tolist(), strict=True))
    return [dict(entries[start:end]) for start, end in pairwise(matrix.indptr.tolist())]


def _plain(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows with dates as text and without what is empty."""
    return map(_filled, frame.with_columns(cs.date().cast(pl.String)).iter_rows(named=True))


def _filled(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, [], {})}
