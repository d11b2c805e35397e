"""Why a partner is not in a list, as text."""

import numpy as np

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.why_not import WhyNot
from ecosystem_graph.ranking.explanation.comparison import Difference
from ecosystem_graph.report.layout import columns, number, who, wrapped
from ecosystem_graph.report.recommendations_text import moved_text

#: Changes of a single signal that are named.
_CHANGES = 3


def why_not_text(why_not: WhyNot, graph: EcosystemGraph) -> str:
    """Why a collaborator is not in a list, and what would bring it in.

    Parameters
    ----------
    why_not : WhyNot
    graph : EcosystemGraph
        Where the names are looked up.

    Returns
    -------
    str
    """
    a, b = who(graph, why_not.partner_id), who(graph, why_not.collaborator_id)
    reasons = _in_lists_made(why_not)
    if why_not.barred:
        reasons += [f"Never proposed: {reason}." for reason in why_not.barred]
    else:
        reasons += [*_by_score(why_not), *_capacity(why_not)]
    lines = [wrapped(f"{b}  in the list of  {a}"), "", *map(wrapped, reasons)]
    if not why_not.barred and why_not.last_id is not None:
        lines += ["", *_beside_the_last(why_not, who(graph, why_not.last_id))]
        lines += ["", *_changes(why_not)]
    return "\n".join(lines)


def _in_lists_made(why_not: WhyNot) -> list[str]:
    """What happened to it in the lists of a run, if there is one."""
    made = why_not.made
    if made is None:
        return []
    where = "In the lists of these options" if made.run_id is None else f"In the run {made.run_id}"
    if made.rank is not None:
        moved = moved_text(made.moved_by)
        return [f"{where}: listed at rank {made.rank}{f', moved {moved}' if moved else ''}."]
    if not made.asked_for:
        return [f"{where}: no list was asked for."]
    if why_not.barred or not why_not.moved_out:
        return [f"{where}: not listed."]
    if why_not.full:
        return [
            f"{where}: moved out by capacity. It has capacity for {why_not.capacity} introductions"
            f"{_taken(why_not)}, and is in {made.lists_of_it:,} of {made.n_lists:,} lists: no "
            "place was left for this one."
        ]
    return [f"{where}: its score is high enough, but reordering moved it out of the list."]


def _taken(why_not: WhyNot) -> str:
    """How many of its places open introductions take up."""
    n = why_not.places_taken
    return f", of which open introductions take {n}" if n else ""


def _by_score(why_not: WhyNot) -> list[str]:
    """Its rank among the candidates, or why it is not one of them."""
    rank = f"{why_not.rank:,} of {why_not.n_candidates:,}"
    if not why_not.candidate:
        found = (
            "others have more evidence that links them to the partner"
            if why_not.connected
            else "no shared market, demand, capability or collaborator links it to the partner"
        )
        return [
            f"Not among the {why_not.n_candidates:,} candidates: {found}. If scored, it would "
            f"rank {why_not.rank:,} ({why_not.score:.4f})."
        ]
    if why_not.made is not None:
        return [f"By score it is {rank} ({why_not.score:.4f})."]
    listed = "Not listed"
    if why_not.listed:
        listed = "It is listed" if why_not.capacity is None else "Listed before capacities"
    return [
        f"{listed}: {rank} candidates by score ({why_not.score:.4f}); the list holds {why_not.k}."
    ]


def _capacity(why_not: WhyNot) -> list[str]:
    """A warning that a run over many partners may list it up to its capacity first."""
    if why_not.capacity is None or why_not.made is not None:
        return []
    return [
        f"It has capacity for {why_not.capacity} introductions{_taken(why_not)}: a run for many "
        "partners may use it up before this list is filled (--run shows what a run did)."
    ]


def _beside_the_last(why_not: WhyNot, last: str) -> list[str]:
    """What separates its score from that of the last in the list, signal by signal."""
    table = [("log-odds", "signal", "it", "the last")]
    table += [
        (
            f"{-part.log_odds:+.4f}",
            part.description,
            number(part.value),
            number(part.value_of_other),
        )
        for part in why_not.differences
        if part.log_odds
    ]
    gap = sum(part.log_odds for part in why_not.differences)
    table.append((f"{-gap:+.4f}", "difference of the scores: the sum of the above", "", ""))
    heading = f"Compared with the last of the list, {last} ({why_not.last_score:.4f}):"
    return [wrapped(heading), "", *columns(table, "rlrr")]


def _changes(why_not: WhyNot) -> list[str]:
    """The least that would make the scores equal: one signal, or else the fewest together."""
    single = [part for part in why_not.differences if part.needed is not None][:_CHANGES]
    if single:
        return [
            "Any one of these changes alone would make the scores equal:",
            *(wrapped(f"  {_change(part)}") for part in single),
        ]
    behind = np.cumsum([part.log_odds for part in why_not.differences])
    n = 1 + int((behind >= behind[-1]).argmax())
    return [
        wrapped(
            "No single signal, within the values seen in this list, would make the scores equal; "
            f"the first {n} of these together would, at the values of the last."
        )
    ]


def _change(part: Difference) -> str:
    unit = part.unit.split(",")[0]
    return (
        f"{part.description}: {number(part.needed or 0.0)} instead of {number(part.value)} ({unit})"
    )
