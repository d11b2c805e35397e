"""Lists and runs as plain text that fits a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs import Run
from ecosystem_graph.lists.builder import BY_EXPOSURE
from ecosystem_graph.lists.capacity import BY_CAPACITY
from ecosystem_graph.lists.diversity import BY_DIVERSITY
from ecosystem_graph.lists.reciprocity import BY_RECIPROCITY
from ecosystem_graph.recommending.absence import told_without_part
from ecosystem_graph.report.layout import filled, who, wrapped
from ecosystem_graph.tables.messages.wording import counted

#: Rows of a list that are shown.
_SHOWN = 3

#: Capabilities that are named in a row.
_CAPABILITIES = 3

#: What a flag of a row that was moved says.
_MOVED = {
    BY_RECIPROCITY: "for what both sides gain",
    BY_DIVERSITY: "for who is like it in the list",
    BY_EXPOSURE: "for how many lists want it",
    BY_CAPACITY: "up, for better ones that are full",
}


def recommendations_text(rows: pl.DataFrame, graph: EcosystemGraph) -> str:
    """Lists of collaborators: name, score, what either side brings, and why.

    Parameters
    ----------
    rows : polars.DataFrame
        Of a few partners, as :meth:`Recommender.recommend` gives them.
    graph : EcosystemGraph
        For the names.

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
        told = {
            "score": f"{row['score']:.2f}{_chance(row)}",
            "has": _capabilities(graph, row.get("covers", ())),
            "fills": _gain(row.get("gain"), _capabilities(graph, row.get("gaps_filled", ()))),
            "gets": _gain(row.get("reciprocal_gain"), _capabilities(graph, row.get("brings", ()))),
            "meets": _meeting(row),
            "why": "; ".join(row["evidence"]),
            "moved": _moved(row),
        }
        lines += [field(name, value) for name, value in told.items() if value]
    if rows.height > shown.height:
        lines.append(f"     and {rows.height - shown.height} more")
    return "\n".join(lines)


def _chance(row: dict[str, Any]) -> str:
    """What the score means, as far as it is known."""
    if "probability" not in row:
        return " (log-odds of a joint win, to compare by)"
    low, high = row["probability_low"], row["probability_high"]
    return f" · joint win: {row['probability']:.1%} ({low:.1%} to {high:.1%})"


def _meeting(row: dict[str, Any]) -> str:
    """How far the two compete, and over what."""
    if not row.get("competition"):
        return ""
    over = f", over {', '.join(row['contested'])}" if row["contested"] else ""
    return f"competition {row['competition']:.0%}{over}"


def _gain(share: float | None, capabilities: str) -> str:
    """What one side gains: of the demand on it how much, and by which capabilities."""
    return f"{share:.1%}: {capabilities}" if share is not None and capabilities else ""


def _moved(row: dict[str, Any]) -> str:
    """What moved a row that does not stand where its score would put it."""
    return moved_text(row["flags"])


def moved_text(flags: Iterable[str]) -> str:
    """What flags say moved a row; empty where nothing did."""
    raised = set(flags)
    return ", ".join(told for flag, told in _MOVED.items() if flag in raised)


def field(name: str, value: str) -> str:
    """One fact of a list, under its row."""
    return filled(value, f"     {name:<6}", " " * 11)


def _capabilities(graph: EcosystemGraph, ids: Sequence[str]) -> str:
    names = [graph.taxonomy.name(capability) for capability in ids[:_CAPABILITIES]]
    more = len(ids) - len(names)
    return " · ".join([*names, f"and {more} more"] if more > 0 else names)


def run_text(run: Run, *, everybody: bool) -> str:
    """Say what a run did, with the lists of a few of its partners, or of everybody.

    Parameters
    ----------
    run : Run
    everybody : bool
        Whether to show all lists rather than three.

    Returns
    -------
    str
    """
    counts, model = run.record["counts"], run.record["model"]
    lines = [
        f"As of {run.record['as_of']}: {counted(counts['partners'], 'partner')}, "
        f"{counted(counts['won_deals'], 'won deal')}, "
        f"{counted(counts['pairs_with_joint_wins'], 'pair')} with joint wins.",
        wrapped(f"Model: {model['name']} ({model['why'].rstrip('.')})."),
        wrapped(f"Probabilities: {model['probabilities']}."),
        f"{counted(counts['rows'], 'recommendation')} for {counted(counts['lists'], 'partner')}.",
    ]
    lines += [f"Left out: {what}: {n:,}." for what, n in run.record["left_out"].items() if n]
    if "why_empty" not in run.record and (out := run.record.get("no_part")):
        lines.append(wrapped(f"Without a list: {told_without_part(out)}."))
    lines += [wrapped(line) for line in _shares(run.record)]
    if "why_empty" in run.record:
        return "\n".join([*lines, wrapped(f"No recommendations: {run.record['why_empty']}")])
    rows = run.recommendations
    if not everybody:
        rows = rows.filter(pl.col("partner_id").is_in(run.typical))
    return "\n".join([*lines, "", recommendations_text(rows, run.graph)])


def _shares(record: dict[str, Any]) -> list[str]:
    """How the places of all lists are shared out, and what capacities did to that."""
    lines, exposed = [], record["exposure"]
    if record["counts"]["lists"] > 1:
        lines.append(
            f"Exposure: Gini {exposed['gini']:.2f}; the top 1 % fill "
            f"{exposed['top_1_percent_share']:.0%} of the places, "
            f"{exposed['share_never_recommended']:.0%} are never proposed, nobody in more than "
            f"{exposed['maximal_load']:,} lists."
        )
    if "allocation" in record:
        lines.append(_allocation(record["allocation"]))
    elif exposed["most_listed"] is not None and record["counts"]["lists"] > 1:
        most = exposed["most_listed"]
        lines.append(
            f"No partner states an intro_capacity: {most['name']} ({most['partner_id']}) stands in "
            f"{exposed['maximal_load']:,} of {record['counts']['lists']:,} lists. --capacity N lets"
            " nobody stand in more than N, --exposure-price X makes it dear to stand in many; "
            "evaluate takes both and shows what they cost."
        )
    return lines


def _allocation(told: dict[str, Any]) -> str:
    others = told["others"]["partners"]
    expected = told.get("expected_joint_wins")
    cost = (
        f"; joint wins to expect {expected['allocated']:,.1f}, without capacities "
        f"{expected['plain']:,.1f}"
        if expected
        else ""
    )
    return (
        f"Capacity: {told['capacity_from_table']:,} partners as they say, {others:,} others "
        f"{told['capacity_of_others']:,} ({told['capacity_of_others_is']}); introductions under "
        f"way take {told['places_taken_by_introductions_under_way']:,} places; "
        f"{told['partners_full']:,} are full, {told['places_lost']:,} places went to others, "
        f"{told['lists_left_short']:,} lists are shorter{cost}."
    )
