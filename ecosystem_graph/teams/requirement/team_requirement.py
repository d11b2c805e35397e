"""One requirement as the graph sees it: positions, shares, a market, who leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.errors import RequirementError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.recommending.requirement import Requirement, unheard_of
from ecosystem_graph.signals.features.requirements import Needs
from ecosystem_graph.tables import did_you_mean
from ecosystem_graph.teams.rules.admission import Admission
from ecosystem_graph.teams.rules.market import TeamMarket

Positions = NDArray[np.intp]
Values = NDArray[np.float64]

#: Needs that are scored together.
_TOGETHER = 32


@dataclass(frozen=True, eq=False, slots=True)
class TeamNeed:
    """A requirement a team can be sought for.

    Attributes
    ----------
    requirement : Requirement
    lead : int
        Position; -1 where nobody leads.
    excluded : ndarray of int
        Positions of partners to be left out.
    asked : ndarray of shape (n_asked,)
        Positions of the capabilities asked for that are heard of.
    shares : ndarray of shape (n_asked,)
        Each one's share of what is asked for, > 0; they sum to 1.
    unheard : list of str
        Capabilities asked for that are not.
    market : TeamMarket
    """

    requirement: Requirement
    lead: int
    excluded: Positions
    asked: Positions
    shares: Values
    unheard: list[str]
    market: TeamMarket


def team_need(admission: Admission, requirement: Requirement) -> TeamNeed:
    """The requirement over a graph, refused if no team can be sought for it.

    Raises
    ------
    RequirementError
        If nobody has heard of any capability asked for, or the lead may not lead.
    UnknownPartnerError
        If the lead or somebody to leave out is not in the graph.
    """
    graph = admission.features.graph
    led = [] if requirement.lead is None else [requirement.lead]
    named = graph.index.positions([*led, *requirement.exclude])
    lead, excluded = (int(named[0]), named[1:]) if led else (-1, named)
    unheard = unheard_of(graph, requirement)
    heard = {name: w for name, w in requirement.capabilities.items() if name not in unheard}
    if not heard:
        there = graph.taxonomy.ids.to_list()
        raise RequirementError(
            "no required capability is in the tables: "
            + " ".join(f"{name!r}.{did_you_mean(name, there)}" for name in unheard)
        )
    if lead >= 0:
        admission.lead(lead, excluded)
    weights = np.array(list(heard.values()))
    return TeamNeed(
        requirement=requirement,
        lead=lead,
        excluded=excluded,
        asked=np.array([graph.taxonomy.ids.search_sorted(name) for name in heard], dtype=np.intp),
        shares=weights / weights.sum(),
        unheard=unheard,
        market=admission.market(requirement.territory),
    )


@dataclass(frozen=True, eq=False, slots=True)
class Joining:
    """Partners that could join the lead of a need, and the log-odds that they would."""

    partners: Positions
    log_odds: Values


def joining(
    matcher: RequirementRanker, ranker: AdditiveRanker, needs: Sequence[TeamNeed]
) -> list[Joining | None]:
    """What was learnt of who joins the lead of each need; None for needs without a lead."""
    led = np.array([place for place, need in enumerate(needs) if need.lead >= 0], dtype=np.intp)
    told: list[Joining | None] = [None] * len(needs)

    def scored(shard: Positions) -> list[Joining]:
        matches, scores = matcher.scored(ranker, as_needs(matcher, [needs[i] for i in shard]))
        bounds = np.searchsorted(matches.rows, np.arange(len(shard) + 1))
        return [
            Joining(matches.targets[begin:end], scores[begin:end])
            for begin, end in pairwise(bounds)
        ]

    for shard, found in map_chunks(scored, led, size=_TOGETHER):
        for place, one in zip(shard, found, strict=True):
            told[place] = one
    return told


def as_needs(matcher: RequirementRanker, needs: Sequence[TeamNeed]) -> Needs:
    """The needs as the ranker's signals read them."""
    features = matcher.finder.features
    graph: EcosystemGraph = features.graph
    ids = [str(place) for place in range(len(needs))]
    facts = pl.DataFrame(
        {
            "need_id": ids,
            "territory": [need.requirement.territory for need in needs],
            "industry": [need.requirement.industry for need in needs],
        },
        schema=dict.fromkeys(("need_id", "territory", "industry"), pl.String),
    )
    of = np.repeat(np.arange(len(needs)), [len(need.asked) for need in needs])
    asked = pl.DataFrame(
        {
            "need_id": pl.Series(ids).gather(of),
            "capability_id": graph.taxonomy.ids.gather(
                np.concatenate([need.asked for need in needs])
            ),
            "weight": np.concatenate([need.shares for need in needs]),
        }
    )
    leads = np.array([need.lead for need in needs], dtype=np.intp)
    return Needs.of(features, leads, facts, asked)
