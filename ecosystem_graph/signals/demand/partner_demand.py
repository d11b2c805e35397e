"""What customers ask of each partner: the demand its gaps are measured against."""

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

#: Deals of a partner's own after which they count as much as its market, where nothing tells.
_MARKET_DEALS = 2.0

#: Own deals that what a market asks for counts like at least.
_LEAST_MARKET_DEALS = 1e-6

#: What a partner says it wants to be able to do counts like so many deals of its own.
_OBJECTIVE_DEALS = 1.0

#: A deal lost for want of a capability counts like so many others.
_IN_VAIN = 2.0

#: Deals that places alike beyond doubt are drawn together by, at most.
_MOST_PRIOR_DEALS = 10_000.0

#: Capabilities kept of the demand in a market, and on a partner, the most wanted first.
_MOST_WANTED = 50


def demand_by_partner(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    """Demand for each capability that a partner faces.

    Customers ask in every deal that was not withdrawn, whoever won it; in one lost for want of a
    capability (`capability_gap`) they asked in vain, and it counts twice. A deal counts half for
    each half-life since it closed, or since it opened.

    Few deals say little about a market. What they asked for in a territory or industry is
    therefore drawn towards what is asked for everywhere, and what a partner's own deals asked for
    towards its market, as far as markets and partners are seen to differ beyond chance
    (:func:`prior_deals`). The market of a partner is its territories, by their shares, the 50
    capabilities most wanted of each; what is wanted more than elsewhere in the industries of its
    deals is wanted so much more in its market, territory and industry taken for independent
    (:func:`_tilted`). A partner's own capability objectives count like one deal. Of a market, and
    on a partner, the 50 capabilities most wanted count. Where no deal ever
    stated what it required, what partners hold stands in for what customers ask for.

    Parameters
    ----------
    graph : EcosystemGraph
    half_life_days : float
        Days after which a requirement counts half, > 0.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Shares of demand; rows sum to 1, or to 0 where nothing is required, held or aimed at.

    References
    ----------
    Dirichlet smoothing: Zhai, C., Lafferty, J. (2004). ACM TOIS 22(2). doi:10.1145/984321.984322
    """
    wanted = _OBJECTIVE_DEALS * _capability_objectives(graph)
    deals = asking_deals(graph)
    asked = Asked.in_deals(graph, deals, half_life_days)
    if asked.shares.nnz == 0:
        holders = Asked(graph.held, np.ones(graph.n_partners))
        market = _markets(graph.territories, holders, tidy(presence(graph.territories).T))
        return market.added_to(wanted, 1.0, _MOST_WANTED)
    partners = graph.tables["partners"]["partner_id"]
    own = deal_incidence(graph.tables, partners, deals["deal_id"])
    market = _markets(graph.territories, asked, _placed(deals, "territory", graph.market_codes))
    market = _tilted(market, asked, own, deals)
    total = asked.total(own)
    # However little its market tells of others, it is all there is of who had no deal of its own.
    weight = max(prior_deals(asked, own, total, market, unknown=_MARKET_DEALS), _LEAST_MARKET_DEALS)
    return market.added_to(csr_array(total + wanted), weight, _MOST_WANTED)


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """What deals asked for, and how much each still counts.

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
        """Read what deals asked for off a graph's tables."""
        required = requirement_weights(graph.tables, deals["deal_id"], graph.taxonomy.ids)
        age = age_in_days(deals["asked_on"].fill_null(graph.as_of), graph.as_of)
        weight = decay(age, half_life_days) * np.where(deals["in_vain"], _IN_VAIN, 1.0)
        return cls(row_shares(required), weight * (np.diff(required.indptr) > 0))

    def total(self, members: csr_array) -> csr_array:
        """What deals of each place asked for, weighted and summed, (n_places, n_capabilities)."""
        return csr_array(members @ row_scaled(self.shares, self.weight))


def prior_deals(
    asked: Asked,
    members: csr_array,
    total: csr_array,
    mean: csr_array | MarketDemand,
    unknown: float,
) -> float:
    """Deals of a place that count as much as what is expected of it beforehand.

    Bühlmann and Straub's credibility: the variance of single deals within places, over that of
    places around what is expected of them. Places that differ no more than chance would have them
    are drawn together entirely, places that differ much stand by themselves.

    Parameters
    ----------
    asked : Asked
    members : csr_array of shape (n_places, n_deals)
        1 where the deal was of the place.
    total : csr_array of shape (n_places, n_capabilities)
        What deals of each place asked for, ``asked.total(members)``.
    mean : csr_array of one row, or MarketDemand
        Shares expected of all places, or of each.
    unknown : float
        The answer where no place has two deals, so that nothing tells.

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
    >>> alike = Asked(csr_array([[1.0, 0.0], [0.0, 1.0]] * 2), np.ones(4))
    >>> apart = Asked(csr_array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.ones(4))
    >>> places, mean = csr_array([[1, 1, 0, 0], [0, 0, 1, 1]]), csr_array([[0.5, 0.5]])
    >>> prior_deals(alike, places, alike.total(places), mean, unknown=2.0)
    10000.0
    >>> prior_deals(apart, places, apart.total(places), mean, unknown=2.0)
    0.0
    """
    exposure = members @ asked.weight
    n_deals = members @ (asked.weight > 0)
    there = n_deals > 0
    spare = (n_deals[there] - 1).sum()
    if spare == 0:
        return unknown
    each = 1.0 / np.where(there, exposure, 1.0)
    # Sums of squares: of each deal, of each place's mean, and of what is expected of it.
    deals = members @ (asked.weight * _squares(asked.shares))
    seen = _squares(total) * each
    within = (deals - seen)[there].sum() / spare
    if isinstance(mean, MarketDemand):
        crossed, squares = mean.beside(total)
    else:
        crossed, squares = total @ mean.toarray()[0], _squares(mean)
    apart = seen - 2 * crossed + exposure * squares
    between = (apart[there].sum() - there.sum() * within) / exposure[there].sum()
    if between <= 0 or within >= _MOST_PRIOR_DEALS * between:
        return _MOST_PRIOR_DEALS
    return float(max(within, 0.0) / between)


def asking_deals(graph: EcosystemGraph) -> pl.DataFrame:
    """Deals that show what customers want: all but those withdrawn.

    Returns
    -------
    polars.DataFrame
        deal_id, asked_on (the day it closed, else opened; null if nobody says), territory,
        industry, in_vain (lost for want of a capability); by id.
    """
    outcome = pl.col("outcome").cast(pl.String)
    in_vain = (outcome == "lost") & (pl.col("lost_reason") == "capability_gap").fill_null(False)
    asked_on = pl.coalesce("closed_on", "opened_on").alias("asked_on")
    columns = ["deal_id", asked_on, "territory", "industry", in_vain.alias("in_vain")]
    return graph.tables["deals"].filter(outcome != "withdrawn").select(columns).sort("deal_id")


def _squares(matrix: csr_array) -> NDArray[np.float64]:
    return _row_sums(matrix.multiply(matrix))


def _row_sums(matrix: csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _markets(shares: csr_array, asked: Asked, places: csr_array) -> MarketDemand:
    """Demand in each partner's markets, the most wanted capabilities of each.

    `shares` says how much of a partner's business is in each market, `places` which deals were.
    What is in none of them is in the market of all.
    """
    everywhere, of_market = _by_place(asked, places)
    # Shares that miss 1 by a rounding error would add a trace of what is asked for elsewhere.
    missing = np.round(1.0 - shares @ (np.diff(of_market.indptr) > 0), 9)
    of_all = vstack([of_market, everywhere], format="csr")
    return MarketDemand(
        tidy(hstack([shares, csr_array(missing.reshape(-1, 1))], format="csr")),
        row_shares(largest_per_row(csr_array(of_all), _MOST_WANTED)),
    )


def _by_place(asked: Asked, places: csr_array) -> tuple[csr_array, csr_array]:
    """Demand everywhere, and in each place, drawn towards it; rows sum to 1."""
    everywhere = row_shares(csr_array(np.atleast_2d(asked.weight @ asked.shares)))
    total = asked.total(places)
    weight = prior_deals(asked, places, total, everywhere, unknown=0.0)
    drawn = csr_array(np.full((places.shape[0], 1), weight)) @ everywhere
    return everywhere, row_shares(csr_array(total + drawn))


def _tilted(
    market: MarketDemand, asked: Asked, own: csr_array, deals: pl.DataFrame
) -> MarketDemand:
    """Demand in each partner's market, by how much more its industries want each capability.

    ``market[a, c] * (1 + z * (lift[a, c] - 1))``, where the lift is what the industries of the
    partner's deals want of c, over what all want of it, and z is how far those deals tell of its
    industries at all: their number, over that plus :func:`prior_deals`.
    """
    names = deals["industry"].drop_nulls().unique().sort()
    if names.is_empty():
        return market
    places = _placed(deals, "industry", names.to_numpy())
    everywhere, by_industry = _by_place(asked, places)
    wanted = everywhere.toarray()[0]
    lift = by_industry.toarray() / np.where(wanted > 0, wanted, 1.0)
    of_deals = Asked(tidy(places.T), np.asarray(asked.weight * (places.sum(axis=0) > 0)))
    usual = row_shares(csr_array(np.atleast_2d(of_deals.weight @ of_deals.shares)))
    n_deals, total = own @ of_deals.weight, of_deals.total(own)
    unseen = prior_deals(of_deals, own, total, usual, unknown=np.inf)
    z = n_deals / np.maximum(n_deals + unseen, 1e-300)
    return replace(market, industries=row_shares(total), lift=lift, tilt=z)


def _placed(deals: pl.DataFrame, column: str, names: NDArray[np.object_]) -> csr_array:
    """1 where a deal was in a market of some partner, (n_markets, n_deals)."""
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
