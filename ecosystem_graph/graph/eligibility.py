"""Who may be paired at all: hard filters, applied before anything is scored."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at, tidy
from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.graph.ecosystem import EcosystemGraph
from ecosystem_graph.tables import likely_one_company


@dataclass(frozen=True, eq=False)
class Eligibility:
    """Partners that take part, and pairs that may not be proposed.

    Attributes
    ----------
    takes_part : ndarray of bool, shape (n_partners,)
        False for partners that opted out, are not active, or are bound exclusively: they get
        no list and stand in nobody's.
    family : ndarray of int, shape (n_partners,)
        Position of the first partner with the same ultimate parent; partners of one family are
        not proposed to each other.
    forbidden : csr_array of shape (n_partners, n_partners)
        Symmetric, nonzero where `do_not_pair` is in force, or two are likely one company.
    one_company : csr_array of shape (n_partners, n_partners)
        Symmetric, nonzero where two are likely one company: a name and a country in common.
    left_out : dict of str to int
        How many partners or pairs each reason took out.
    reasons : dict of str to ndarray of bool, shape (n_partners,)
        Whom each reason for taking no part holds for.
    """

    takes_part: NDArray[np.bool_]
    family: NDArray[np.intp]
    forbidden: csr_array
    one_company: csr_array
    left_out: dict[str, int]
    reasons: dict[str, NDArray[np.bool_]]

    @classmethod
    def from_graph(cls, graph: EcosystemGraph) -> Self:
        """Read opt-outs, status, families and restrictions in force from the graph's tables."""
        partners = graph.tables["partners"]
        status = partners["status"].cast(pl.String).fill_null("active")
        reasons = {
            "partners that opted out": (~partners["participates"].fill_null(True)).to_numpy(),
            "partners not active": (status != "active").to_numpy(),
            "partners bound exclusively": _exclusively_bound(graph),
        }
        takes_part = np.ones(graph.n_partners, dtype=bool)
        left_out = {}
        for reason, out in reasons.items():
            left_out[reason] = int((takes_part & out).sum())
            takes_part &= ~out
        not_to_be_paired, family = _do_not_pair(graph), _family(graph)
        left_out["pairs not to be paired"] = not_to_be_paired.nnz // 2
        size = np.bincount(family)
        left_out["pairs of one family"] = int((size * (size - 1) // 2).sum())
        one_company = _one_company(graph)
        left_out["pairs that are likely one company"] = one_company.nnz // 2
        forbidden = tidy(not_to_be_paired + one_company)
        left_out = {reason: n for reason, n in left_out.items() if n}
        return cls(takes_part, family, forbidden, one_company, left_out, reasons)

    def apart(self) -> csr_array:
        """Nonzero where two may never be proposed to each other, (n_partners, n_partners).

        Pairs not to be paired, pairs of one family, and the diagonal.
        """
        n = len(self.family)
        members = csr_array((np.ones(n), (np.arange(n), self.family)), shape=(n, n))
        return tidy(self.forbidden + members @ members.T)

    def permits(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each ordered pair may be proposed, shape (n_pairs,)."""
        both_in = self.takes_part[sources] & self.takes_part[targets]
        apart = self.family[sources] != self.family[targets]
        barred = entries_at(self.forbidden, sources, targets) > 0
        permitted: NDArray[np.bool_] = both_in & apart & ~barred & (sources != targets)
        return permitted


def why_no_part(graph: EcosystemGraph, position: int) -> list[str]:
    """Why a partner does not take part, such as ``["has opted out", "is suspended"]``."""
    partner = graph.tables["partners"].row(position, named=True)
    bonds = graph.tables["restrictions"].filter(
        (pl.col("kind") == "exclusive") & (pl.col("partner_id") == partner["partner_id"])
    )
    reasons = ["has opted out"] if partner["participates"] is False else []
    if (partner["status"] or "active") != "active":
        reasons.append(f"is {partner['status']}")
    if bonds.height:
        reasons.append(f"is bound exclusively to {bonds['collaborator_id'].min()!r}")
    return reasons


def _exclusively_bound(graph: EcosystemGraph) -> NDArray[np.bool_]:
    """Whether a partner may work with one other only, which need not be in the graph."""
    exclusive = graph.tables["restrictions"].filter(pl.col("kind") == "exclusive")
    bound: NDArray[np.bool_] = (
        graph.tables["partners"]["partner_id"].is_in(exclusive["partner_id"].implode()).to_numpy()
    )
    return bound


def _do_not_pair(graph: EcosystemGraph) -> csr_array:
    known = graph.tables["partners"]["partner_id"].implode()
    rows = graph.tables["restrictions"].filter(
        (pl.col("kind") == "do_not_pair")
        & pl.col("partner_id").is_in(known)
        & pl.col("collaborator_id").is_in(known)
    )
    return _symmetric(
        graph.index.encode(rows["partner_id"]),
        graph.index.encode(rows["collaborator_id"]),
        graph.n_partners,
    )


def _one_company(graph: EcosystemGraph) -> csr_array:
    pairs = likely_one_company(graph.tables["partners"], graph.tables["aliases"])
    return _symmetric(pairs["left"].to_numpy(), pairs["right"].to_numpy(), graph.n_partners)


def _family(graph: EcosystemGraph) -> NDArray[np.intp]:
    """First partner of each partner's family, however long the chain of parents.

    An ultimate parent that is not in the graph still makes its partners one family.
    """
    partners = graph.tables["partners"]
    ids, owners = partners["partner_id"], partners["parent_id"].drop_nulls().rename("partner_id")
    companies = pl.concat([ids, owners]).unique(maintain_order=True)
    parent = np.arange(len(companies))
    owned = partners["parent_id"].is_not_null().to_numpy()
    parent[: len(ids)][owned] = encode(owners, companies)
    _, first, family = np.unique(_roots(parent)[: len(ids)], return_index=True, return_inverse=True)
    return first[family]


def _roots(parent: NDArray[np.intp]) -> NDArray[np.intp]:
    """Follow parents to the top, doubling the step each time; chains hold no cycle."""
    while not np.array_equal(parent[parent], parent):
        parent = parent[parent]
    return parent


def _symmetric(left: NDArray[np.intp], right: NDArray[np.intp], n: int) -> csr_array:
    rows, columns = np.concatenate([left, right]), np.concatenate([right, left])
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    matrix.sum_duplicates()
    return matrix
