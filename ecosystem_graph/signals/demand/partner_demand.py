"""Demand for capabilities that each partner faces: what its gaps are measured against."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from ecosystem_graph.arrays.csr import presence, row_scaled, row_shares, tidy
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.arrays.vectors import decay
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.matrices import (
    age_in_days,
    deal_incidence,
    label_matrix,
    requirement_weights,
)
from ecosystem_graph.signals.demand.market_demand import MarketDemand

#: Deals that the market of a partner counts like if the data cannot show how partners differ.
_MARKET_DEALS = 2.0

#: Deals that the market of a partner counts like at least.
_LEAST_MARKET_DEALS = 1e-6

#: Deals that the capability objectives of a partner count like.
_OBJECTIVE_DEALS = 1.0

#: Deals that one lost because of a missing capability counts like.
_UNMET = 2.0

#: Deals that the expected demand of a group counts like at most.
_MOST_PRIOR_DEALS = 10_000.0

#: Capabilities kept of the demand in a market and of a partner, those with most demand.
_MOST_WANTED = 50

#: The same of what a partner's next deals are expected to require.
_MOST_NEEDED = 100

#: Deals that the market of a partner counts like in what its next deals are expected to require.
_MARKET_DEALS_OF_NEEDS = 12.0


def needs_by_partner(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    """What each partner's next deals are expected to require: :func:`demand_by_partner`, in full.

    A partner's market counts like twelve deals beside its own, and the 100 capabilities with most
    demand are kept: an introduction is judged by all that the two would go for, while a gap that is
    named must be one of the widest.

    Parameters
    ----------
    graph : EcosystemGraph
    half_life_days : float
        Days after which a requirement counts half, > 0.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Shares of demand; rows sum to 1, or to 0 without any demand.
    """
    return _demand(graph, half_life_days, _MOST_NEEDED, _MARKET_DEALS_OF_NEEDS)


def demand_by_partner(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    """Demand for each capability that a partner faces.

    Every deal that was not withdrawn shows demand, whoever won it; one lost because of a missing
    capability (`capability_gap`) is unmet demand and counts twice. A deal counts half for each
    half-life since it closed, or since it opened.

    Few deals are weak evidence of a market. The demand of a territory or industry is therefore
    shrunk towards that of the whole ecosystem, and the demand in a partner's own deals towards that
    of its market, by how much markets and partners differ beyond chance (:func:`prior_deals`). The
    market of a partner is its territories, by their shares, with the 50 capabilities of most demand
    in each; it is scaled by how much more the industries of its deals require each capability, with
    territory and industry assumed independent (:func:`_tilted`). A partner's own capability
    objectives count like one deal. Of each partner, too, the 50 capabilities with most demand are
    kept. If no deal states requirements, the capabilities that partners hold are used instead.

    Parameters
    ----------
    graph : EcosystemGraph
    half_life_days : float
        Days after which a requirement counts half, > 0.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Shares of demand; rows sum to 1, or to 0 without any demand.

    References
    ----------
    Dirichlet smoothing: Zhai, C., Lafferty, J. (2004). ACM TOIS 22(2). doi:10.1145/984321.984322
    """
    return _demand(graph, half_life_days, _MOST_WANTED)


def _demand(
    graph: EcosystemGraph, half_life_days: float, kept: int, market_deals: float | None = None
) -> csr_array:
    """Demand with so many capabilities kept, and the number of deals that the market counts like.

    That number is estimated by :func:`prior_deals` where it is not given.
    """
    wanted = _OBJECTIVE_DEALS * _capability_objectives(graph)
    deals = deals_with_demand(graph)
    demand = DealDemand.in_deals(graph, deals, half_life_days)
    if demand.shares.nnz == 0:
        holders = DealDemand(graph.held, np.ones(graph.n_partners))
        market = _markets(graph.territories, holders, tidy(presence(graph.territories).T))
        return market.added_to(wanted, 1.0, kept)
    partners = graph.tables["partners"]["partner_id"]
    own = deal_incidence(graph.tables, partners, deals["deal_id"])
    market = _markets(graph.territories, demand, _placed(deals, "territory", graph.market_codes))
    market = _tilted(market, demand, own, deals)
    total = demand.total(own)
    if market_deals is None:
        market_deals = prior_deals(demand, own, total, market, unknown=_MARKET_DEALS)
    # The market is the only evidence for partners without deals: it never counts for nothing.
    weight = max(market_deals, _LEAST_MARKET_DEALS)
    return market.added_to(csr_array(total + wanted), weight, kept)


@dataclass(frozen=True, eq=False, slots=True)
class DealDemand:
    """What deals required, and the weight of each.

    Attributes
    ----------
    shares : csr_array of shape (n_deals, n_capabilities)
        Rows sum to 1, or to 0 for a deal that states nothing.
    weight : ndarray of shape (n_deals,)
        >= 0; 0 for a deal that states nothing.
    """

    shares: csr_array
    weight: NDArray[np.float64]

    @classmethod
    def in_deals(cls, graph: EcosystemGraph, deals: pl.DataFrame, half_life_days: float) -> Self:
        """The requirements of deals, each weighted by its age; unmet demand counts twice."""
        required = requirement_weights(graph.tables, deals["deal_id"], graph.taxonomy.ids)
        age = age_in_days(deals["demanded_on"].fill_null(graph.as_of), graph.as_of)
        weight = decay(age, half_life_days) * np.where(deals["unmet"], _UNMET, 1.0)
        return cls(row_shares(required), weight * (np.diff(required.indptr) > 0))

    def total(self, members: csr_array) -> csr_array:
        """Weighted requirements of the deals of each group, summed, (n_groups, n_capabilities)."""
        return csr_array(members @ row_scaled(self.shares, self.weight))


def prior_deals(
    demand: DealDemand,
    members: csr_array,
    total: csr_array,
    mean: csr_array | MarketDemand,
    unknown: float,
) -> float:
    """Number of deals that the expected demand of a group counts like (credibility).

    Bühlmann and Straub's estimate: the variance of single deals within groups, over that of groups
    around their expected demand. Groups that differ no more than by chance are shrunk entirely,
    groups that differ much are not.

    Parameters
    ----------
    demand : DealDemand
    members : csr_array of shape (n_groups, n_deals)
        1 where the deal belongs to the group.
    total : csr_array of shape (n_groups, n_capabilities)
        Demand in the deals of each group, ``demand.total(members)``.
    mean : csr_array of one row, or MarketDemand
        Expected shares of all groups, or of each.
    unknown : float
        Returned if no group has two deals, so that the variances are unknown.

    Returns
    -------
    float
        0 to 10,000.

    References
    ----------
    Bühlmann, H., Straub, E. (1970). Glaubwürdigkeit für Schadensätze. Bulletin of the Swiss
    Association of Actuaries 70.

    Examples
    --------
    >>> alike = DealDemand(csr_array([[1.0, 0.0], [0.0, 1.0]] * 2), np.ones(4))
    >>> apart = DealDemand(csr_array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.ones(4))
    >>> places, mean = csr_array([[1, 1, 0, 0], [0, 0, 1, 1]]), csr_array([[0.5, 0.5]])
    >>> prior_deals(alike, places, alike.total(places), mean, unknown=2.0)
    10000.0
    >>> prior_deals(apart, places, apart.total(places), mean, unknown=2.0)
    0.0
    """
    exposure = members @ demand.weight
    n_deals = members @ (demand.weight > 0)
    any_deal = n_deals > 0
    freedom = (n_deals[any_deal] - 1).sum()
    if freedom == 0:
        return unknown
    each = 1.0 / np.where(any_deal, exposure, 1.0)
    # Sums of squares: of each deal, of the mean of each group, and of its expected demand.
    deals = members @ (demand.weight * _squares(demand.shares))
    seen = _squares(total) * each
    within = (deals - seen)[any_deal].sum() / freedom
    if isinstance(mean, MarketDemand):
        crossed, squares = mean.beside(total)
    else:
        crossed, squares = total @ mean.toarray()[0], _squares(mean)
    apart = seen - 2 * crossed + exposure * squares
    between = (apart[any_deal].sum() - any_deal.sum() * within) / exposure[any_deal].sum()
    if between <= 0 or within >= _MOST_PRIOR_DEALS * between:
        return _MOST_PRIOR_DEALS
    return float(max(within, 0.0) / between)


def deals_with_demand(graph: EcosystemGraph) -> pl.DataFrame:
    """Deals that show demand: all but those withdrawn.

    Returns
    -------
    polars.DataFrame
        deal_id, demanded_on (the day it closed, else opened; null if unknown), territory,
        industry, unmet (lost because of a missing capability); by id.
    """
    outcome = pl.col("outcome").cast(pl.String)
    unmet = (outcome == "lost") & (pl.col("lost_reason") == "capability_gap").fill_null(False)
    demanded_on = pl.coalesce("closed_on", "opened_on").alias("demanded_on")
    columns = ["deal_id", demanded_on, "territory", "industry", unmet.alias("unmet")]
    return graph.tables["deals"].filter(outcome != "withdrawn").select(columns).sort("deal_id")


def _squares(matrix: csr_array) -> NDArray[np.float64]:
    return _row_sums(matrix.multiply(matrix))


def _row_sums(matrix: csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _markets(shares: csr_array, demand: DealDemand, places: csr_array) -> MarketDemand:
    """Demand in each partner's markets, the capabilities with most demand of each.

    `shares` is the share of each partner's business in each market, `places` the deals of each
    market. Business outside of all markets is in that of the whole ecosystem.
    """
    everywhere, of_market = _by_place(demand, places)
    # Shares that miss 1 by a rounding error would add a trace of demand from elsewhere.
    missing = np.round(1.0 - shares @ (np.diff(of_market.indptr) > 0), 9)
    of_all = vstack([of_market, everywhere], format="csr")
    return MarketDemand(
        tidy(hstack([shares, csr_array(missing.reshape(-1, 1))], format="csr")),
        row_shares(largest_per_row(csr_array(of_all), _MOST_WANTED)),
    )


def _by_place(demand: DealDemand, places: csr_array) -> tuple[csr_array, csr_array]:
    """Demand of the ecosystem, and of each market, shrunk towards it; rows sum to 1."""
    everywhere = row_shares(csr_array(np.atleast_2d(demand.weight @ demand.shares)))
    total = demand.total(places)
    weight = prior_deals(demand, places, total, everywhere, unknown=0.0)
    prior = csr_array(np.full((places.shape[0], 1), weight)) @ everywhere
    return everywhere, row_shares(csr_array(total + prior))


def _tilted(
    market: MarketDemand, demand: DealDemand, own: csr_array, deals: pl.DataFrame
) -> MarketDemand:
    """Demand in each partner's market, scaled by that of its industries.

    ``market[a, c] * (1 + z * (lift[a, c] - 1))``, where the lift is the demand for c of the
    industries of the partner's deals over that of all, and z is the credibility of those deals:
    their number, over that plus :func:`prior_deals`.
    """
    names = deals["industry"].drop_nulls().unique().sort()
    if names.is_empty():
        return market
    places = _placed(deals, "industry", names.to_numpy())
    everywhere, by_industry = _by_place(demand, places)
    wanted = everywhere.toarray()[0]
    lift = by_industry.toarray() / np.where(wanted > 0, wanted, 1.0)
    of_deals = DealDemand(tidy(places.T), np.asarray(demand.weight * (places.sum(axis=0) > 0)))
    overall = row_shares(csr_array(np.atleast_2d(of_deals.weight @ of_deals.shares)))
    n_deals, total = own @ of_deals.weight, of_deals.total(own)
    unseen = prior_deals(of_deals, own, total, overall, unknown=np.inf)
    z = n_deals / np.maximum(n_deals + unseen, 1e-300)
    return replace(market, industries=row_shares(total), lift=lift, tilt=z)


def _placed(deals: pl.DataFrame, column: str, names: NDArray[np.object_]) -> csr_array:
    """1 where a deal is in the market, (n_markets, n_deals)."""
    markets = pl.Series(names, dtype=pl.String)
    placed = deals.filter(pl.col(column).is_in(markets.implode()))
    return label_matrix(placed[column], markets, placed["deal_id"], deals["deal_id"])


def _capability_objectives(graph: EcosystemGraph) -> csr_array:
    """Capabilities each partner aims for, as shares of the weight of all of them."""
    ids, capabilities = graph.tables["partners"]["partner_id"], graph.taxonomy.ids
    aimed = graph.tables["objectives"].filter(
        (pl.col("kind") == "capability")
        & pl.col("partner_id").is_in(ids.implode())
        & pl.col("target").is_in(capabilities.implode())
    )
    weight = aimed["weight"].fill_null(1.0)
    return row_shares(
        tidy(label_matrix(aimed["partner_id"], ids, aimed["target"], capabilities, weight))
    )
