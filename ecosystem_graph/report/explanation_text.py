"""One pair's score as text."""

from collections.abc import Sequence

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.ranking.explanation.contribution import Contribution
from ecosystem_graph.ranking.explanation.evidence_path import Link
from ecosystem_graph.ranking.explanation.explanation import Chance
from ecosystem_graph.ranking.explanation.pair_facts import Belief, Rivalry, Trust
from ecosystem_graph.report.layout import columns, filled, number, who, wrapped
from ecosystem_graph.tables.messages.wording import counted


def explanation_text(told: Explanation, graph: EcosystemGraph) -> str:
    """One pair's score, taken apart so that it adds up, and the evidence behind it.

    Parameters
    ----------
    told : Explanation
    graph : EcosystemGraph
        For the names.

    Returns
    -------
    str
    """
    a, b = who(graph, told.partner_id), who(graph, told.collaborator_id)
    lines = [wrapped(f"{a}  with  {b}"), ""]
    if not told.may_be_proposed:
        lines += [
            wrapped(
                "Not to be proposed: an opt-out, a status, a restriction, a common owner or an "
                "introduction forbids it (--why-not says which)."
            ),
            "",
        ]
    table = [("log-odds", "signal", "value")]
    table += [
        (f"{part.log_odds:+.4f}", part.says, _value(part))
        for part in told.contributions
        if part.log_odds
    ]
    table.append(
        (f"{told.intercept:+.4f}", "starting point: a pair that stands out in nothing", "")
    )
    table.append((f"{told.score:+.4f}", "score: the sum of the above", ""))
    lines += [
        *columns(table, "rll"),
        "",
        "A share says how the collaborator stands out among the partner's candidates.",
        *(
            ["*: beyond what was learnt on; it counts as the nearest that was."]
            if any(part.clipped for part in told.contributions)
            else []
        ),
        "",
    ]
    for name, values in _facts(told, graph).items():
        lines.append(filled(", ".join(values[:10]), f"{name:<21} ", " " * 22))
    return "\n".join(lines)


def _value(part: Contribution) -> str:
    """A signal in its unit, marked where only a part of it counts."""
    return f"{number(part.value)} ({part.unit.split(',')[0]}){'*' if part.clipped else ''}"


def _facts(told: Explanation, graph: EcosystemGraph) -> dict[str, Sequence[str]]:
    """What stands behind a score, by heading."""
    deals = [
        f"{deal.deal_id} ({deal.closed_on}, team of {deal.team_size})" for deal in told.shared_deals
    ]
    facts: dict[str, Sequence[str]] = {
        "joint win": [_chance(told.chance)] if told.chance else [],
        "won together": deals or ["nothing yet"],
        "shared collaborators": told.shared_collaborators or ["none"],
        "vouched for by": [_chain(path, graph) for path in told.paths if len(path) > 1],
        "trust": [_trust(told.trust)] if told.trust else [],
        "satisfaction": [
            f"{who(graph, partner_id)} {_belief(belief)}"
            for partner_id, belief in (
                (told.collaborator_id, told.satisfaction),
                (told.partner_id, told.own_satisfaction),
            )
            if belief is not None
        ],
        "it fills gaps in": told.gaps_filled or ["nothing in demand"],
        "it would gain": told.brings or ["nothing in demand"],
        "competition": [_rivalry(told.rivalry)] if told.rivalry else [],
    }
    return {name: values for name, values in facts.items() if values}


def _chance(chance: Chance) -> str:
    return (
        f"{chance.probability:.1%} ({chance.low:.1%} to {chance.high:.1%}), from what came of "
        f"{chance.n:,} pairs alike in score"
    )


def _chain(path: Sequence[Link], graph: EcosystemGraph) -> str:
    steps = [
        f"{counted(link.joint_wins, 'win')} ({_days(link)}) with "
        f"{graph.index.names[graph.index.position(link.collaborator_id)]}"
        for link in path
    ]
    return ", then ".join(steps)


def _days(link: Link) -> str:
    if link.first_won_on == link.last_won_on:
        return link.last_won_on
    return f"{link.first_won_on} to {link.last_won_on}"


def _trust(trust: Trust) -> str:
    return (
        f"{trust.mean:.2f}: {trust.wins:.2f} wins and {trust.losses:.2f} losses of their own, "
        f"{trust.hearsay:.2f} by hearsay, on a prior of {trust.prior_wins:.2f} and "
        f"{trust.prior_losses:.2f}; {trust.propagated:.2%} of what it passes on along its ties"
    )


def _belief(belief: Belief) -> str:
    heard = counted(belief.n_responses, "answer") if belief.n_responses else "no answers: its peers"
    return f"{belief.mean:.0%} of the scale (at least {belief.low:.0%}; {heard})"


def _rivalry(rivalry: Rivalry) -> str:
    over = f"; contested: {', '.join(rivalry.contested)}" if rivalry.contested else ""
    opposed = f"; opposite sides: {rivalry.opposite_sides:.2f}" if rivalry.opposite_sides else ""
    instead = f"; substitutes: {rivalry.substitutes:.2f}, {rivalry.instead}"
    return (
        f"{rivalry.competition:.2f}: {rivalry.share:.0%} of its own business "
        f"({_lines(rivalry.lines)}), {rivalry.share_of_collaborator:.0%} of the collaborator's "
        f"({_lines(rivalry.lines_of_collaborator)}){opposed}"
        f"{instead if rivalry.substitutes else ''}{over}"
    )


def _lines(n: float) -> str:
    """How much a share of business rests on."""
    return f"by {counted(round(n), 'line')} on record" if n else "nothing it sells is on record"
