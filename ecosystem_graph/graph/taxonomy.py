"""The capabilities of an ecosystem and which is a part of which."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph.partner_index import encode
from ecosystem_graph.tables import Tables


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Capabilities in the order of their ids, with names and parents.

    Attributes
    ----------
    ids : polars.Series of str
        Every capability that any table speaks of, sorted.
    names : ndarray of str, shape (n_capabilities,)
        The id where a capability has no name.
    parent : ndarray of int, shape (n_capabilities,)
        Position of the capability it is a part of, -1 at the top.
    """

    ids: pl.Series
    names: NDArray[np.object_]
    parent: NDArray[np.intp]

    @classmethod
    def from_tables(cls, tables: Tables) -> Self:
        """Collect the capabilities that are declared, held or required."""
        declared = tables["capabilities"]
        spoken_of = [declared["capability_id"], declared["parent_id"].drop_nulls()]
        spoken_of += [
            tables[table]["capability_id"]
            for table in ("partner_capabilities", "deal_requirements")
        ]
        ids = pl.concat([column.rename("capability_id") for column in spoken_of]).unique().sort()
        frame = pl.DataFrame({"capability_id": ids}).join(
            declared, on="capability_id", how="left", maintain_order="left"
        )
        parent = np.full(len(ids), -1, dtype=np.intp)
        has_parent = frame["parent_id"].is_not_null().to_numpy()
        if has_parent.any():
            parent[has_parent] = encode(frame["parent_id"].drop_nulls(), ids)
        names = frame["name"].fill_null(frame["capability_id"]).to_numpy()
        return cls(ids=ids, names=names, parent=parent)

    def name(self, capability_id: str) -> str:
        """Name of one capability."""
        return str(self.names[self.ids.search_sorted(capability_id)])

    def __len__(self) -> int:
        return len(self.ids)
