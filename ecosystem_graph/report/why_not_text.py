"""Why somebody is not in a list, as text."""

import numpy as np

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.why_not import WhyNot
from ecosystem_graph.ranking.explanation.comparison import Difference
from ecosystem_graph.report.layout import columns, number, who, wrapped
from ecosystem_graph.report.text import moved_text

#: Changes that are named.
_CHANGES = 3


def why_not_text(told: WhyNot, graph: EcosystemGraph) -> str:
    """Why a collaborator is not in a list, and what would bring it there.

    Parameters
    ----------
    told : WhyNot
    graph : EcosystemGraph
        For the names.

    Returns
    -------
    str
    """
    a, b = who(graph, told.partner_id), who(graph, told.collaborator_id)
    lines = [wrapped(f"{b}  in the list of  {a}"), ""]
    if told.barred:
        lines += [wrapped(line) for line in _made(told)]
        lines += [wrapped(f"Never proposed: {reason}.") for reason in told.barred]
        return "\n".join(lines)
    lines += [wrapped(line) for line in _made(told)]
    lines += [wrapped(line) for line in _standing(told)]
    if told.capacity is not None and told.made is None:
        lines.append(
            wrapped(
                f"It can take {told.capacity} introductions{_taken(told)}: in a run for many "
                "partners it may be full before it comes to this one (--run says what one did)."
            )
        )
    if told.last_id is None:
        return "\n".join(lines)
    last = who(graph, told.last_id)
    lines += ["", wrapped(f"Behind the last of the list, {last} ({told.last_score:.4f}):"), ""]
    table = [("log-odds", "signal", "it", "the last")]
    table += [
        (f"{-part.log_odds:+.4f}", part.says, number(part.value), number(part.value_of_other))
        for part in told.differences
        if part.log_odds
    ]
    gap = sum(part.log_odds for part in told.differences)
    table.append((f"{-gap:+.4f}", "difference of the scores: the sum of the above", "", ""))
    return "\n".join([*lines, *columns(table, "rlrr"), *_changes(told)])


def _made(told: WhyNot) -> list[str]:
    """What became of it in the lists that were made, if any were."""
    made = told.made
    if made is None:
        return []
    where = "In lists made as asked" if made.run_id is None else f"In the run {made.run_id}"
    if made.rank is not None:
        moved = moved_text(made.moved_by)
        return [f"{where}: listed at rank {made.rank}{f', moved {moved}' if moved else ''}."]
    if not made.asked_for:
        return [f"{where}: no list was asked for."]
    if told.barred or not told.moved_out:
        return [f"{where}: not listed."]
    if told.full:
        taken = told.places_taken
        under_way = f", of which introductions under way take {taken}" if taken else ""
        return [
            f"{where}: moved out by capacity. It has room for {told.capacity} introductions"
            f"{under_way}, and stands in {made.lists_of_it:,} of {made.n_lists:,} lists: no place "
            "was left for this one."
        ]
    return [f"{where}: not listed though its score is good enough: what reorders moved it out."]


def _standing(told: WhyNot) -> list[str]:
    """Where it stands among the candidates, if it is one."""
    if told.candidate and told.made is not None:
        return [f"By score it is {told.rank:,} of {told.n_candidates:,} ({told.score:.4f})."]
    if told.candidate:
        place = f"{told.rank:,} of {told.n_candidates:,} candidates by score ({told.score:.4f})"
        if told.listed:
            listed = "It is listed" if told.capacity is None else "Without capacities it is listed"
            return [f"{listed}: {place}; the list holds {told.k}."]
        return [f"Not listed: {place}; the list holds {told.k}."]
    would = f"Scored all the same it would be {told.rank:,} ({told.score:.4f})."
    if told.connected:
        found = "others have more evidence that leads to them"
        return [f"Not among the {told.n_candidates:,} candidates: {found}. {would}"]
    nothing = "no shared market, demand, capability or collaborator leads to it"
    return [f"Not among the {told.n_candidates:,} candidates: {nothing}. {would}"]


def _taken(told: WhyNot) -> str:
    """How many of its places are gone before any list is made."""
    if not told.places_taken:
        return ""
    return f", of which {told.places_taken} are under way"


def _changes(told: WhyNot) -> list[str]:
    """The least that would bring it level: single signals, or else the fewest together."""
    lifting = [part for part in told.differences if part.needed is not None][:_CHANGES]
    if lifting:
        return [
            "",
            "Any one of these alone would bring it level, everything else unchanged:",
            *(wrapped(f"  {_change(part)}") for part in lifting),
        ]
    behind = np.cumsum([part.log_odds for part in told.differences])
    n = 1 + int((behind >= behind[-1]).argmax())
    return [
        "",
        wrapped(
            "No single signal within the reach of this list would bring it level; as good as the "
            f"last in the first {n} of these, it would be."
        ),
    ]


def _change(part: Difference) -> str:
    unit = part.unit.split(",")[0]
    return f"{part.says}: {number(part.needed or 0.0)} instead of {number(part.value)} ({unit})"
