"""The score of one pair as text: contributions that add up, and the evidence behind them."""

from collections.abc import Sequence

from ecosystem_graph.ranking import Explanation
from ecosystem_graph.ranking.explanation.contribution import Contribution
from ecosystem_graph.ranking.explanation.evidence_path import Link
from ecosystem_graph.ranking.explanation.explanation import Chance, Value
from ecosystem_graph.ranking.explanation.pair_facts import Belief, Rivalry, Trust
from ecosystem_graph.report.layout import columns, filled, named, number, wrapped
from ecosystem_graph.tables.messages.wording import counted

#: Entries shown of each kind of evidence.
_SHOWN = 10


#: Parts of a score, in their order, with their headings.
_PARTS = {
    "joining": "LIKELY TO WORK TOGETHER",
    "benefit": "BETTER TOGETHER",
    "policy": "POLICY",
}


def explanation_text(explanation: Explanation) -> str:
    """The score of one pair: contributions that add up to it, and the evidence behind them.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    str
    """
    partner = named(explanation.partner_name, explanation.partner_id)
    collaborator = named(explanation.collaborator_name, explanation.collaborator_id)
    lines = [wrapped(f"{partner}  with  {collaborator}"), ""]
    if not explanation.may_be_proposed:
        forbidden = (
            "Not to be proposed: an opt-out, a status, a restriction, a common owner or an "
            "introduction forbids it (--why-not says which)."
        )
        lines += [wrapped(forbidden), ""]
    lines += [*_sum(explanation), "", *_notes(explanation), ""]
    lines += [
        filled(between.join(entries[:_SHOWN]), f"{heading:<21} ", " " * 22)
        for heading, entries, between in _evidence(explanation)
        if entries
    ]
    return "\n".join(lines)


def _sum(explanation: Explanation) -> list[str]:
    """The contributions, the intercept, and the score that they add up to."""
    table = [("log-odds", "signal", "value")]
    parts = [(name, _of_part(explanation, name)) for name in _PARTS]
    for name, contributions in parts:
        if not contributions and name != "joining":
            continue
        total = sum(part.log_odds for part in contributions)
        if name == "joining":
            total += explanation.intercept
        table.append((f"{total:+.4f}", _PARTS[name], ""))
        table += [
            (f"{part.log_odds:+.4f}", f"  {part.description}", _value(part))
            for part in contributions
        ]
        if name == "joining":
            table.append((f"{explanation.intercept:+.4f}", "  intercept: an average pair", ""))
    table.append((f"{explanation.score:+.4f}", "score: the sum of its parts", ""))
    return columns(table, "rll")


def _of_part(explanation: Explanation, name: str) -> list[Contribution]:
    return [one for one in explanation.contributions if one.part == name and one.log_odds]


def _value(part: Contribution) -> str:
    """A signal with its unit, and a star where its value is clipped."""
    return f"{number(part.value)} ({part.unit.split(',')[0]}){'*' if part.clipped else ''}"


def _notes(explanation: Explanation) -> list[str]:
    """How to read the values of the contributions."""
    notes = ["A share is the collaborator's percentile among the partner's candidates."]
    if any(part.clipped for part in explanation.contributions):
        notes.append("*: outside the range seen in training; counted as the nearest value seen.")
    return notes


def _evidence(explanation: Explanation) -> list[tuple[str, Sequence[str], str]]:
    """Headings, the entries below each, and what separates the entries."""
    deals = [
        f"{deal.deal_id} ({deal.closed_on}, team of {deal.team_size})"
        for deal in explanation.shared_deals
    ]
    chance, trust, rivalry = explanation.chance, explanation.trust, explanation.rivalry
    vouched = [_chain(path) for path in explanation.paths if len(path) > 1]
    return [
        ("joint win", [_chance(chance)] if chance else [], ""),
        ("it adds", [_added(explanation.value)] if explanation.value else [], ""),
        ("won together", deals or ["nothing yet"], ", "),
        ("shared collaborators", explanation.shared_collaborators or ["none"], ", "),
        ("vouched for by", vouched, "; "),
        ("trust", [_trust(trust)] if trust else [], ""),
        ("satisfaction", _satisfaction(explanation), ", "),
        ("it fills gaps in", explanation.gaps_filled or ["nothing in demand"], ", "),
        ("it would gain", explanation.brings or ["nothing in demand"], ", "),
        ("competition", [_rivalry(rivalry)] if rivalry else [], ""),
    ]


def _chance(chance: Chance) -> str:
    return (
        f"{chance.probability:.1%} ({chance.low:.1%} to {chance.high:.1%}), calibrated on "
        f"{chance.n:,} past pairs with a similar score"
    )


def _added(value: Value) -> str:
    rests_on = "learnt from deals won and lost" if value.learnt else "assumed weights"
    return (
        f"{100 * value.uplift:+.1f} points ({100 * value.low:+.1f} to {100 * value.high:+.1f}) to "
        "the partner's chance of winning what its markets ask for, "
        f"{100 * value.reciprocal_uplift:+.1f} to the collaborator's; {rests_on}, and "
        f"{value.acceptance:.0%} accept"
    )


def _chain(path: Sequence[Link]) -> str:
    """Joint wins from the partner to the collaborator, such as `Bob (2 wins, 2024) -> Cy (...)`."""
    return " -> ".join(
        f"{link.collaborator_name} ({counted(link.joint_wins, 'win')}, {_days(link)})"
        for link in path
    )


def _days(link: Link) -> str:
    if link.first_won_on == link.last_won_on:
        return link.last_won_on
    return f"{link.first_won_on} to {link.last_won_on}"


def _trust(trust: Trust) -> str:
    return (
        f"{trust.mean:.2f}, from {trust.wins:.2f} wins and {trust.losses:.2f} losses together, "
        f"{trust.hearsay:.2f} wins through shared collaborators, and a prior of "
        f"{trust.prior_wins:.2f} wins and {trust.prior_losses:.2f} losses; "
        f"{trust.propagated:.2%} of the trust that the partner passes on along its ties"
    )


def _satisfaction(explanation: Explanation) -> list[str]:
    """The customer satisfaction of the collaborator, then of the partner, where it is known."""
    beliefs = (
        (explanation.collaborator_name, explanation.collaborator_id, explanation.satisfaction),
        (explanation.partner_name, explanation.partner_id, explanation.own_satisfaction),
    )
    return [f"{named(name, id_)} {_belief(belief)}" for name, id_, belief in beliefs if belief]


def _belief(belief: Belief) -> str:
    n = counted(belief.n_responses, "answer") if belief.n_responses else "no answers: its peers"
    return f"{belief.mean:.0%} of the scale (at least {belief.low:.0%}; {n})"


def _rivalry(rivalry: Rivalry) -> str:
    text = (
        f"{rivalry.competition:.2f}: {rivalry.share:.0%} of its own business "
        f"({_lines(rivalry.lines)}), {rivalry.share_of_collaborator:.0%} of the collaborator's "
        f"({_lines(rivalry.lines_of_collaborator)})"
    )
    if rivalry.opposite_sides:
        text += f"; opposite sides of a tender: {rivalry.opposite_sides:.2f}"
    if rivalry.substitutes:
        text += f"; substitutes: {rivalry.substitutes:.2f}, {rivalry.instead}"
    return f"{text}; contested: {', '.join(rivalry.contested)}" if rivalry.contested else text


def _lines(n: float) -> str:
    """The number of lines of business that a share rests on."""
    return f"{counted(round(n), 'line')} on record" if n else "no sales on record"
