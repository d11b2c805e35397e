"""Why a partner is not in a team, as text."""

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.report.layout import who, wrapped
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.teams.why_not import TOLERANCE, TeamWhyNot


def team_why_not_text(why_not: TeamWhyNot, graph: EcosystemGraph) -> str:
    """Why a partner is not in the team, the best team with it, and what would bring it in.

    Parameters
    ----------
    why_not : TeamWhyNot
    graph : EcosystemGraph
        Where the names are looked up.

    Returns
    -------
    str
    """
    lines = [f"{who(graph, why_not.partner_id)} {_answer(why_not, graph)}"]
    if why_not.team:
        lines.append(f"With it: {'; '.join(_member(member, graph) for member in why_not.team)}.")
    if why_not.change is not None:
        name = graph.taxonomy.name(why_not.change.capability_id)
        lines.append(
            f"A strength of {why_not.change.strength:.2f} in {name} instead of "
            f"{why_not.change.instead_of:.2f} would bring it in, all else equal."
        )
    return "\n".join(map(wrapped, lines))


def _answer(why_not: TeamWhyNot, graph: EcosystemGraph) -> str:
    if why_not.answer == "in_team":
        return f"is in the team: {why_not.role}{_owning(why_not.covers, graph)}."
    if why_not.difference is None or why_not.terms is None:
        return f"is not in the team: {why_not.why}."
    shown = {name: f"{value:+.2f}" for name, value in why_not.terms.items() if abs(value) >= 0.005}
    terms = f" ({', '.join(f'{name} {value}' for name, value in shown.items())})" if shown else ""
    apart = f"; {why_not.why}" if why_not.why else ""
    return f"is not in the team: the best team with it is {_compared(why_not)}{terms}{apart}."


def _compared(why_not: TeamWhyNot) -> str:
    """How the best team with the partner compares with the team, in points."""
    difference = why_not.difference or 0.0
    if why_not.answer == "not_compared":
        return f"{difference:.2f} points better, but the search for the best team missed it"
    if abs(difference) <= TOLERANCE:
        return "equally good, and ties are broken by partner id"
    if difference > 0:
        return f"of {counted(len(why_not.team), 'member')} only"
    return f"{-difference:.2f} points worse"


def _member(member: dict[str, object], graph: EcosystemGraph) -> str:
    covers = member["covers"]
    owning = _owning(tuple(covers), graph) if isinstance(covers, list) else ""
    return f"{who(graph, str(member['partner_id']))}, {member['role']}{owning}"


def _owning(covers: tuple[str, ...], graph: EcosystemGraph) -> str:
    return f" of {', '.join(graph.taxonomy.name(one) for one in covers)}" if covers else ""
