"""A team as text: its members, what each owns and why, what is uncovered, and alternatives."""

from collections.abc import Sequence

from ecosystem_graph.jobs.team_job import Refused, TeamRun
from ecosystem_graph.printable import printable
from ecosystem_graph.report.layout import field, named, wrapped
from ecosystem_graph.report.team_why_not_text import team_why_not_text
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.teams.team import Alternative, Member, Nearest, Substitute, Team, Uncovered

#: Teams of a batch that are shown.
_SHOWN = 3

#: What each flag of a member means.
_FLAGS = {
    "thin_evidence": "thin evidence for what it owns",
    "elsewhere": "no business in the territory on record",
    "offerings_unknown": "its offerings are not in the tables: competition is estimated from its "
    "capabilities and only costs points (--max-competition excludes)",
}


def team_text(team: Team) -> str:
    """One team: members with roles and reasons, uncovered capabilities, and alternatives.

    Parameters
    ----------
    team : Team

    Returns
    -------
    str
    """
    lines = [wrapped(_heading(team))]
    for number, member in enumerate(team.team, 1):
        lines += [
            "",
            wrapped(f"{number:>3}. {_label(member)}: {member.role}"),
        ]
        lines += [field(name, text) for name, text in _facts(member, team) if text]
    if team.uncovered:
        lines += ["", "Without an owner:"]
        lines += [wrapped(f"   - {_missing(one, team)}") for one in team.uncovered]
    lines += ["", wrapped(_objective(team)), wrapped(_proof(team))]
    lines += [wrapped(_alternative(team, other)) for other in team.alternatives]
    return "\n".join(lines)


def _label(partner: Member | Substitute | Nearest) -> str:
    return named(partner.name, partner.partner_id)


def _heading(team: Team) -> str:
    requirement = team.requirement
    market = ", ".join(word for word in (requirement.territory, requirement.industry) if word)
    return (
        f"Team of {len(team.team)} for {counted(len(requirement.capabilities), 'requirement')}"
        f"{f' in {market}' if market else ''}, as of {team.as_of}."
    )


def _alternative(team: Team, other: Alternative) -> str:
    """Another team: its objective, and its members that differ from those of the best."""
    members = [_label(member) for member in team.team]
    others = [named(member["name"], member["partner_id"]) for member in other.team]
    added = [partner for partner in others if partner not in members]
    removed = [partner for partner in members if partner not in others]
    changes = [f"with {', '.join(added)}"] if added else []
    changes += [f"without {', '.join(removed)}"] if removed else []
    return f"Next best, {other.objective:.2f}: {', '.join(changes)}."


def team_run_text(run: TeamRun) -> str:
    """The one team of a run, or the first few of several and the counts of all."""
    teams, left_out = list(run.teams.items()), run.record["left_out"]
    left_out_lines = [f"Left out: {what}: {n:,}." for what, n in left_out.items()]
    if len(teams) == 1:
        lines = [_team_or_refusal(teams[0][1]), *left_out_lines]
        if run.why_not is not None:
            lines += ["", team_why_not_text(run.why_not, run.graph)]
        return "\n".join(lines)
    counts = run.record["counts"]
    lines = [
        f"As of {run.record['as_of']}: {counted(counts['teams'], 'team')} for "
        f"{counted(counts['requirements'], 'requirement')}, {counted(counts['members'], 'seat')}.",
        *left_out_lines,
    ]
    for name, team in teams[:_SHOWN]:
        lines += ["", printable(f"== {name}"), _team_or_refusal(team)]
    return "\n".join(lines)


def _team_or_refusal(team: Team | Refused) -> str:
    if isinstance(team, Refused):
        return wrapped(f"No team: {' '.join(team.why.splitlines())}")
    return team_text(team)


def _facts(member: Member, team: Team) -> Sequence[tuple[str, str]]:
    other = member.substitute
    return [
        ("owns", _held(member, member.covers, team)),
        ("also", _held(member, member.supports, team)),
        ("trust", _trust(member)),
        ("csat", _satisfaction(member)),
        ("rival", f"competition {member.competition:.0%}" if member.competition else ""),
        ("note", "; ".join(_FLAGS[flag] for flag in member.flags)),
        (
            "else",
            f"{_label(other)}, costs {other.costs:.2f}" if other else "",
        ),
    ]


def _trust(member: Member) -> str:
    text = "" if member.trust is None else f"{member.trust:.2f} with the others"
    return f"{text} ({member.trust_n:.1f} results each)" if member.trust_n else text


def _satisfaction(member: Member) -> str:
    if member.satisfaction is None:
        return ""
    return f"{member.satisfaction:.0%} ({counted(member.satisfaction_n or 0, 'answer')})"


def _held(member: Member, capabilities: Sequence[str], team: Team) -> str:
    return " · ".join(
        f"{team.capability_names[one]} ({member.strength[one]:.2f})" for one in capabilities
    )


def _missing(one: Uncovered, team: Team) -> str:
    name = team.capability_names.get(one.capability_id, repr(one.capability_id))
    return f"{name}: {one.why.rstrip('.')}{_nearest(one.nearest, team)}."


def _nearest(nearest: Nearest | None, team: Team) -> str:
    if nearest is None:
        return ""
    why = f"; {nearest.why_not}" if nearest.why_not else ""
    holds = f"{team.capability_names[nearest.holds]} ({nearest.strength:.2f})"
    return f". Nearest: {_label(nearest)} with {holds}{why}"


def _objective(team: Team) -> str:
    terms = ", ".join(f"{name} {value:+.2f}" for name, value in team.terms.items() if value)
    return f"Objective {team.objective:.2f}: {terms}."


def _proof(team: Team) -> str:
    if team.gap is None:
        return f"Best found among {team.n_candidates:,} candidates; not proven optimal."
    quality = "optimal" if not team.gap else f"within {team.gap:.1%} of the optimum"
    if team.n_compared == team.n_candidates:
        return f"Proven: {quality} among all {team.n_candidates:,} candidates."
    return (
        f"Proven: {quality} among the {team.n_compared:,} most promising of "
        f"{team.n_candidates:,} candidates."
    )
