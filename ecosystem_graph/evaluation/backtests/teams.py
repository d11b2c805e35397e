"""The back-test of teams: the teams of later deals, proposed from what was known before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.later_deals import later_deals
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.evaluation.summary import against_best, intervals
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking.training.requirement_set import LedDeals
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.requests.requirement import Requirement
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables import Tables
from ecosystem_graph.teams import TeamFinder, TeamWeights
from ecosystem_graph.teams.requirement.team_requirement import Joining, TeamRequirement

Positions = NDArray[np.intp]
Values = NDArray[np.float64]

#: Members looked for at most; larger consortia count as this large.
LARGEST = 20

#: What is measured of each team.
MEASURES = ("precision", "recall", "owned", "strength", "density")


@dataclass(frozen=True, slots=True)
class TeamBacktest(Printed):
    """A back-test of teams.

    Attributes
    ----------
    cutoff, until : date
        What was known before the one was proposed, what happened before the other counts.
    n_partners : int
        Partners that could be proposed.
    n_teams : int
        Later deals, each with a team.
    size : float
        Mean size of the real teams, their leads included, as far as their members are in the graph.
    metrics : dict of str to dict of str to Interval
        By method, then by measure: mean over teams with its 95 % bootstrap interval, all 0..1.
        `precision` and `recall` of the members besides the lead; `owned`, the share of the demand
        that somebody in the team holds something for, and `strength`, how strongly; `density`, the
        share of pairs that have won together before. `real` are the teams that came about.
    best_baseline : str
        The one with the highest precision.
    ratio : Interval
        The precision of the model over that of the best baseline, paired over teams.
    """

    cutoff: date
    until: date
    n_partners: int
    n_teams: int
    size: float
    metrics: dict[str, dict[str, Interval]]
    best_baseline: str
    ratio: Interval


def team_backtest(
    tables: Tables,
    protocol: BacktestProtocol,
    *,
    model: FittedModel | None = None,
    weights: TeamWeights | None = None,
    progress: Progress = silent,
) -> TeamBacktest:
    """Propose teams for later deals, from what was known at a cutoff.

    Of each deal the lead, the requirements, the territory and the industry are given, and the
    number of other members (20 at most); every method proposes as many, except for `owners`: the
    teams formed by default, in which every member but the lead owns something.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    protocol : BacktestProtocol
        Its `k` does not matter.
    model : FittedModel, optional
        One fitted on nothing later than the cutoff; one is fitted unless given.
    weights : TeamWeights, optional
        By default those of the model of winning.
    progress : Progress, optional
        Called with the name of each stage.

    Returns
    -------
    TeamBacktest

    Raises
    ------
    HistoryError
        If there are no such deals, too few before the cutoff to learn from, or the model was
        fitted on days after it.
    """
    later = later_deals(tables, protocol, model, progress)
    weights = weights or TeamWeights.of(later.winning)
    finder = TeamFinder(later.ranker[0].finder.features, later.ranker, weights=weights)
    requirements, real = _requirements(finder, later.deals)
    if not requirements:
        raise HistoryError(
            f"nothing to test on: no deal won after {protocol.cutoff} requires a capability that "
            "was in the tables before."
        )
    sizes = [min(len(others), LARGEST) for others in real]
    progress("teams")
    teams = _model_teams(finder, requirements, sizes)
    baselines = _baselines(finder.features)
    for name, score in baselines.items():
        progress(name)
        teams[name] = [
            _allowed(finder, requirement, score(requirement, n), n)
            for requirement, n in zip(requirements, sizes, strict=True)
        ]
    teams["real"] = real
    measures = {
        name: _measured(finder.features, requirements, proposed, real)
        for name, proposed in teams.items()
    }
    precision = {name: values["precision"] for name, values in measures.items()}
    best_baseline, ratio = against_best(precision, baselines, protocol.seed)
    return TeamBacktest(
        cutoff=protocol.cutoff,
        until=protocol.until or date.max,
        n_partners=int(later.deals.open_to.sum()),
        n_teams=len(requirements),
        size=1.0 + float(np.mean([len(others) for others in real])),
        metrics={name: intervals(values, protocol.seed) for name, values in measures.items()},
        best_baseline=best_baseline,
        ratio=ratio,
    )


def _model_teams(
    finder: TeamFinder, requirements: Sequence[TeamRequirement], sizes: Sequence[int]
) -> dict[str, list[Positions]]:
    """Members beside the lead: of filled teams, of teams of owners, and the most likely to join."""
    joining = finder.joining(requirements)
    led = list(zip(requirements, joining, sizes, strict=True))
    nobody = np.empty(0, dtype=np.intp)
    return {
        "model": [_formed(finder, requirement, one, n + 1) for requirement, one, n in led],
        "owners": [_formed(finder, requirement, one, None) for requirement, one, _ in led],
        "likeliest": [
            nobody if one is None else _best(one.partners, one.log_odds, n) for _, one, n in led
        ],
    }


def _requirements(
    finder: TeamFinder, deals: LedDeals
) -> tuple[list[TeamRequirement], list[Positions]]:
    """Requirements of the deals that name a known capability, and their members but the lead."""
    graph, required = finder.features.graph, deals.needs
    industries, _ = graph.industries
    found, others = [], []
    for row, lead in enumerate(required.leads):
        asked, territory, industry = (
            part[[row]] for part in (required.asked, required.territories, required.industries)
        )
        if not asked.nnz:
            continue
        ids = graph.taxonomy.ids.gather(asked.indices.astype(np.int64)).to_list()
        requirement = Requirement(
            capabilities=dict(zip(ids, asked.data.tolist(), strict=True)),
            territory=str(graph.market_codes[territory.indices[0]]) if territory.nnz else None,
            industry=str(industries[industry.indices[0]]) if industry.nnz else None,
            lead=str(graph.index.ids[lead]),
        )
        found.append(finder.resolved(requirement))
        others.append(deals.members[[row]].indices.astype(np.intp))
    return found, others


def _formed(
    finder: TeamFinder, requirement: TeamRequirement, joining: Joining | None, size: int | None
) -> Positions:
    """Who is proposed beside the lead."""
    solution = finder.solution(requirement, joining, size=size)
    members: Positions = solution.problem.partners[solution.teams[0]]
    others: Positions = members[members != requirement.lead]
    return others


def _best(partners: Positions, scores: Values, n: int) -> Positions:
    """Those with the highest scores, the first among equals."""
    return partners[np.lexsort((partners, -scores))[:n]]


#: Scores of all partners for a requirement and a number of members.
TeamBaseline = Callable[[TeamRequirement, int], Values]


def _baselines(features: GraphFeatures) -> Mapping[str, TeamBaseline]:
    """Scores of everybody for a requirement."""
    popular = features.delivered_share.tocsc()
    held = features.graph.held.tocsc()
    return {
        "popularity_within_requirement": lambda requirement, _: (
            popular[:, requirement.capabilities] @ requirement.shares
        ),
        "past_partners": lambda requirement, _: features.ties[[requirement.lead]].toarray()[0],
        "greedy_cover": lambda requirement, n: _greedy_cover(
            held[:, requirement.capabilities].toarray(), requirement, n
        ),
    }


def _greedy_cover(held: Values, requirement: TeamRequirement, n: int) -> Values:
    """Scores by which those come first who add most to the demand covered, one after another.

    ``sum over capabilities of share * (1 - product over members of (1 - strength))``: the chance
    that somebody on the team can, were strengths chances.
    """
    open_demand = requirement.shares * (1.0 - held[requirement.lead])
    scores = np.zeros(len(held))
    scores[requirement.lead] = -np.inf
    # Some more than wanted, for those that may not be proposed.
    for place in range(4 * n):
        gain = held @ open_demand
        gain[scores != 0] = -np.inf
        best = int(gain.argmax())
        scores[best] = 4 * n - place
        open_demand = open_demand * (1.0 - held[best])
    return scores


def _allowed(finder: TeamFinder, requirement: TeamRequirement, scores: Values, n: int) -> Positions:
    """The best of those that may be proposed to the lead."""
    leads = np.full(len(scores), requirement.lead)
    allowed = finder.admission.eligibility.permits(leads, np.arange(len(scores)))
    who = np.flatnonzero(allowed & (scores > 0))
    return _best(who, scores[who], n)


def _measured(
    features: GraphFeatures,
    requirements: list[TeamRequirement],
    proposed: list[Positions],
    real: list[Positions],
) -> dict[str, Values]:
    """Every measure of every team, shape (n_teams,) each."""
    graph = features.graph
    rows = np.zeros((len(requirements), len(MEASURES)))
    for row, requirement, team, others in zip(rows, requirements, proposed, real, strict=True):
        hits = np.isin(team, others).sum()
        members = np.append(team, requirement.lead)
        held = graph.held[members][:, requirement.capabilities].toarray().max(axis=0)
        left, right = np.triu_indices(len(members), 1)
        tied = entries_at(graph.adjacency, members[left], members[right]) > 0
        row[:] = (
            hits / max(len(team), 1),
            hits / len(others),
            requirement.shares @ (held > 0),
            requirement.shares @ held,
            tied.mean() if len(tied) else 0.0,
        )
    return dict(zip(MEASURES, rows.T, strict=True))
