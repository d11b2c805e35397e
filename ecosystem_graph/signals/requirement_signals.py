"""Signals of a customer's need and a partner: who could deliver what is asked for, there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import column_scaled, entries_at, row_shares, tidy
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.features.pair_features import PairFeatures
from ecosystem_graph.signals.network.neighbours import unit_rows
from ecosystem_graph.signals.table import Signal

Positions = NDArray[np.intp]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Needs:
    """Needs of customers, each with the partner that leads it.

    Attributes
    ----------
    features : GraphFeatures
    leads : ndarray of shape (n_needs,)
        Positions of the partners that look for others.
    asked : csr_array of shape (n_needs, n_capabilities)
        Shares of what is asked for; rows sum to 1, or to 0 where nobody says.
    territories, industries : csr_array of shape (n_needs, n_territories or n_industries)
        1 where the need is; empty rows where it is unknown.
    """

    features: GraphFeatures
    leads: Positions
    asked: csr_array
    territories: csr_array
    industries: csr_array

    @classmethod
    def of(
        cls, features: GraphFeatures, leads: Positions, needs: pl.DataFrame, asked: pl.DataFrame
    ) -> Self:
        """Read needs off frames.

        Parameters
        ----------
        features : GraphFeatures
        leads : ndarray of shape (n_needs,)
        needs : polars.DataFrame
            One row per need: need_id, territory, industry (both may be null), by id.
        asked : polars.DataFrame
            need_id, capability_id, weight (null counts 1); capabilities nobody has heard of are
            left out.
        """
        graph = features.graph
        capabilities = graph.taxonomy.ids
        known = asked.filter(
            pl.col("capability_id").is_in(capabilities.implode())
            & (pl.col("weight").fill_null(1.0) > 0)
        )
        weight = known["weight"].fill_null(1.0)
        ids = needs["need_id"]
        asked_for = label_matrix(
            known["need_id"], ids, known["capability_id"], capabilities, weight
        )
        names, _ = graph.industries
        return cls(
            features,
            leads,
            row_shares(asked_for),
            _placed(needs, "territory", graph.market_codes),
            _placed(needs, "industry", names),
        )

    def __len__(self) -> int:
        return len(self.leads)

    @cached_property
    def missing(self) -> csr_array:
        """What is asked for and the lead does not hold itself."""
        rows = np.repeat(np.arange(len(self)), np.diff(self.asked.indptr))
        held = entries_at(self.features.firmly_held, self.leads[rows], self.asked.indices)
        missing = self.asked.copy()
        missing.data = np.where(held > 0, 0.0, self.asked.data)
        return tidy(missing)

    @cached_property
    def topics(self) -> csr_array:
        """What is asked for, rare things counting more, rows of length 1."""
        graph = self.features.graph
        deals = np.asarray((graph.requirements > 0).sum(axis=0)).ravel()
        return unit_rows(column_scaled(self.asked, np.log((graph.n_deals + 1) / (deals + 1))))


@dataclass(frozen=True, eq=False)
class NeedPairs:
    """Pairs of a need and a partner that could serve it.

    Attributes
    ----------
    needs : Needs
    rows, targets : ndarray of shape (n_pairs,)
        Place of the need, position of the partner; equal needs stand together.
    """

    needs: Needs
    rows: Positions
    targets: Positions

    def dot(self, asked: csr_array, offered: csr_array) -> Values:
        """Dot product of a need's row and a partner's, for every pair."""
        return row_dot(asked, offered, self.rows, self.targets)


def need_values(name: str, pairs: NeedPairs) -> Values:
    """One signal of many needs and partners, by its name in :data:`NEED_SIGNALS`."""
    return _VALUES[name](pairs)


def _said(name: str, says: str, unit: str, scale: Literal["log", "linear"]) -> Signal:
    return Signal(name, says, "complementarity", unit, scale, _of_pairs_alone)


def _of_pairs_alone(_: PairFeatures) -> Values:
    raise TypeError("a signal of a need takes the need as well: use need_values.")


#: Signals of a need and a partner by name; their values come from :func:`need_values`.
NEED_SIGNALS: dict[str, Signal] = {
    signal.name: signal
    for signal in (
        _said("need_cover", "what it holds of what is asked for", "share, 0..1", "linear"),
        _said("need_gap", "what it holds of what the partner lacks", "share, 0..1", "linear"),
        _said(
            "need_experience", "joint deals it won asking for it", "log of deals, >= 0", "linear"
        ),
        _said("need_share", "its share of the deals asking for it", "share, >= 0", "log"),
        _said("need_topics", "how near its deals are to what is asked", "cosine, 0..1", "linear"),
        _said("need_company", "how near its company is to it", "cosine, 0..1", "linear"),
        _said("need_territory", "its business in the territory", "share, 0..1", "linear"),
        _said("need_industry", "its deals in the industry", "share, 0..1", "linear"),
    )
}

_VALUES: dict[str, Callable[[NeedPairs], Values]] = {
    "need_cover": lambda p: p.dot(p.needs.asked, p.needs.features.firmly_held),
    "need_gap": lambda p: p.dot(p.needs.missing, p.needs.features.firmly_held),
    "need_experience": lambda p: p.dot(p.needs.asked, p.needs.features.experience),
    "need_share": lambda p: p.dot(p.needs.asked, p.needs.features.scarce_needs),
    "need_topics": lambda p: p.dot(p.needs.topics, p.needs.features.topics),
    "need_company": lambda p: p.dot(p.needs.topics, p.needs.features.company_topics),
    "need_territory": lambda p: p.dot(p.needs.territories, p.needs.features.graph.territories),
    "need_industry": lambda p: p.dot(p.needs.industries, p.needs.features.graph.industries[1]),
}


def _placed(needs: pl.DataFrame, column: str, names: NDArray[np.object_]) -> csr_array:
    markets = pl.Series(names, dtype=pl.String)
    placed = needs.filter(pl.col(column).is_in(markets.implode()))
    return label_matrix(placed["need_id"], needs["need_id"], placed[column], markets)
