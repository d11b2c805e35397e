"""The team job: a team for each of one or many requirements, with a record to replay it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from ecosystem_graph.errors import EcosystemGraphError, RequirementError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs.record import known_left_out, sealed_record
from ecosystem_graph.jobs.stages import Stages, measured
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.recommending.fitted_model import DEFAULTS, candidate_finder
from ecosystem_graph.recommending.graph_ranker import DEFAULT_REQUEST, GraphRanker
from ecosystem_graph.recommending.model_source import choose_model
from ecosystem_graph.recommending.requests.request import Request, ResolvedRequest
from ecosystem_graph.recommending.requests.requirement import Requirement, requirement_of_deal
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables import Tables
from ecosystem_graph.teams.describe import describe_team
from ecosystem_graph.teams.finder import TeamFinder
from ecosystem_graph.teams.requirement.team_requirement import TeamRequirement
from ecosystem_graph.teams.rules.admission import Admission
from ecosystem_graph.teams.rules.weights import TeamWeights
from ecosystem_graph.teams.team import Team
from ecosystem_graph.teams.why_not import TeamWhyNot, why_not_in_team

#: Time limit in seconds for proving one team optimal.
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Refused:
    """A requirement for which no team can be formed, with the reason."""

    requirement: Requirement
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values in the schema of a team without members."""
        requirement = asdict(self.requirement)
        return {"schema": 1, "requirement": requirement, "team": [], "refused": self.why}


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamOptions:
    """How teams are formed, beside the filters of a :class:`Request`.

    Attributes
    ----------
    size : int or None
        Size of every team; members who own no capability are listed as support. None for the
        size the requirement needs.
    min_satisfaction : float, default 0
        Partners with a satisfaction, 0..1, below it are not proposed.
    alternatives : int, default 3
        Next best teams given with each.
    seconds : float or None
        Time limit for proving one team optimal; by default 5 for one requirement and 0, no proof,
        for several.
    why_not : str or None
        Id or exact name of a partner, to explain why it is not in the team. For one requirement.
    """

    size: int | None = None
    min_satisfaction: float = 0.0
    alternatives: int = 3
    seconds: float | None = None
    why_not: str | None = None


#: The best team of any size, and three more.
BEST = TeamOptions()


@dataclass(frozen=True, slots=True)
class TeamRun(Printed):
    """Result of a team job.

    Attributes
    ----------
    teams : dict of str to Team or Refused
        By the id of the requirement, in the order given.
    graph : EcosystemGraph
    record : dict
        Content of `run.json`.
    timings : dict of str to dict
        Of each stage: `seconds`, `peak_memory_bytes` and `rows`.
    why_not : TeamWhyNot or None
        Why the partner of `options.why_not` is not in the team; None without that option.
    """

    teams: dict[str, Team | Refused]
    graph: EcosystemGraph
    record: dict[str, Any]
    timings: dict[str, dict[str, Any]]
    why_not: TeamWhyNot | None = None


def form_teams(
    tables: Tables,
    requirements: Mapping[str, Requirement] | None = None,
    request: Request = DEFAULT_REQUEST,
    *,
    options: TeamOptions = BEST,
    as_of: date | str | None = None,
    model: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> TeamRun:
    """Form a team for each requirement as of a day, with a record to replay it.

    Requirements are served in their order: each gets the best team found among the partners with
    capacity left. Leading a team uses no capacity.

    Parameters
    ----------
    tables : Tables
    requirements : mapping of str to Requirement, optional
        By id. If a single one cannot be served, an error is raised; of several, it is refused.
    request : Request, optional
        Filters, pair rule, capacity, days of rest and limit on competition apply to all members. A
        `deal` replaces `requirements` by the deal's own; a partner, at most one, replaces the lead
        of the requirement or deal.
    options : TeamOptions, optional
    as_of : datetime.date or ISO str, optional
        By default :meth:`Tables.default_as_of`.
    model : str, optional
        A model's folder or the name of one that ships. By default one is fitted to the tables if
        any requirement has a lead; if they hold too little history, `default` is used.
    seed : int, default 0
    progress : Progress, optional
        Called with each stage and its progress.

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
        If no date is given and the tables hold none, or the model has no ranker for
        requirements.
    ValueError
        If both requirements and a deal are given, or neither is.
    """
    with measured(progress) as stages:
        stages("building the graph")
        graph = EcosystemGraph.from_tables(tables, as_of)
        stages.rows = graph.n_partners
        requested = _requirements(graph, requirements, request)
        options = _settled(
            options, graph, n_requested=1 if request.deal is not None else len(requested)
        )
        resolved = replace(request, deal=None, requirement=None, partners=None).on(graph)
        checker = _finder(GraphFeatures(graph), None, TeamWeights(), resolved, options)
        needs, teams = _needs(checker, requested, options.size, strict=len(requested) == 1)
        led = any(need.lead >= 0 for need in needs.values())
        stages("learning from the past" if model is None and led else "deriving signals")
        finder, facts = _finder_by(tables, resolved, options, model, seed, led=led)
        formed, why_not = _formed(finder, needs, options, stages)
        teams = {name: (teams | formed)[name] for name in requested}
        stages.rows = len(teams)
        stages.end()
    parameters = {
        **resolved.parameters(),
        "deal": request.deal,
        "lead": request.partners[0] if request.partners else None,
        **asdict(options),
        "seed": seed,
        "weights": asdict(finder.weights),
        "requirements": {name: one.as_dict() for name, one in requested.items()},
    }
    record = _record(tables, graph, finder, parameters, facts, teams)
    return TeamRun(teams, graph, record, stages.summary(), why_not)


def _settled(options: TeamOptions, graph: EcosystemGraph, *, n_requested: int) -> TeamOptions:
    """The options with the time limit for the number of requested teams.

    Raises
    ------
    ValueError
        If `why_not` is given with several requirements.
    UnknownPartnerError
        If that partner is not in the graph; raised before a model is fitted.
    """
    if options.why_not is not None:
        if n_requested > 1:
            raise ValueError("why_not is about one team. Give one requirement.")
        graph.index.position(options.why_not)
    if options.seconds is not None:
        return options
    return replace(options, seconds=SECONDS if n_requested == 1 else 0.0)


def _finder_by(
    tables: Tables,
    resolved: ResolvedRequest,
    options: TeamOptions,
    model: str | None,
    seed: int,
    *,
    led: bool,
) -> tuple[TeamFinder, dict[str, Any]]:
    """Team finder with the model that ranks partners for leads, and the facts of that model."""
    graph = resolved.graph
    if not led and model is None:
        features = candidate_finder({**DEFAULTS, "random_state": seed}, graph).features
        return _finder(features, None, TeamWeights(), resolved, options), {
            "name": "none",
            "why": "no requirement has a lead",
        }
    chosen = choose_model(tables, graph.as_of, model, seed=seed, for_requirements=True)
    ranker = GraphRanker(chosen.model, graph)
    learnt = ranker.requirement_ranker if led else None
    weights = TeamWeights.of(chosen.model.winning)
    return _finder(ranker.features, learnt, weights, resolved, options), chosen.facts


def _finder(
    features: GraphFeatures,
    learnt: tuple[RequirementRanker, AdditiveRanker] | None,
    weights: TeamWeights,
    resolved: ResolvedRequest,
    options: TeamOptions,
) -> TeamFinder:
    request = resolved.request
    admission = Admission(
        features,
        capacity=request.reranking.capacity,
        rest_days=request.reranking.rest_days,
        stale_days=request.reranking.stale_days,
        min_satisfaction=options.min_satisfaction,
        max_competition=request.max_competition,
        open_to=resolved.open_to,
        pair_mask=resolved.pair_mask,
    )
    return TeamFinder(features, learnt, weights=weights, admission=admission)


def _formed(
    finder: TeamFinder, needs: Mapping[str, TeamRequirement], options: TeamOptions, stages: Stages
) -> tuple[dict[str, Team | Refused], TeamWhyNot | None]:
    """A team for each requirement, in order, and why a partner is not in the team."""
    joining = dict(zip(needs, finder.joining(list(needs.values())), strict=True))
    teams: dict[str, Team | Refused] = {}
    why_not, seconds = None, options.seconds or 0.0
    stages("forming teams")
    for name, need in needs.items():
        choice = finder.solution(
            need,
            joining[name],
            size=options.size,
            seconds=seconds,
            n_alternatives=options.alternatives,
        )
        proposed = choice.problem.partners[choice.teams[0]]
        finder.admission.take(proposed[proposed != need.lead])
        teams[name] = describe_team(finder, choice)
        if options.why_not is not None:
            why_not = why_not_in_team(finder, choice, options.why_not, seconds=seconds)
        stages("forming teams", 1, len(needs))
    return teams, why_not


def _requirements(
    graph: EcosystemGraph, requirements: Mapping[str, Requirement] | None, request: Request
) -> dict[str, Requirement]:
    """Requirements by id, with the lead that the request names."""
    if (requirements is not None) + request.for_requirement != 1:
        raise ValueError("either requirements or a deal must be given, not both.")
    if request.partners is not None and len(request.partners) != 1:
        raise ValueError(f"a team has one lead. Got {len(request.partners)} partners.")
    if request.deal is not None:
        # Current members of the deal may be proposed like all other partners.
        requested = {request.deal: replace(requirement_of_deal(graph, request.deal), exclude=())}
    elif request.requirement is not None:
        requested = {"requirement": request.requirement}
    else:
        requested = dict(requirements or {})
    if request.partners is None:
        return requested
    return {name: replace(one, lead=request.partners[0]) for name, one in requested.items()}


def _needs(
    finder: TeamFinder, requested: Mapping[str, Requirement], size: int | None, *, strict: bool
) -> tuple[dict[str, TeamRequirement], dict[str, Team | Refused]]:
    """Requirements for which a team can be formed, and refused ones."""
    needs: dict[str, TeamRequirement] = {}
    refused: dict[str, Team | Refused] = {}
    for name, requirement in requested.items():
        try:
            limit = requirement.max_size
            if size is not None and limit is not None and size > limit:
                raise RequirementError(f"a team of {size} is more than its max_size, {limit}.")
            needs[name] = finder.resolved(requirement)
        except EcosystemGraphError as error:
            if strict:
                raise
            refused[name] = Refused(requirement, str(error))
    return needs, refused


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
    counted = {reason: n for reason, n in left_out.items() if n}
    room = finder.admission.room
    more = {} if room is None else {"capacity": room.summary(graph)}
    return sealed_record(tables, graph, parameters, model, counts=counts, left_out=counted, **more)
