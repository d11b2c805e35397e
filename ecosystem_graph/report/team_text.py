"""A team as text: who owns what, why, what is missing, and who else."""

from collections.abc import Sequence

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs.team_job import Refused, TeamRun
from ecosystem_graph.printable import printable
from ecosystem_graph.report.layout import who, wrapped
from ecosystem_graph.report.team_why_not_text import team_why_not_text
from ecosystem_graph.report.text import field
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.teams.nearest import Nearest
from ecosystem_graph.teams.team import Member, Team, Uncovered

#: Teams of a batch that are shown.
_SHOWN = 3

_FLAGS = {
    "thin_evidence": "thin evidence for what it owns",
    "elsewhere": "no business there that is known of",
    "offerings_unknown": "what it sells is not in the tables: competition is read off what it can "
    "do, and costs points instead of keeping it out (--max-competition does)",
}


def team_text(team: Team, graph: EcosystemGraph) -> str:
    """One team: its members with roles and reasons, what nobody owns, and the next best.

    Parameters
    ----------
    team : Team
    graph : EcosystemGraph
        For the names.

    Returns
    -------
    str
    """
    asked = team.requirement
    where = [word for word in (asked.territory, asked.industry) if word]
    lines = [
        wrapped(
            f"Team of {len(team.team)} for {counted(len(asked.capabilities), 'requirement')}"
            f"{' in ' if where else ''}{', '.join(where)}, as of {team.as_of}."
        )
    ]
    for number, member in enumerate(team.team, 1):
        lines += ["", wrapped(f"{number:>3}. {who(graph, member.partner_id)}: {member.role}")]
        lines += [field(name, text) for name, text in _facts(member, graph) if text]
    if team.uncovered:
        lines += ["", "Without an owner:"]
        lines += [wrapped(f"   - {_missing(one, graph)}") for one in team.uncovered]
    lines += ["", wrapped(_objective(team)), wrapped(_proof(team))]
    members = {member.partner_id for member in team.team}
    for other in team.alternatives:
        there = [member["partner_id"] for member in other.team]
        new = [who(graph, one) for one in there if one not in members]
        gone = [who(graph, one.partner_id) for one in team.team if one.partner_id not in there]
        change = [f"with {', '.join(new)}"] if new else []
        change += [f"without {', '.join(gone)}"] if gone else []
        lines.append(wrapped(f"Next best, {other.objective:.2f}: {', '.join(change)}."))
    return "\n".join(lines)


def team_run_text(run: TeamRun) -> str:
    """What a run did: its one team, or the first few of many with what became of the rest."""
    teams = list(run.teams.items())
    if len(teams) == 1:
        left_out = [f"Left out: {what}: {n:,}." for what, n in run.record["left_out"].items()]
        told = "\n".join([_either(teams[0][1], run.graph), *left_out])
        answer = run.why_not
        return told if answer is None else f"{told}\n\n{team_why_not_text(answer, run.graph)}"
    counts = run.record["counts"]
    lines = [
        f"As of {run.record['as_of']}: {counted(counts['teams'], 'team')} for "
        f"{counted(counts['requirements'], 'requirement')}, {counted(counts['members'], 'seat')}.",
        *(f"Left out: {what}: {n:,}." for what, n in run.record["left_out"].items()),
    ]
    for name, team in teams[:_SHOWN]:
        lines += ["", printable(f"== {name}"), _either(team, run.graph)]
    return "\n".join(lines)


def _either(team: Team | Refused, graph: EcosystemGraph) -> str:
    return (
        wrapped(f"No team: {' '.join(team.why.splitlines())}")
        if isinstance(team, Refused)
        else team_text(team, graph)
    )


def _facts(member: Member, graph: EcosystemGraph) -> Sequence[tuple[str, str]]:
    trust = "" if member.trust is None else f"{member.trust:.2f} with the others"
    if member.trust_n:
        trust += f" ({member.trust_n:.1f} outcomes each)"
    satisfied = ""
    if member.satisfaction is not None:
        satisfied = f"{member.satisfaction:.0%} ({counted(member.satisfaction_n or 0, 'answer')})"
    other = member.substitute
    return [
        ("owns", _held(member, member.covers, graph)),
        ("also", _held(member, member.supports, graph)),
        ("trust", trust),
        ("csat", satisfied),
        ("rival", f"competition {member.competition:.0%}" if member.competition else ""),
        ("note", "; ".join(_FLAGS[flag] for flag in member.flags)),
        ("else", f"{who(graph, other.partner_id)}, costs {other.costs:.2f}" if other else ""),
    ]


def _held(member: Member, capabilities: Sequence[str], graph: EcosystemGraph) -> str:
    return " · ".join(
        f"{graph.taxonomy.name(one)} ({member.strength[one]:.2f})" for one in capabilities
    )


def _missing(one: Uncovered, graph: EcosystemGraph) -> str:
    known = one.capability_id in graph.taxonomy.ids
    name = graph.taxonomy.name(one.capability_id) if known else repr(one.capability_id)
    return f"{name}: {one.why.rstrip('.')}{_nearest(one.nearest, graph)}."


def _nearest(found: Nearest | None, graph: EcosystemGraph) -> str:
    if found is None:
        return ""
    why = f"; {found.why_not}" if found.why_not else ""
    return (
        f". Nearest: {who(graph, found.partner_id)} with {graph.taxonomy.name(found.holds)} "
        f"({found.strength:.2f}){why}"
    )


def _objective(team: Team) -> str:
    terms = ", ".join(f"{name} {value:+.2f}" for name, value in team.terms.items() if value)
    return f"Objective {team.objective:.2f}: {terms}."


def _proof(team: Team) -> str:
    if team.gap is None:
        return f"Best found among {team.n_candidates:,} candidates; not proven."
    least = "the best there is" if not team.gap else f"within {team.gap:.1%} of the best there is"
    if team.n_compared == team.n_candidates:
        return f"Proven: {least} among all {team.n_candidates:,} candidates."
    return (
        f"Proven: {least} among the {team.n_compared:,} most promising of {team.n_candidates:,} "
        "candidates."
    )
