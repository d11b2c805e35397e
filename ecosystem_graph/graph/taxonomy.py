"""The capabilities of an ecosystem and their hierarchy."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import row_of_entries, tidy
from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.tables import Tables

#: Strength that holding a capability gives in the whole it is a part of.
PART_OF_WHOLE = 0.5

#: Strength that holding a replaced capability gives in its successor.
SUCCESSOR = 0.8

#: Chains of links weaker than this are not followed further.
_FAINTEST = 0.1


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Capabilities in the order of their ids, with names and parents.

    Attributes
    ----------
    ids : polars.Series of str
        Every capability that any table names, sorted.
    names : ndarray of str, shape (n_capabilities,)
        The id for a capability without a name.
    parent : ndarray of int, shape (n_capabilities,)
        Position of the capability it is a part of, -1 at the top.
    successor : ndarray of int, shape (n_capabilities,)
        Position of the capability that replaced it, -1 for those in use.
    """

    ids: pl.Series
    names: NDArray[np.object_]
    parent: NDArray[np.intp]
    successor: NDArray[np.intp]

    @classmethod
    def from_tables(cls, tables: Tables) -> Self:
        """Collect the capabilities that are declared, held or required."""
        declared = tables["capabilities"]
        links = [declared[column].drop_nulls() for column in ("parent_id", "replaced_by")]
        spoken_of = [declared["capability_id"], *links]
        spoken_of += [
            tables[table]["capability_id"]
            for table in ("partner_capabilities", "deal_requirements")
        ]
        ids = pl.concat([column.rename("capability_id") for column in spoken_of]).unique().sort()
        frame = pl.DataFrame({"capability_id": ids}).join(
            declared, on="capability_id", how="left", maintain_order="left"
        )
        names = frame["name"].fill_null(frame["capability_id"]).to_numpy()
        parent, successor = (_positions(frame[link], ids) for link in ("parent_id", "replaced_by"))
        return cls(ids=ids, names=names, parent=parent, successor=successor)

    def covers(self) -> csr_array:
        """How far holding one capability (row) covers another (column).

        Holding a part covers the whole by half; holding what was replaced covers its successor by
        0.8; along a chain of links the factors multiply, and the best of several chains counts.

        Returns
        -------
        csr_array of shape (n_capabilities, n_capabilities)
            0..1, without the diagonal.
        """
        n = len(self)
        links = pl.DataFrame(
            {
                "whole": np.concatenate([np.arange(n), np.arange(n)]),
                "next": np.concatenate([self.parent, self.successor]),
                "factor": np.repeat([PART_OF_WHOLE, SUCCESSOR], n),
            }
        ).filter(pl.col("next") >= 0)
        reached = [links.rename({"whole": "held", "next": "whole"})]
        while not reached[-1].is_empty():
            further = (
                reached[-1]
                .join(links, on="whole", suffix="_on")
                .select("held", whole="next", factor=pl.col("factor") * pl.col("factor_on"))
            )
            reached.append(further.filter(pl.col("factor") >= _FAINTEST).unique())
        best = (
            pl.concat(reached)
            .filter(pl.col("held") != pl.col("whole"))
            .group_by("held", "whole")
            .agg(pl.col("factor").max())
        )
        places = (best["held"].to_numpy(), best["whole"].to_numpy())
        return tidy(csr_array((best["factor"].to_numpy(), places), shape=(n, n)))

    def name(self, capability_id: str) -> str:
        """Name of one capability."""
        return str(self.names[self.ids.search_sorted(capability_id)])

    def __len__(self) -> int:
        return len(self.ids)


def _positions(named: pl.Series, ids: pl.Series) -> NDArray[np.intp]:
    """Position of each capability named, -1 for none."""
    positions = np.full(len(named), -1, dtype=np.intp)
    given = named.is_not_null().to_numpy()
    if given.any():
        positions[given] = encode(named.drop_nulls(), ids)
    return positions


def rolled_up(held: csr_array, covers: csr_array) -> csr_array:
    """Strength of what partners hold, and of the wholes and successors that it covers.

    Parameters
    ----------
    held : csr_array of shape (n_partners, n_capabilities)
        Strength, 0..1.
    covers : csr_array of shape (n_capabilities, n_capabilities)
        From :meth:`Taxonomy.covers`.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        Strength, 0..1, nowhere below `held`: the best of what is held and what it covers.

    Examples
    --------
    >>> part_of_whole = csr_array([[0.0, 0.5], [0.0, 0.0]])
    >>> rolled_up(csr_array([[0.8, 0.0], [0.8, 1.0]]), part_of_whole).toarray()
    array([[0.8, 0.4],
           [0.8, 1. ]])
    """
    if covers.nnz == 0:
        return held
    rows = row_of_entries(held).astype(np.int64)
    n_covered = np.diff(covers.indptr)[held.indices]
    # Entries of `covers` that belong to each entry of `held`.
    ends = np.cumsum(n_covered)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - n_covered, n_covered)
    place = np.repeat(covers.indptr[held.indices], n_covered) + within
    strength = np.repeat(held.data, n_covered) * covers.data[place]
    keys = np.repeat(rows, n_covered) * held.shape[1] + covers.indices[place]
    order = np.lexsort((-strength, keys))
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(keys[order]) > 0
    best = order[first]
    where = (keys[best] // held.shape[1], keys[best] % held.shape[1])
    return tidy(held.maximum(csr_array((strength[best], where), shape=held.shape)))
