"""The market of a requirement: who is active in its territory, and what they sell there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import presence, row_scaled, tidy
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.tables.values.markets import parent_market

Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TeamMarket:
    """What partners offer to a customer in one territory.

    Attributes
    ----------
    active : ndarray of bool, shape (n_partners,)
        Whether a partner does business in the territory. True too where its territories are not on
        record, or no territory is given.
    offered : csr_array of shape (n_partners, n_products)
        1 where an active partner sells the product.
    territories : csr_array of shape (n_partners, n_territories) or None
        Where no territory is given: 1 where a partner does business.
    """

    active: Flags
    offered: csr_array
    territories: csr_array | None

    @classmethod
    def of(cls, graph: EcosystemGraph, territory: str | None) -> "TeamMarket":
        """The market of a territory; a country counts for its regions, and they for it."""
        known = np.diff(graph.territories.indptr) > 0
        offered = presence(graph.offerings)
        if territory is None:
            everywhere = np.ones(graph.n_partners, dtype=bool)
            return cls(everywhere, offered, presence(graph.territories))
        codes = [
            territory in (code, parent_market(code)) or code == parent_market(territory)
            for code in graph.market_codes.tolist()
        ]
        active = (graph.territories @ np.array(codes, dtype=np.float64) > 0) | ~known
        return cls(active, tidy(row_scaled(offered, active.astype(np.float64))), None)

    def contested(self, sources: Positions, targets: Positions) -> Flags:
        """Whether the two partners of each pair sell the same product in the same market."""
        if not self.offered.nnz:
            return np.zeros(len(sources), dtype=bool)
        same: Flags = row_dot(self.offered, self.offered, sources, targets) > 0
        if self.territories is not None:
            known = np.diff(self.territories.indptr) > 0
            meet = row_dot(self.territories, self.territories, sources, targets) > 0
            same &= meet | ~(known[sources] & known[targets])
        return same

    def shared(self, source: int, target: int) -> Positions:
        """Products that both partners sell."""
        both = self.offered[[source]].multiply(self.offered[[target]])
        return np.flatnonzero(np.asarray(both.sum(axis=0)).ravel())
