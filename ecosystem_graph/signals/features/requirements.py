"""Requirements of customers as arrays, and pairs of a requirement and a partner."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import (
    column_scaled,
    entries_at,
    row_of_entries,
    row_shares,
    tidy,
    unit_rows,
)
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.arrays.typing import Positions, Values
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.signals.features.graph_features import GraphFeatures


@dataclass(frozen=True, eq=False)
class Requirements:
    """Requirements of customers as arrays, each with the partner that leads it.

    Attributes
    ----------
    features : GraphFeatures
    leads : ndarray of shape (n_requirements,)
        Positions of the partners that look for collaborators.
    asked : csr_array of shape (n_requirements, n_capabilities)
        Shares of the capabilities required; rows sum to 1, or to 0 where none is stated.
    territories, industries : csr_array of shape (n_requirements, n_territories or n_industries)
        1 for the territory or industry of the customer; empty rows where unknown.
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
        """Requirements from frames.

        Parameters
        ----------
        features : GraphFeatures
        leads : ndarray of shape (n_requirements,)
        needs : polars.DataFrame
            One row per requirement: need_id, territory, industry (both may be null), by id.
        asked : polars.DataFrame
            need_id, capability_id, weight (null counts 1); unknown capabilities are left out.
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
        """Shares of the required capabilities that the lead does not hold."""
        rows = row_of_entries(self.asked)
        held = entries_at(self.features.firmly_held, self.leads[rows], self.asked.indices)
        missing = self.asked.copy()
        missing.data = np.where(held > 0, 0.0, self.asked.data)
        return tidy(missing)

    @cached_property
    def topics(self) -> csr_array:
        """TF-IDF of the required capabilities, rows of length 1."""
        graph = self.features.graph
        deals = np.asarray((graph.requirements > 0).sum(axis=0)).ravel()
        return unit_rows(column_scaled(self.asked, np.log((graph.n_deals + 1) / (deals + 1))))


@dataclass(frozen=True, eq=False)
class RequirementPairs:
    """Pairs of a requirement and a partner that could serve it.

    Attributes
    ----------
    requirements : Requirements
    rows, targets : ndarray of shape (n_pairs,)
        Index of the requirement, position of the partner; equal rows are next to each other.
    """

    requirements: Requirements
    rows: Positions
    targets: Positions

    @property
    def features(self) -> GraphFeatures:
        """What signals read of the graph."""
        return self.requirements.features

    @property
    def graph(self) -> EcosystemGraph:
        """The graph the partners are in."""
        return self.requirements.features.graph

    def dot(self, asked: csr_array, offered: csr_array) -> Values:
        """Dot product of the row of the requirement and that of the partner, for every pair."""
        return row_dot(asked, offered, self.rows, self.targets)


def _placed(needs: pl.DataFrame, column: str, names: NDArray[np.object_]) -> csr_array:
    markets = pl.Series(names, dtype=pl.String)
    placed = needs.filter(pl.col(column).is_in(markets.implode()))
    return label_matrix(placed["need_id"], needs["need_id"], placed[column], markets)
