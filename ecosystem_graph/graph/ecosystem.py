"""An ecosystem as of a date: sparse arrays over partners, deals, capabilities and markets."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from ecosystem_graph.arrays.csr import tidy, without_diagonal
from ecosystem_graph.arrays.fingerprints import colours, distinct, ranks
from ecosystem_graph.arrays.vectors import decay
from ecosystem_graph.graph.matrices import (
    age_in_days,
    deal_incidence,
    declared_strength,
    industry_shares,
    inferred_strength,
    offering_matrix,
    requirement_weights,
    territory_shares,
    won_deals,
)
from ecosystem_graph.graph.partner_index import PartnerIndex
from ecosystem_graph.graph.taxonomy import Taxonomy, rolled_up
from ecosystem_graph.tables import Tables, as_date, known_at
from ecosystem_graph.tables.cleaning.identities import other_ids
from ecosystem_graph.tables.opening.forking import check_alive


@dataclass(frozen=True, eq=False)
class EcosystemGraph:
    """Partners, their capabilities, products and territories, and the deals won before a date.

    Built by :meth:`from_tables`; every array has partners in the order of `index`.

    Attributes
    ----------
    as_of : datetime.date
        Only events before this date are in the graph.
    index : PartnerIndex
        Ids and names of the partners.
    tables : Tables
        The tables as known on `as_of`.
    deals : polars.DataFrame
        Won deals with a date: deal_id, closed_on, territory, industry, amount, currency.
    incidence : csr_array of shape (n_partners, n_deals)
        1 where the partner was on the won deal.
    requirements : csr_array of shape (n_deals, n_capabilities)
        Weight of each capability a won deal required, > 0.
    taxonomy : Taxonomy
        The capabilities and their hierarchy.
    declared : csr_array of shape (n_partners, n_capabilities)
        Strength, 0..1, of the capabilities declared and valid on `as_of`, by evidence.
    products : ndarray of str, shape (n_products,)
    offerings : csr_array of shape (n_partners, n_products)
        1 where the partner sells the product on `as_of`.
    market_codes : ndarray of str, shape (n_territories,)
    territories : csr_array of shape (n_partners, n_territories)
        Share of each partner's business by territory; rows sum to 1, or to 0 if unknown.
    """

    as_of: date
    index: PartnerIndex
    tables: Tables
    deals: pl.DataFrame
    incidence: csr_array
    requirements: csr_array
    taxonomy: Taxonomy
    declared: csr_array
    products: NDArray[np.object_]
    offerings: csr_array
    market_codes: NDArray[np.object_]
    territories: csr_array

    @classmethod
    def from_tables(cls, tables: Tables, as_of: date | str | None = None) -> Self:
        """Build the graph from tables, using only what was known before a date.

        Parameters
        ----------
        tables : Tables
            From :func:`~ecosystem_graph.read_tables` or :func:`~ecosystem_graph.load_dataset`.
        as_of : datetime.date or ISO str, optional
            By default the date in the tables' descriptor, else the day after their last event.

        Returns
        -------
        EcosystemGraph

        Raises
        ------
        HistoryError
            If no date is given and the tables hold none.

        Examples
        --------
        >>> import polars as pl
        >>> from ecosystem_graph import EcosystemGraph, read_tables
        >>> tables = read_tables(
        ...     {
        ...         "partners": pl.DataFrame({"partner_id": ["a", "b"], "name": ["Ann", "Bob"]}),
        ...         "deals": pl.DataFrame(
        ...             {"deal_id": ["d"], "outcome": ["won"], "closed_on": ["2024-05-01"]}
        ...         ),
        ...         "deal_partners": pl.DataFrame(
        ...             {"deal_id": ["d", "d"], "partner_id": ["a", "b"]}
        ...         ),
        ...     }
        ... )
        >>> EcosystemGraph.from_tables(tables, as_of="2025-01-01")
        EcosystemGraph as of 2025-01-01: 2 partners, 1 won deals, 1 pairs with joint wins, ...
        """
        if not isinstance(tables, Tables):
            raise TypeError(
                "tables must be Tables, from read_tables or load_dataset. Got "
                f"{type(tables).__name__}."
            )
        check_alive()
        day = tables.default_as_of() if as_of is None else as_date(as_of)
        known = known_at(tables, day)
        partners = known["partners"].sort("partner_id")
        index = PartnerIndex(
            partners["partner_id"], partners["name"], known.absent, other_ids(known["aliases"])
        )
        taxonomy = Taxonomy.from_tables(known)
        deals = won_deals(known)
        products, offerings = offering_matrix(known, partners["partner_id"])
        codes, territories = territory_shares(known, partners)
        return cls(
            as_of=day,
            index=index,
            tables=known.replaced({"partners": partners}),
            deals=deals,
            incidence=deal_incidence(known, partners["partner_id"], deals["deal_id"]),
            requirements=requirement_weights(known, deals["deal_id"], taxonomy.ids),
            taxonomy=taxonomy,
            declared=declared_strength(
                known["partner_capabilities"], partners["partner_id"], taxonomy.ids
            ),
            products=products,
            offerings=offerings,
            market_codes=codes,
            territories=territories,
        )

    def __repr__(self) -> str:
        return (
            f"EcosystemGraph as of {self.as_of}: {self.n_partners:,} partners, "
            f"{self.n_deals:,} won deals, {self.joint_wins.nnz // 2:,} pairs with joint wins, "
            f"{len(self.taxonomy):,} capabilities, {len(self.products):,} products, "
            f"{len(self.market_codes):,} territories"
        )

    @property
    def n_partners(self) -> int:
        """Number of partners."""
        return len(self.index)

    @property
    def n_deals(self) -> int:
        """Number of won deals with a date."""
        return self.deals.height

    @cached_property
    def age_days(self) -> NDArray[np.float64]:
        """Age of each won deal in days on `as_of`, shape (n_deals,), >= 1."""
        return age_in_days(self.deals["closed_on"], self.as_of)

    @cached_property
    def team_size(self) -> NDArray[np.float64]:
        """Number of partners in each won deal, shape (n_deals,).

        Members whose rows are in quarantine count as well: the team was no smaller without them.
        """
        seats = np.asarray(self.incidence.sum(axis=0), dtype=np.float64).ravel()
        lost = self.tables.lost_seats["deal_id"].value_counts(name="lost")
        counted = self.deals.select("deal_id").join(
            lost, on="deal_id", how="left", maintain_order="left"
        )
        size: NDArray[np.float64] = seats + counted["lost"].fill_null(0).to_numpy()
        return size

    @cached_property
    def joint_wins(self) -> csr_array:
        """Number of won deals two partners share, symmetric, zero diagonal."""
        return without_diagonal(self.incidence @ self.incidence.T)

    @cached_property
    def adjacency(self) -> csr_array:
        """1 where two partners share a won deal, symmetric, zero diagonal."""
        adjacency = self.joint_wins.copy()
        adjacency.data[:] = 1.0
        return adjacency

    @cached_property
    def degree(self) -> NDArray[np.float64]:
        """Number of partners each partner has won with, shape (n_partners,)."""
        return np.asarray(np.diff(self.adjacency.indptr), dtype=np.float64)

    @cached_property
    def fingerprints(self) -> NDArray[np.uint64]:
        """Hash of what each partner did and holds, independent of its id, (n_partners,).

        Partners that are alike in all of it are distinguished by their ids.
        """
        zeros = np.zeros(max(len(self.taxonomy), len(self.market_codes), len(self.products)), int)
        relations = [
            (self.incidence, self.age_days.astype(np.int64)),
            *(
                (links, zeros[: links.shape[1]])
                for links in (self.held, self.territories, self.offerings)
            ),
        ]
        return distinct(colours(relations, self.n_partners), self.index.hashes)

    @cached_property
    def tie_rank(self) -> NDArray[np.int64]:
        """Rank of each partner from few collaborators to many, (n_partners,); breaks ties."""
        return ranks(self.degree, np.diff(self.held.indptr), self.fingerprints)

    @cached_property
    def has_history(self) -> NDArray[np.bool_]:
        """Whether a partner has a dated row before `as_of`, or joined before it."""
        introduced = self.tables["introductions"]
        dated = self.tables["deals"].filter(
            ~pl.all_horizontal(pl.col("opened_on", "closed_on").is_null())
        )
        on_deals = self.tables["deal_partners"].join(dated, on="deal_id", how="semi")
        seen = [on_deals["partner_id"], self.tables["csat"]["partner_id"]]
        seen += [introduced["partner_id"], introduced["collaborator_id"]]
        partners = self.tables["partners"]
        rows = partners["partner_id"].is_in(pl.concat(seen).implode())
        return (partners["joined_on"].is_not_null() | rows).to_numpy()

    def decay(self, half_life_days: float) -> NDArray[np.float64]:
        """What is left of each won deal at its age, shape (n_deals,), 0..1."""
        return decay(self.age_days, half_life_days)

    def pair_weight(self, half_life_days: float) -> NDArray[np.float64]:
        """What each won deal adds to :meth:`joint_win_weight` of its pairs, shape (n_deals,)."""
        return self.decay(half_life_days) / np.maximum(self.team_size - 1, 1)

    def joint_win_weight(self, half_life_days: float) -> csr_array:
        """Joint wins, weighted down by the size of the team and by age.

        A win by m partners gives each of its pairs 1/(m-1) (Newman 2001), so that one win adds
        one to each partner's total however large the team; it halves every `half_life_days`.

        Parameters
        ----------
        half_life_days : float
            Days, > 0.

        Returns
        -------
        csr_array of shape (n_partners, n_partners)
            Symmetric, zero diagonal, >= 0.

        References
        ----------
        Newman, M. E. J. (2001). Scientific collaboration networks II. Physical Review E 64,
        016132. doi:10.1103/PhysRevE.64.016132
        """
        weight = diags_array(self.pair_weight(half_life_days))
        return without_diagonal(self.incidence @ weight @ self.incidence.T)

    @cached_property
    def industries(self) -> tuple[NDArray[np.object_], csr_array]:
        """Industries of won deals, and the share of each among a partner's won deals."""
        return industry_shares(self.deals, self.incidence)

    @cached_property
    def inferred(self) -> csr_array:
        """Strength, 0..0.5, of capabilities inferred from won deals: :func:`inferred_strength`."""
        return inferred_strength(self.incidence, self.requirements, self.team_size)

    @cached_property
    def held(self) -> csr_array:
        """Strength, 0..1, of the capabilities a partner holds.

        The better of declared and inferred. Holding a part covers the whole to some degree, and
        holding a replaced capability covers its successor to some degree.
        """
        best = tidy(self.declared.maximum(self.inferred))
        return rolled_up(best, self.taxonomy.covers())
