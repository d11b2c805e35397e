"""Deals that ended, described by what was known of their teams shortly before they were opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at, row_of_entries, tidy
from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.graph.matrices import deal_incidence, declared_strength, requirement_weights
from ecosystem_graph.graph.taxonomy import Taxonomy
from ecosystem_graph.ranking.value.learning.snapshots import Snapshot
from ecosystem_graph.ranking.value.winning import LEVELS, coverage_levels
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.tables import Tables

#: A team larger than this says little of its pairs: its members hardly meet.
_LARGEST_TEAM = 60


@dataclass(frozen=True, eq=False, slots=True)
class PastDeals:
    """Teams of deals that were won or lost.

    Attributes
    ----------
    x : ndarray of shape (n_deals, n_terms)
        Terms of winning, in the order of :data:`~ecosystem_graph.ranking.value.winning.TERMS`.
    facts : polars.DataFrame
        One row per deal: deal_id, won (bool), opened_on, customer_id, territory, industry,
        log_amount (null where unknown), covered_later (share of the requirements that the team
        held only after the deal was opened).
    """

    x: NDArray[np.float64]
    facts: pl.DataFrame

    @classmethod
    def joined(cls, parts: Sequence["PastDeals"]) -> "PastDeals":
        """The deals of several snapshots."""
        return cls(np.vstack([one.x for one in parts]), pl.concat([one.facts for one in parts]))


def closed_deals(tables: Tables, day: date) -> pl.DataFrame:
    """Deals won or lost before a day, with the day each was opened, by id.

    A deal that does not say when it was opened counts as opened on the day it closed.
    """
    outcome = pl.col("outcome").cast(pl.String)
    return (
        tables["deals"]
        .filter(outcome.is_in(["won", "lost"]), pl.col("closed_on") < day)
        .with_columns(won=outcome == "won", opened_on=pl.coalesce("opened_on", "closed_on"))
        .sort("deal_id")
    )


def past_deals(tables: Tables, deals: pl.DataFrame, snapshot: Snapshot, day: date) -> PastDeals:
    """Deals opened in the time of a snapshot, described by its graph.

    Parameters
    ----------
    tables : Tables
    deals : polars.DataFrame
        From :func:`closed_deals`.
    snapshot : Snapshot
    day : datetime.date
        What partners declared between the snapshot and this day is kept apart: it may have been
        true all along, or a consequence of the deal.

    Returns
    -------
    PastDeals
        Deals with requirements and with at least one partner of the snapshot.
    """
    features, graph = snapshot.features, snapshot.features.graph
    opened = deals.filter(
        pl.col("opened_on") >= snapshot.since, pl.col("opened_on") < snapshot.until
    )
    partners, ids = graph.tables["partners"]["partner_id"], opened["deal_id"]
    # A requirement that nobody had heard of before the snapshot is one that nobody covered.
    capabilities = Taxonomy.from_tables(tables).ids
    members = tidy(csr_array(deal_incidence(tables, partners, ids).T))
    required = tidy(requirement_weights(tables, ids, capabilities))
    size = np.diff(members.indptr)
    kept = np.flatnonzero((size > 0) & (size <= _LARGEST_TEAM) & (np.diff(required.indptr) > 0))
    opened, members, required = opened[kept], members[kept], required[kept]
    declared = tables["partner_capabilities"].filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") < day)
    )
    later = declared_strength(declared, partners, capabilities)
    place = encode(graph.taxonomy.ids, capabilities)
    held = csr_array((graph.held.data, place[graph.held.indices], graph.held.indptr), later.shape)
    covered, covered_later = _coverage(members, required, held, later)
    trust, competition = _between_members(features, members)
    size = np.maximum(np.diff(members.indptr), 1)
    satisfied = members @ features.satisfaction.above_average / size
    local = _presence(features, members, opened["territory"])
    x = np.column_stack([covered, satisfied, trust, competition, local, np.log(size)])
    amount = pl.col("amount").cast(pl.Float64)
    facts = opened.select(
        "deal_id",
        "won",
        "opened_on",
        "customer_id",
        "territory",
        "industry",
        log_amount=pl.when(amount > 0).then(amount.log()),
        covered_later=pl.Series(covered_later, dtype=pl.Float64),
    )
    return PastDeals(x, facts)


def _coverage(
    members: csr_array, required: csr_array, held: csr_array, later: csr_array
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of each deal's requirements covered at each level, and only later."""
    deal, capability = row_of_entries(required), required.indices
    n_members = np.diff(members.indptr)[deal]
    ends = np.cumsum(n_members)
    first = np.repeat(members.indptr[deal] - (ends - n_members), n_members)
    member = members.indices[first + np.arange(ends[-1] if len(ends) else 0)]
    asked = np.repeat(capability, n_members)
    starts = ends - n_members
    best, best_later = (
        np.maximum.reduceat(entries_at(holding, member, asked), starts)
        if len(starts)
        else np.zeros(0)
        for holding in (held, later)
    )
    levels = coverage_levels(best)
    declared = list(LEVELS).index("covered_declared")
    only_later = np.maximum(coverage_levels(best_later)[:, declared] - levels[:, declared], 0.0)
    total = np.asarray(required.sum(axis=1)).ravel()
    share = required.data / np.maximum(total, 1e-300)[deal]
    shape = (required.shape[0], len(deal))
    into = csr_array((share, (deal, np.arange(len(deal)))), shape=shape)
    return into @ levels, into @ only_later


def _between_members(
    features: GraphFeatures, members: csr_array
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean over the pairs of each team of log(1 + joint wins), and of competition; 0 alone."""
    deal, a, b = _pairs_of(members)
    n_deals = members.shape[0]
    trust, competition = np.zeros(n_deals), np.zeros(n_deals)
    if len(deal):
        together = np.log1p(entries_at(features.graph.joint_wins, a, b))
        rivalry = SIGNALS["competition"].values(features, a, b)
        n_pairs = np.maximum(np.bincount(deal, minlength=n_deals), 1)
        trust = np.bincount(deal, together, n_deals) / n_pairs
        competition = np.bincount(deal, rivalry, n_deals) / n_pairs
    return trust, competition


def _pairs_of(
    members: csr_array,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Deal, and both members, of every pair of every team; sorted by the first member."""
    size = np.diff(members.indptr)
    parts = []
    for n in np.unique(size[size > 1]):
        deals = np.flatnonzero(size == n)
        team = members.indices[members.indptr[deals][:, None] + np.arange(n)]
        left, right = np.triu_indices(n, 1)
        parts.append((np.repeat(deals, len(left)), team[:, left].ravel(), team[:, right].ravel()))
    if not parts:
        nobody = np.empty(0, dtype=np.intp)
        return nobody, nobody, nobody
    deal, a, b = (np.concatenate(column).astype(np.intp) for column in zip(*parts, strict=True))
    order = np.argsort(a, kind="stable")
    return deal[order], a[order], b[order]


def _presence(
    features: GraphFeatures, members: csr_array, territory: pl.Series
) -> NDArray[np.float64]:
    """Whether some member of each team does business in the territory of the deal, 0 or 1."""
    graph = features.graph
    codes = {code: place for place, code in enumerate(graph.market_codes)}
    place = np.array([codes.get(one, -1) for one in territory], dtype=np.intp)
    deal = row_of_entries(members)
    known = place[deal] >= 0
    share = entries_at(graph.territories, members.indices[known], place[deal][known])
    present = np.zeros(members.shape[0])
    np.maximum.at(present, deal[known], (share > 0).astype(np.float64))
    return present
