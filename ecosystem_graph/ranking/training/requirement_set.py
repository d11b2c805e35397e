"""Training pairs for requirements: past deals with a lead, and the partners that joined it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.arrays.fingerprints import mixed, uniform
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.ranking.candidates import CandidateFinder
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.standardizer import list_z_scores
from ecosystem_graph.ranking.training.training_set import TrainingSet, fit_ranker, joined
from ecosystem_graph.signals.features.requirements import Requirements
from ecosystem_graph.tables import Tables
from ecosystem_graph.tables.roles import LEADING, ROLE

#: Largest and least number of deals to train on.
MOST_DEALS = 3_000
_FEWEST_DEALS = 50

#: Share of the candidates that did not join that is sampled.
_KEPT_OF_REST = 0.25


@dataclass(frozen=True, eq=False, slots=True)
class LedDeals:
    """Deals with a lead and others, as of a day before they were won.

    Attributes
    ----------
    needs : Requirements
    members : csr_array of shape (n_needs, n_partners)
        1 for those that won with the lead.
    open_to : ndarray of bool, shape (n_partners,)
        Partners that could have been proposed.
    """

    needs: Requirements
    members: csr_array
    open_to: NDArray[np.bool_]


def led_deals(
    finder: CandidateFinder, tables: Tables, until: date, n_deals: int, rng: np.random.Generator
) -> LedDeals | None:
    """Deals won from a graph's day on and before another, whose lead is known.

    Parameters
    ----------
    finder : CandidateFinder
        Of the graph as it was on the day.
    tables : Tables
        Everything on record, later deals included.
    until : datetime.date
    n_deals : int
        Drawn at most.
    rng : numpy.random.Generator

    Returns
    -------
    LedDeals or None
        None where no deal names a lead and somebody else, both of them there on the day.
    """
    features = finder.features
    graph = features.graph
    ids = graph.tables["partners"]["partner_id"]
    won = tables["deals"].filter(
        (pl.col("outcome") == "won")
        & (pl.col("closed_on") >= graph.as_of)
        & (pl.col("closed_on") < until)
    )
    on = tables["deal_partners"].join(won, on="deal_id", how="semi")
    on = on.filter(pl.col("partner_id").is_in(ids.filter(finder.open_to).implode()))
    leading = on.filter(ROLE.is_in(LEADING))
    leads = leading.sort("partner_id").group_by("deal_id").first().select("deal_id", "partner_id")
    others = on.join(leads, on=["deal_id", "partner_id"], how="anti")
    others = others.join(leads, on="deal_id", how="semi")
    asking = tables["deal_requirements"]["deal_id"].implode()
    deals = leads.filter(
        pl.col("deal_id").is_in(others["deal_id"].implode()) & pl.col("deal_id").is_in(asking)
    ).sort("deal_id")
    if deals.is_empty():
        return None
    if deals.height > n_deals:
        deals = deals[np.sort(rng.choice(deals.height, n_deals, replace=False))]
    facts = deals.join(won, on="deal_id", maintain_order="left").select(
        "territory", "industry", need_id="deal_id"
    )
    asked = tables["deal_requirements"].filter(pl.col("deal_id").is_in(deals["deal_id"].implode()))
    asked = asked.select("capability_id", "weight", need_id="deal_id")
    needs = Requirements.of(features, graph.index.encode(deals["partner_id"]), facts, asked)
    others = others.filter(pl.col("deal_id").is_in(deals["deal_id"].implode()))
    members = label_matrix(others["deal_id"], deals["deal_id"], others["partner_id"], ids)
    members.data[:] = 1.0  # in however many roles
    return LedDeals(needs, members, finder.open_to)


def requirement_set(
    matcher: RequirementRanker, deals: LedDeals, rng: np.random.Generator
) -> TrainingSet:
    """Candidates of deals, with who joined: all that did, and a quarter of the rest."""
    matches = matcher.candidates(deals.needs)
    won = entries_at(deals.members, matches.rows, matches.targets) > 0
    graph = matcher.finder.features.graph
    sides = graph.fingerprints[matches.targets] + mixed(matches.rows)
    kept = np.flatnonzero(won | (uniform(mixed(sides, int(rng.integers(2**32)))) < _KEPT_OF_REST))
    kept = kept[np.lexsort((graph.tie_rank[matches.targets[kept]], matches.rows[kept]))]
    matches, won = matches.chosen(kept), won[kept]
    scale, values = matcher.usual_scale(), matcher.values_in_chunks(deals.needs, matches)
    weight = np.where(won, 1.0, 1.0 / _KEPT_OF_REST)
    z = list_z_scores(scale, values, matches.rows, weight)
    return TrainingSet(scale, matches.rows, matches.targets, z, won, weight)


def fit_requirement_ranker(sets: Sequence[TrainingSet], n_deals: int) -> AdditiveRanker:
    """Learn who joins the lead of a deal, by what it asks for.

    Parameters
    ----------
    sets : sequence of TrainingSet
        From :func:`requirement_set`.
    n_deals : int
        Deals they hold.

    Raises
    ------
    HistoryError
        If there are fewer than 50 deals to learn from.
    """
    if n_deals < _FEWEST_DEALS:
        raise HistoryError(
            f"too little history to rank for a requirement: {n_deals} won deals with requirements "
            f"name a lead ({', '.join(LEADING)}) and somebody else, at least {_FEWEST_DEALS} are "
            "needed. Rank without one, or use a model that learnt it."
        )
    return fit_ranker(joined(sets))
