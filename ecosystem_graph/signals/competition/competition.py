"""Competition of two partners: shared markets, opposite sides of a tender, substitutes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from ecosystem_graph.arrays.csr import (
    entries_at,
    presence,
    row_scaled,
    row_shares,
    tidy,
    without_diagonal,
)
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.arrays.vectors import decay
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.matrices import age_in_days
from ecosystem_graph.signals.competition.substitutes import Substitutes, substitutes_of

#: Deals won in known industries with which a partner's industries count as half known.
_TELLING_DEALS = 10.0

#: Lines of business assumed beside those that a partner lists.
_UNLISTED_LINES = 0.5

#: Pairs without overlap that the mean overlap is shrunk towards.
_STRANGERS = 100.0

#: Two deals of a customer that closed further apart than this are not one tender.
_SAME_TENDER_DAYS = 180.0


@dataclass(frozen=True, eq=False)
class Markets:
    """The business of each partner, by what it sells, where, and in which industries.

    A market cell is something sold x a territory x an industry; a partner's business is spread
    over its cells as the product of the three shares.

    Attributes
    ----------
    sold : csr_array of shape (n_partners, n_products + n_capabilities)
        Shares of what a partner sells: its offerings, or for one that lists none the
        capabilities it declares, by the strength of their evidence. Rows sum to 1, or to 0 where
        neither is known. Requirements of joint deals are no evidence of selling.
    territories : csr_array of shape (n_partners, n_territories)
    industries : csr_array of shape (n_partners, n_industries)
        Shares of where and in which industries a partner works; rows sum to 1, or to 0 where
        unknown.
    telling : ndarray of shape (n_partners,)
        How far a partner's industries are known, 0..1: n/(n+10) by n deals won in them. With few
        deals nearly any two partners would seem to differ.
    against : csr_array of shape (n_partners, n_partners)
        Probability that two partners compete, from tenders with them on opposite sides.
    kinds : tuple of Substitutes
        Types of partners, and roles on deals, some of which are substitutes.
    """

    sold: csr_array
    territories: csr_array
    industries: csr_array
    telling: NDArray[np.float64]
    against: csr_array
    kinds: tuple[Substitutes, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is any evidence of competition: sales, tenders or substitutes."""
        return bool(self.sold.nnz or self.against.nnz or self.kinds)

    @cached_property
    def lines(self) -> NDArray[np.float64]:
        """Lines of business each partner's shares are spread over, shape (n_partners,), >= 0.

        ``1 / sum of squared shares`` of what is sold: their number where all weigh the same
        (Kish, L. (1965). Survey Sampling, chapter 8).
        """
        squares = np.asarray(self.sold.multiply(self.sold).sum(axis=1)).ravel()
        lines: NDArray[np.float64] = np.where(
            squares > 0, 1.0 / np.where(squares > 0, squares, 1.0), 0.0
        )
        return lines

    @cached_property
    def usual(self) -> float:
        """Mean share of what a partner sells that another sells too, over all ordered pairs, 0..1.

        Shrunk towards 0 by a hundred pairs, because a few partners are weak evidence.
        """
        sellers = np.asarray(self.present[0].sum(axis=0)).ravel()
        n = float((np.diff(self.sold.indptr) > 0).sum())
        met = np.asarray(self.sold.sum(axis=0)).ravel() @ np.maximum(sellers - 1.0, 0.0)
        return float(met / (n * (n - 1.0) + _STRANGERS))

    @cached_property
    def belief(self) -> NDArray[np.float64]:
        """Weight of a shared line, by how many lines a partner lists, 0..1, shape (n_partners,).

        ``(n + usual / 2) / (n + 1 / 2)`` with n lines: beside those listed, half a line is
        assumed, which is shared as often as the mean (an m-estimate: Cestnik, B. (1990).
        Estimating probabilities. Proceedings of ECAI 90).
        """
        unlisted = _UNLISTED_LINES
        weight: NDArray[np.float64] = (self.lines + unlisted * self.usual) / (self.lines + unlisted)
        return weight

    @cached_property
    def present(self) -> tuple[csr_array, csr_array, csr_array]:
        """1 where a partner sells something, works in a territory, wins in an industry."""
        return presence(self.sold), presence(self.territories), presence(self.industries)

    @classmethod
    def from_graph(cls, graph: EcosystemGraph, half_life_days: float) -> Self:
        """The markets of a graph.

        Parameters
        ----------
        graph : EcosystemGraph
        half_life_days : float
            Days after which a tender counts half, > 0.

        Returns
        -------
        Markets
        """
        lists_offerings = np.diff(graph.offerings.indptr) > 0
        capabilities = row_scaled(graph.declared, np.where(lists_offerings, 0.0, 1.0))
        sold = tidy(hstack([graph.offerings, capabilities], format="csr"))
        names_industry = graph.deals["industry"].is_not_null().to_numpy().astype(np.float64)
        n_telling = graph.incidence @ names_industry
        return cls(
            sold=row_shares(sold),
            territories=graph.territories,
            industries=graph.industries[1],
            telling=n_telling / (n_telling + _TELLING_DEALS),
            against=opposite_sides(graph, half_life_days),
            kinds=substitutes_of(graph),
        )


def head_on(
    markets: Markets, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Share of one partner's business that is done in market cells where the other sells too.

    The sum of the partner's shares over the cells in which the other is present. Both are spread
    over products x territories x industries, so the sum is the product of three: shares of what
    is sold, of territories and of industries in which the other is present. A territory or
    industry unknown on either side rules nothing out and counts as shared, and industries known
    in part count so in part. Few lines on record prove little: the share of what is sold is
    reduced by :attr:`Markets.belief`, so that one more listed line changes it gradually.

    Parameters
    ----------
    markets : Markets
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; 0 without a shared cell. Not symmetric: a small partner may live wholly in a large
        one's market.

    References
    ----------
    Market commonality: Chen, M.-J. (1996). Competitor analysis and interfirm rivalry. Academy of
    Management Review 21(1). doi:10.5465/amr.1996.9602161567
    """
    sold = row_dot(markets.sold, markets.present[0], sources, targets)
    shared = sold * markets.belief[sources] * meeting(markets, sources, targets)
    return np.minimum(shared, 1.0)


def meeting(
    markets: Markets, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Share of one partner's business in territories and industries where the other works, 0..1."""
    _, places, customers = markets.present
    where = _met(markets.territories, places, sources, targets)
    whom = _met(markets.industries, customers, sources, targets)
    known = markets.telling[sources] * markets.telling[targets]
    met: NDArray[np.float64] = where * (1.0 - known * (1.0 - whom))
    return met


def standing_in(
    markets: Markets, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How far two partners are substitutes, by their kinds and the markets they share.

    The strength of :class:`~ecosystem_graph.signals.competition.substitutes.Substitutes` between
    their types or their roles, whichever is more, times :func:`meeting`, the larger of the two
    directions.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1, symmetric.
    """
    instead = np.zeros(len(sources))
    for kind in markets.kinds:
        instead = np.maximum(instead, kind.between(sources, targets))
    some = np.flatnonzero(instead)
    a, b = sources[some], targets[some]
    instead[some] *= np.maximum(meeting(markets, a, b), meeting(markets, b, a))
    return np.minimum(instead, 1.0)


def competition(
    markets: Markets, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How far two partners compete: head-on, on opposite sides, or as substitutes.

    ``1 - (1 - overlap) * (1 - against) * (1 - substitutes)`` (noisy-or), where the overlap is the
    larger of the two directions of :func:`head_on`, and substitutes are :func:`standing_in`.

    Parameters
    ----------
    markets : Markets
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1, symmetric; 0 where they share no cell, never met as opponents and are of kinds that
        win together as often as others.

    References
    ----------
    Noisy-or: Pearl, J. (1988). Probabilistic Reasoning in Intelligent Systems, section 4.3.
    """
    overlap = np.maximum(head_on(markets, sources, targets), head_on(markets, targets, sources))
    against = entries_at(markets.against, sources, targets)
    apart = (1.0 - overlap) * (1.0 - against) * (1.0 - standing_in(markets, sources, targets))
    rivals: NDArray[np.float64] = 1.0 - apart
    return rivals


def opposite_sides(graph: EcosystemGraph, half_life_days: float) -> csr_array:
    """Probability that two partners compete, from tenders that one won and the other lost.

    A won and a lost deal of one customer that asked for the same capability and closed within
    180 days of each other stand for one tender. With n such tenders, each halved every half-life,
    the chance is ``1 - 2 ** -n``.

    Parameters
    ----------
    graph : EcosystemGraph
    half_life_days : float
        Days, > 0.

    Returns
    -------
    csr_array of shape (n_partners, n_partners)
        0..1, symmetric, zero diagonal.
    """
    n = graph.n_partners
    met = _tenders(graph)
    if met.is_empty():
        return csr_array((n, n), dtype=np.float64)
    members = graph.tables["deal_partners"].select("deal_id", "partner_id")
    met_as = ["won", "lost", "winner", "loser"]
    sides = (
        met.join(members.rename({"deal_id": "won", "partner_id": "winner"}), on="won")
        .join(members.rename({"deal_id": "lost", "partner_id": "loser"}), on="lost")
        .filter(pl.col("winner") != pl.col("loser"))
        .unique(met_as)
        .sort(met_as)  # sums do not depend on the order of the tables
    )
    weight = decay(age_in_days(sides["closed_on"], graph.as_of), half_life_days)
    winner, loser = graph.index.encode(sides["winner"]), graph.index.encode(sides["loser"])
    places = (np.concatenate([winner, loser]), np.concatenate([loser, winner]))
    against = without_diagonal(csr_array((np.tile(weight, 2), places), shape=(n, n)))
    against.data = 1.0 - np.exp2(-against.data)
    return against


def _tenders(graph: EcosystemGraph) -> pl.DataFrame:
    """Pairs of a won and a lost deal that stand for one tender: won, lost, closed_on."""
    deals = (
        graph.tables["deals"]
        .filter(pl.col("customer_id").is_not_null() & pl.col("closed_on").is_not_null())
        .select("deal_id", "customer_id", "closed_on", pl.col("outcome").cast(pl.String))
        .join(graph.tables["deal_requirements"].select("deal_id", "capability_id"), on="deal_id")
    )
    won = deals.filter(pl.col("outcome") == "won").rename({"deal_id": "won"})
    lost = deals.filter(pl.col("outcome") == "lost").rename({"deal_id": "lost"})
    apart = (pl.col("closed_on") - pl.col("closed_on_lost")).dt.total_days().abs()
    return (
        won.join(lost, on=["customer_id", "capability_id"], suffix="_lost")
        .filter(apart <= _SAME_TENDER_DAYS)
        .select("won", "lost", "closed_on")
        .unique(["won", "lost"])
    )


def _met(
    shares: csr_array,
    present: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Share of the source's business where the target is present; 1 where either is unknown."""
    known = np.diff(shares.indptr) > 0
    met = row_dot(shares, present, sources, targets)
    met[~(known[sources] & known[targets])] = 1.0
    return met
