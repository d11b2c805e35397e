"""Why a partner is not in a team, as text."""

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.report.layout import who, wrapped
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.teams.why_not import TOLERANCE, TeamWhyNot


def team_why_not_text(told: TeamWhyNot, graph: EcosystemGraph) -> str:
    """Why it is not in, the best team with it, and what would put it in.

    Parameters
    ----------
    told : TeamWhyNot
    graph : EcosystemGraph
        For the names.

    Returns
    -------
    str
    """
    lines = [f"{who(graph, told.partner_id)} {_answer(told, graph)}"]
    if told.team:
        lines.append(f"With it: {'; '.join(_member(member, graph) for member in told.team)}.")
    if told.change is not None:
        name = graph.taxonomy.name(told.change.capability_id)
        lines.append(
            f"A strength of {told.change.strength:.2f} in {name} instead of "
            f"{told.change.instead_of:.2f} would put it in, all else equal."
        )
    return "\n".join(map(wrapped, lines))


def _answer(told: TeamWhyNot, graph: EcosystemGraph) -> str:
    if told.answer == "in_team":
        return f"is in the team: {told.role}{_owning(told.covers, graph)}."
    if told.difference is None or told.terms is None:
        return f"is not in the team: {told.why}."
    shown = {name: f"{value:+.2f}" for name, value in told.terms.items() if abs(value) >= 0.005}
    terms = f" ({', '.join(f'{name} {value}' for name, value in shown.items())})" if shown else ""
    apart = f"; {told.why}" if told.why else ""
    return f"is not in the team: the best team with it is {_worth(told)}{terms}{apart}."


def _worth(told: TeamWhyNot) -> str:
    difference = told.difference or 0.0
    if told.answer == "not_compared":
        return f"worth {difference:.2f} more, but the search for the best team passed it over"
    if abs(difference) <= TOLERANCE:
        return "worth as much, and ties go by partner id"
    if difference > 0:
        return f"of {counted(len(told.team), 'member')} only"
    return f"worth {-difference:.2f} less"


def _member(member: dict[str, object], graph: EcosystemGraph) -> str:
    covers = member["covers"]
    owning = _owning(tuple(covers), graph) if isinstance(covers, list) else ""
    return f"{who(graph, str(member['partner_id']))}, {member['role']}{owning}"


def _owning(covers: tuple[str, ...], graph: EcosystemGraph) -> str:
    return f" of {', '.join(graph.taxonomy.name(one) for one in covers)}" if covers else ""
