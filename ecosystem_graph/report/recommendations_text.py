"""Lists of recommendations as plain text that fits a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.builder import BY_EXPOSURE
from ecosystem_graph.lists.capacity import BY_CAPACITY
from ecosystem_graph.lists.reranking.diversity import BY_DIVERSITY
from ecosystem_graph.lists.reranking.reciprocity import BY_RECIPROCITY
from ecosystem_graph.report.layout import field, who, wrapped
from ecosystem_graph.tables.messages.wording import counted

#: Rows of a list that are shown.
_SHOWN = 3

#: Capabilities that are named in a row.
_CAPABILITIES = 3

#: Why a row is not where its score alone would put it, by flag.
_MOVED = {
    BY_RECIPROCITY: "by the gain of both sides",
    BY_DIVERSITY: "by diversity: similar partners are in the list",
    BY_EXPOSURE: "by the price on exposure",
    BY_CAPACITY: "up: better ones are at capacity",
}


def recommendations_text(rows: pl.DataFrame, graph: EcosystemGraph) -> str:
    """Lists of collaborators: name, score, what each side brings, and why.

    Parameters
    ----------
    rows : polars.DataFrame
        The lists of a few partners, as :meth:`Recommender.recommend` returns them.
    graph : EcosystemGraph
        Where the names are looked up.

    Returns
    -------
    str
    """
    lists = [
        _list_text(partner_id, rows.filter(pl.col("partner_id") == partner_id), graph)
        for partner_id in rows["partner_id"].unique(maintain_order=True)
    ]
    return "\n\n".join(lists)


def _list_text(partner_id: str, rows: pl.DataFrame, graph: EcosystemGraph) -> str:
    shown = rows.head(_SHOWN)
    lines = [wrapped(f"{who(graph, partner_id)}: {counted(rows.height, 'collaborator')}")]
    for row in shown.iter_rows(named=True):
        lines.append(wrapped(f"{row['rank']:>3}. {who(graph, row['collaborator_id'])}"))
        facts = {
            "score": f"{row['score']:.2f}{_chance(row)}",
            "adds": _uplift(row),
            "has": _capabilities(graph, row.get("covers", ())),
            "fills": _gain(row.get("gain"), _capabilities(graph, row.get("gaps_filled", ()))),
            "gets": _gain(row.get("reciprocal_gain"), _capabilities(graph, row.get("brings", ()))),
            "meets": _meeting(row),
            "why": "; ".join(row["evidence"]),
            "moved": moved_text(row["flags"]),
        }
        lines += [field(name, value) for name, value in facts.items() if value]
    if rows.height > shown.height:
        lines.append(f"     and {rows.height - shown.height} more")
    return "\n".join(lines)


def _chance(row: dict[str, Any]) -> str:
    """The calibrated probability where there is one, or what the score is in."""
    if "probability" not in row:
        return " (log-odds; not calibrated)"
    low, high = row["probability_low"], row["probability_high"]
    return f" · joint win: {row['probability']:.1%} ({low:.1%} to {high:.1%})"


def _uplift(row: dict[str, Any]) -> str:
    """What the introduction adds to the chance of winning, for both."""
    if "uplift" not in row:
        return ""
    return (
        f"{100 * row['uplift']:.1f} points to its chance of winning what its markets ask for "
        f"({100 * row['uplift_low']:.1f} to {100 * row['uplift_high']:.1f}); "
        f"{100 * row['reciprocal_uplift']:.1f} to the collaborator's"
    )


def _meeting(row: dict[str, Any]) -> str:
    """How much the two compete, and over which products and territories."""
    if not row.get("competition"):
        return ""
    over = f", over {', '.join(row['contested'])}" if row["contested"] else ""
    return f"competition {row['competition']:.0%}{over}"


def _gain(share: float | None, capabilities: str) -> str:
    """The share of demand that one side gains, and by which capabilities."""
    return f"{share:.1%}: {capabilities}" if share is not None and capabilities else ""


def moved_text(flags: Iterable[str]) -> str:
    """Why a row was moved, from its flags; empty if it was not."""
    raised = set(flags)
    return ", ".join(reason for flag, reason in _MOVED.items() if flag in raised)


def _capabilities(graph: EcosystemGraph, ids: Sequence[str]) -> str:
    names = [graph.taxonomy.name(capability) for capability in ids[:_CAPABILITIES]]
    more = len(ids) - len(names)
    return " · ".join([*names, f"and {more} more"] if more > 0 else names)
