"""What customers ask of each partner: the demand its gaps are measured against."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.building import deal_incidence, label_matrix, requirement_weights
from ecosystem_graph.graph.sparse import largest_per_row, row_scaled, row_shares, tidy

#: Deals of a partner's own after which its needs count as much as those of its market.
_MARKET_DEALS = 2.0

#: What a partner says it wants to be able to do counts like so many deals of its own.
_OBJECTIVE_DEALS = 1.0

#: Capabilities kept of each market's demand, the most wanted first.
_MOST_WANTED = 50


def demand_by_partner(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    """Demand for each capability that a partner faces.

    Customers ask in deals won, deals open, and deals lost for want of a capability
    (`capability_gap`); other deals were lost or withdrawn for reasons that say nothing of
    demand. Each counts as one, halved every half-life since it closed, or since it opened.

    A partner faces the deals it was in on, and those of its market: of its territories by their
    shares, and where it has won deals of known industries, of those industries by theirs, half
    and half. The market counts like two deals of the partner's own (a Dirichlet prior with the
    market as mean); the capabilities among its objectives, by their weights, like one. Of a
    territory or industry the 50 capabilities most wanted count. One that no deal was in faces
    the demand of all deals; where no deal ever stated what it required, what partners hold stands
    in for what customers ask for.

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
    deals = asking_deals(graph)
    required = requirement_weights(graph.tables, deals["deal_id"], graph.taxonomy.ids)
    wanted = _OBJECTIVE_DEALS * _capability_objectives(graph)
    if required.nnz == 0:
        market = _in_markets(graph.territories, graph.territories, graph.held)
        return row_shares(csr_array(wanted + _MARKET_DEALS * market))
    asked_on = deals["asked_on"].fill_null(graph.as_of).to_numpy().astype("datetime64[D]")
    age = (np.datetime64(graph.as_of, "D") - asked_on).astype(np.float64)
    needs = row_scaled(row_shares(required), np.exp2(-age / half_life_days))
    partners = graph.tables["partners"]["partner_id"]
    own = deal_incidence(graph.tables, partners, deals["deal_id"]) @ needs
    market = _in_markets(graph.territories, _placed(deals, "territory", graph.market_codes), needs)
    names, industries = graph.industries
    if industries.nnz:
        by_industry = _in_markets(industries, _placed(deals, "industry", names), needs)
        known = np.where(np.diff(industries.indptr) > 0, 0.5, 0.0)
        market = row_scaled(market, 1.0 - known) + row_scaled(by_industry, known)
    return row_shares(csr_array(own + wanted + _MARKET_DEALS * market))


def asking_deals(graph: EcosystemGraph) -> pl.DataFrame:
    """Deals that show demand: won, open, or lost for want of a capability.

    Returns
    -------
    polars.DataFrame
        deal_id, asked_on (the day it closed, else opened; null if nobody says), territory,
        industry; by id.
    """
    outcome = pl.col("outcome").cast(pl.String)
    asking = (
        ((outcome == "won") & pl.col("closed_on").is_not_null())
        | (outcome == "open")
        | ((outcome == "lost") & (pl.col("lost_reason") == "capability_gap"))
    )
    asked_on = pl.coalesce("closed_on", "opened_on").alias("asked_on")
    columns = ["deal_id", asked_on, "territory", "industry"]
    return graph.tables["deals"].filter(asking).select(columns).sort("deal_id")


def _in_markets(shares: csr_array, markets: csr_array, needs: csr_array) -> csr_array:
    """Shares of demand in each partner's markets, the most wanted capabilities of each.

    `shares` says how much of a partner's business is in each market, `markets` in which each row
    of `needs` counts.
    """
    everywhere = csr_array(np.atleast_2d(needs.sum(axis=0)))
    by_market = row_shares(largest_per_row(csr_array(markets.T @ needs), _MOST_WANTED))
    anywhere = row_shares(largest_per_row(everywhere, _MOST_WANTED))
    local = csr_array(shares @ by_market)
    # Shares that miss 1 by a rounding error would add a trace of what is asked for elsewhere.
    missing = np.round(1.0 - np.asarray(local.sum(axis=1)), 9)
    return csr_array(local + csr_array(missing.reshape(-1, 1)) @ anywhere)


def _placed(deals: pl.DataFrame, column: str, names: NDArray[np.object_]) -> csr_array:
    """1 where a deal was in a market of some partner, (n_deals, n_markets)."""
    markets = pl.Series(names, dtype=pl.String)
    placed = deals.filter(pl.col(column).is_in(markets.implode()))
    return label_matrix(placed["deal_id"], deals["deal_id"], placed[column], markets)


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
