"""A requirement resolved on a graph: positions, shares, a market, the lead."""

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
from ecosystem_graph.recommending.requests.requirement import Requirement, unknown_capabilities
from ecosystem_graph.signals.features.requirements import Requirements
from ecosystem_graph.tables import did_you_mean
from ecosystem_graph.teams.rules.admission import Admission
from ecosystem_graph.teams.rules.market import TeamMarket

Positions = NDArray[np.intp]
Values = NDArray[np.float64]

#: Requirements that are scored together.
_TOGETHER = 32


@dataclass(frozen=True, eq=False, slots=True)
class TeamRequirement:
    """A requirement resolved on a graph.

    Attributes
    ----------
    stated : Requirement
        As the customer states it.
    lead : int
        Position; -1 without a lead.
    excluded : ndarray of int
        Positions of excluded partners.
    capabilities : ndarray of shape (n_required,)
        Positions of the required capabilities that are in the tables.
    shares : ndarray of shape (n_required,)
        Their shares of the total weight, > 0; they sum to 1.
    unknown : list of str
        Required capabilities that are not in the tables.
    market : TeamMarket
    """

    stated: Requirement
    lead: int
    excluded: Positions
    capabilities: Positions
    shares: Values
    unknown: list[str]
    market: TeamMarket


def resolved_requirement(admission: Admission, requirement: Requirement) -> TeamRequirement:
    """A requirement resolved on a graph, refused if no team can be formed for it.

    Raises
    ------
    RequirementError
        If no required capability is in the tables, or the lead may not lead.
    UnknownPartnerError
        If the lead or an excluded partner is not in the graph.
    """
    graph = admission.features.graph
    led = [] if requirement.lead is None else [requirement.lead]
    named = graph.index.positions([*led, *requirement.exclude])
    lead, excluded = (int(named[0]), named[1:]) if led else (-1, named)
    unknown = unknown_capabilities(graph, requirement)
    known = {name: w for name, w in requirement.capabilities.items() if name not in unknown}
    if not known:
        ids = graph.taxonomy.ids.to_list()
        raise RequirementError(
            "no required capability is in the tables: "
            + " ".join(f"{name!r}.{did_you_mean(name, ids)}" for name in unknown)
        )
    if lead >= 0:
        admission.lead(lead, excluded)
    weights = np.array(list(known.values()))
    return TeamRequirement(
        stated=requirement,
        lead=lead,
        excluded=excluded,
        capabilities=np.array(
            [graph.taxonomy.ids.search_sorted(name) for name in known], dtype=np.intp
        ),
        shares=weights / weights.sum(),
        unknown=unknown,
        market=admission.market(requirement.territory),
    )


@dataclass(frozen=True, eq=False, slots=True)
class Joining:
    """Partners that could join the lead of a requirement, and the log-odds that they do."""

    partners: Positions
    log_odds: Values


def joining(
    matcher: RequirementRanker, ranker: AdditiveRanker, requirements: Sequence[TeamRequirement]
) -> list[Joining | None]:
    """Partners that could join the lead of each requirement; None for one without a lead."""
    led = np.array(
        [place for place, requirement in enumerate(requirements) if requirement.lead >= 0],
        dtype=np.intp,
    )
    found_by_place: list[Joining | None] = [None] * len(requirements)

    def scored(shard: Positions) -> list[Joining]:
        matches, scores = matcher.scored(
            ranker, as_requirement_set(matcher, [requirements[i] for i in shard])
        )
        bounds = np.searchsorted(matches.rows, np.arange(len(shard) + 1))
        return [
            Joining(matches.targets[begin:end], scores[begin:end])
            for begin, end in pairwise(bounds)
        ]

    for shard, found in map_chunks(scored, led, size=_TOGETHER):
        for place, one in zip(shard, found, strict=True):
            found_by_place[place] = one
    return found_by_place


def as_requirement_set(
    matcher: RequirementRanker, requirements: Sequence[TeamRequirement]
) -> Requirements:
    """The requirements as the ranker's signals read them."""
    features = matcher.finder.features
    graph: EcosystemGraph = features.graph
    ids = [str(place) for place in range(len(requirements))]
    facts = pl.DataFrame(
        {
            "need_id": ids,
            "territory": [requirement.stated.territory for requirement in requirements],
            "industry": [requirement.stated.industry for requirement in requirements],
        },
        schema=dict.fromkeys(("need_id", "territory", "industry"), pl.String),
    )
    of = np.repeat(
        np.arange(len(requirements)),
        [len(requirement.capabilities) for requirement in requirements],
    )
    asked = pl.DataFrame(
        {
            "need_id": pl.Series(ids).gather(of),
            "capability_id": graph.taxonomy.ids.gather(
                np.concatenate([requirement.capabilities for requirement in requirements])
            ),
            "weight": np.concatenate([requirement.shares for requirement in requirements]),
        }
    )
    leads = np.array([requirement.lead for requirement in requirements], dtype=np.intp)
    return Requirements.of(features, leads, facts, asked)
