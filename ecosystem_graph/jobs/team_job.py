"""Teams for one requirement or for thousands, and a record of how they came about."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from time import perf_counter
from typing import Any

from ecosystem_graph.errors import EcosystemGraphError, HistoryError, RequirementError
from ecosystem_graph.files.whole_folder import folder_name
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.ledger import REST_DAYS, STALE_DAYS
from ecosystem_graph.jobs.record import known_left_out, sealed_record
from ecosystem_graph.printing import Printed
from ecosystem_graph.ranking import AdditiveRanker
from ecosystem_graph.recommending.model_files import load_for
from ecosystem_graph.recommending.model_source import ASKED_FOR, LEARNT
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.requirement import Requirement, requirement_of_deal
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables import Tables
from ecosystem_graph.teams.describe import told_team
from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.requirement.team_requirement import TeamNeed
from ecosystem_graph.teams.team import Team
from ecosystem_graph.teams.why_not import TeamWhyNot, why_not_in_team

#: Seconds the proof of one team may take.
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Refused:
    """A requirement no team can be sought for, and why."""

    requirement: Requirement
    why: str

    def as_dict(self) -> dict[str, Any]:
        """In the shape of a team, with nobody in it."""
        asked = asdict(self.requirement)
        return {"schema": 1, "requirement": asked, "team": [], "refused": self.why}


@dataclass(frozen=True, slots=True)
class TeamRun(Printed):
    """What a run gave.

    Attributes
    ----------
    teams : dict of str to Team or Refused
        By the id of the requirement, in the order given.
    graph : EcosystemGraph
    record : dict
        What `run.json` holds.
    timings : dict of str to float
        Seconds per stage.
    why_not : TeamWhyNot or None
        Why the partner asked about is not in the one team; None if none was asked about.
    """

    teams: dict[str, Team | Refused]
    graph: EcosystemGraph
    record: dict[str, Any]
    timings: dict[str, float]
    why_not: TeamWhyNot | None = None


def form_teams(
    tables: Tables,
    requirements: Mapping[str, Requirement] | None = None,
    *,
    deal: str | None = None,
    lead: str | None = None,
    as_of: date | None = None,
    model: str | None = None,
    size: int | None = None,
    capacity: int | None = None,
    rest_days: int = REST_DAYS,
    stale_days: int = STALE_DAYS,
    min_satisfaction: float = 0.0,
    max_competition: float | None = None,
    alternatives: int = 3,
    seconds: float | None = None,
    why_not: str | None = None,
    seed: int = 0,
    progress: Callable[..., object] | None = None,
) -> TeamRun:
    """Form a team for each requirement as of a day, and record how.

    Requirements are served in their order: each gets the best team found among the partners that
    have an introduction left. A lead spends none.

    Parameters
    ----------
    tables : Tables
    requirements : mapping of str to Requirement, optional
        By id. A single one that cannot be served is an error; of many it is told which, and why.
    deal : str, optional
        Instead: what this deal asks for. Its members so far may be proposed like everybody else.
    lead : str, optional
        Id or exact name of the partner that leads, in place of what the requirement or deal says.
    as_of : datetime.date, optional
        By default as :meth:`Tables.default_as_of` says.
    model : str, optional
        A model's folder or the name of one that ships. Without it one is fitted to the tables if
        any requirement has a lead, or `default` is taken where they teach too little.
    size : int, optional
        Fill every team to so many members.
    capacity : int, optional
        Teams a partner may be proposed for in this run where `intro_capacity` does not say; the
        median of those that say unless given. Introductions under way count as teams.
    rest_days : int, default 365
        Days for which two that declined an introduction are not put in one team, >= 0.
    stale_days : int, default 90
        Days for which an introduction under way takes one of the places of both sides, >= 0.
    min_satisfaction : float, default 0
        Partners whose satisfaction, 0..1, is below it are not proposed.
    max_competition : float, optional
        Two that compete in more of their business than this, 0..1, are not in one team. Two that
        sell the same product there never are, as far as `offerings` tells what they sell.
    alternatives : int, default 3
        Next best teams told with each.
    seconds : float, optional
        Time for the proof of one team; 5 for one requirement and 0, none, for many unless given.
    why_not : str, optional
        Id or exact name of a partner: say why it is not in the team. For one requirement only.
    seed : int, default 0
    progress : callable, optional
        ``progress(stage)`` when one begins, ``progress(stage, done, total)`` while one goes on.

    Returns
    -------
    TeamRun

    Raises
    ------
    RequirementError
        If there is no such deal, or the one requirement cannot be served.
    UnknownPartnerError
        If the one requirement, or `why_not`, names a partner that is not in the graph.
    HistoryError
        If no date is given and the tables hold none, or the model has learnt nothing of needs.
    """
    say = progress or (lambda *_: None)
    started = perf_counter()
    graph = EcosystemGraph.from_tables(tables, as_of)
    asked = _asked(graph, requirements, deal, lead)
    many = deal is None and len(asked) > 1
    if why_not is not None:
        if many:
            raise ValueError("why_not is about one team. Give one requirement.")
        graph.index.position(why_not)  # a slip is told before anything is learnt
    seconds = (0.0 if many else SECONDS) if seconds is None else seconds
    checker = TeamFinder(GraphFeatures(graph))
    needs, teams = _needs(checker, asked, size, strict=not many)
    timings = {"graph": perf_counter() - started}
    led = any(need.lead >= 0 for need in needs.values())
    say("learning from the past" if model is None and led else "reading what is known")
    recommender, told = _recommender(tables, graph.as_of, model, seed, needed=led)
    finder = TeamFinder(
        recommender.finder(graph).features,
        recommender.matcher(graph) if led else None,
        capacity=capacity,
        rest_days=rest_days,
        stale_days=stale_days,
        min_satisfaction=min_satisfaction,
        max_competition=max_competition,
    )
    timings["model"] = perf_counter() - started - timings["graph"]
    joining = dict(zip(needs, finder.joining(list(needs.values())), strict=True))
    answer = None
    for name, need in needs.items():
        choice = finder.choice(
            need, joining[name], size=size, seconds=seconds, n_alternatives=alternatives
        )
        proposed = choice.problem.partners[choice.teams[0]]
        finder.admission.take(proposed[proposed != need.lead])
        teams[name] = told_team(finder, choice)
        if why_not is not None:
            answer = why_not_in_team(finder, choice, why_not, seconds=seconds)
        say("forming teams", 1, len(needs))
    teams = {name: teams[name] for name in asked}
    timings["teams"] = perf_counter() - started - sum(timings.values())
    parameters = {
        "deal": deal,
        "lead": lead,
        "size": size,
        "capacity": capacity,
        "rest_days": rest_days,
        "stale_days": stale_days,
        "min_satisfaction": min_satisfaction,
        "max_competition": max_competition,
        "alternatives": alternatives,
        "seconds": seconds,
        "ignored_roles": list(graph.tables.ignored_roles),
        "seed": seed,
        "weights": asdict(finder.weights),
        "requirements": {name: need.as_dict() for name, need in asked.items()},
    }
    if why_not is not None:
        parameters["why_not"] = why_not
    record = _record(tables, graph, finder, parameters, told, teams)
    return TeamRun(teams, graph, record, timings, answer)


def _asked(
    graph: EcosystemGraph,
    requirements: Mapping[str, Requirement] | None,
    deal: str | None,
    lead: str | None,
) -> dict[str, Requirement]:
    if (requirements is None) == (deal is None):
        raise ValueError("either requirements or a deal must be given, not both.")
    if deal is not None:
        requirements = {deal: replace(requirement_of_deal(graph, deal), exclude=())}
    asked = dict(requirements or {})
    return asked if lead is None else {name: replace(one, lead=lead) for name, one in asked.items()}


def _needs(
    finder: TeamFinder, asked: Mapping[str, Requirement], size: int | None, *, strict: bool
) -> tuple[dict[str, TeamNeed], dict[str, Team | Refused]]:
    """Requirements a team can be sought for, and those it cannot."""
    needs: dict[str, TeamNeed] = {}
    refused: dict[str, Team | Refused] = {}
    for name, requirement in asked.items():
        try:
            limit = requirement.max_size
            if size is not None and limit is not None and size > limit:
                raise RequirementError(f"a team of {size} is more than its max_size, {limit}.")
            needs[name] = finder.need(requirement)
        except EcosystemGraphError as error:
            if strict:
                raise
            refused[name] = Refused(requirement, str(error))
    return needs, refused


def _recommender(
    tables: Tables, as_of: date, model: str | None, seed: int, *, needed: bool
) -> tuple[Recommender, dict[str, Any]]:
    """The model that knows who joins whom, and what to say about it."""
    if model is not None:
        recommender = load_for(Recommender, model, tables)
        name, why = folder_name(model), ASKED_FOR
    elif not needed:
        return Recommender(random_state=seed), {"name": "none", "why": "nobody leads"}
    else:
        name, why = "fitted", LEARNT
        try:
            recommender = Recommender(random_state=seed).fit(tables, as_of, for_needs=True)
            if recommender.need_ranker_ is None:
                raise HistoryError("too few deals name their lead to learn who joins one.")
        except HistoryError as error:
            recommender = load_for(Recommender, "default", tables)
            name, why = "default", str(error)
    told = {"name": name, "why": why, "fitted_as_of": recommender.fitted_as_of_.isoformat()}
    if recommender.need_ranker_ is not None:
        told["weights"] = _digest(recommender.need_ranker_)
    return recommender, told


def _digest(ranker: AdditiveRanker) -> str:
    """What tells one learnt ranker from another."""
    digest = hashlib.sha256(repr((ranker.names, ranker.intercept)).encode())
    for learnt in (ranker.coefficients, ranker.least, ranker.most):
        digest.update(learnt.tobytes())
    return digest.hexdigest()


def _record(
    tables: Tables,
    graph: EcosystemGraph,
    finder: TeamFinder,
    parameters: dict[str, Any],
    model: dict[str, Any],
    teams: Mapping[str, Team | Refused],
) -> dict[str, Any]:
    formed = [team for team in teams.values() if isinstance(team, Team)]
    counts = {
        "partners": graph.n_partners,
        "requirements": len(teams),
        "teams": len(formed),
        "members": sum(len(team.team) for team in formed),
    }
    left_out = {
        **known_left_out(tables, graph, finder.admission.eligibility),
        "requirements refused": len(teams) - len(formed),
        "capabilities without an owner": sum(len(team.uncovered) for team in formed),
    }
    there = {what: n for what, n in left_out.items() if n}
    room = finder.admission.room
    more = {} if room is None else {"capacity": room.account(graph)}
    return sealed_record(tables, graph, parameters, model, counts, there, more)
