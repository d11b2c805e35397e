"""Filters of a request: the partners that may be proposed."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import UnknownValueError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.tables import canonical_market, did_you_mean

#: Columns of `partners` that a request can filter by, and whether several values share a cell.
FILTERED_COLUMNS = {
    "types": ("type", True),
    "tiers": ("tier", False),
    "countries": ("country", False),
}


class Filters(Protocol):
    """The filters of a :class:`~ecosystem_graph.recommending.requests.request.Request`."""

    @property
    def territories(self) -> Sequence[str]:
        """Markets a collaborator must do business in, one of them; empty for all."""

    @property
    def candidates(self) -> Sequence[str] | None:
        """The only partners that may be proposed; None for all."""

    @property
    def exclude(self) -> Sequence[str]:
        """Partners that are not proposed."""


def open_to(graph: EcosystemGraph, request: Filters) -> NDArray[np.bool_] | None:
    """Partners that pass every filter of a request; None where it has none."""
    masks = []
    if request.territories:
        codes = [canonical_market(code) for code in request.territories]
        _check_values("territory", codes, graph.market_codes.tolist())
        wanted = np.isin(graph.market_codes, codes).astype(np.float64)
        masks.append((graph.territories @ wanted) > 0)
    for name, (column, several) in FILTERED_COLUMNS.items():
        if values := getattr(request, name):
            values = [canonical_market(v) for v in values] if column == "country" else values
            masks.append(_having(graph.tables["partners"][column], values, several=several))
    positions = np.arange(graph.n_partners)
    if request.candidates is not None:
        masks.append(np.isin(positions, graph.index.positions(request.candidates)))
    if request.exclude:
        masks.append(~np.isin(positions, graph.index.positions(request.exclude)))
    return np.logical_and.reduce(masks) if masks else None


def _having(column: pl.Series, values: Sequence[str], *, several: bool) -> NDArray[np.bool_]:
    """Partners with one of some values in a column, in which `;` may separate several."""
    cells = column.fill_null("").str.split(";" if several else "\0")
    cells = cells.list.eval(pl.element().str.strip_chars())
    found = cells.explode().drop_nulls().unique().sort()
    _check_values(column.name, values, found.filter(found != "").to_list())
    mask: NDArray[np.bool_] = cells.list.set_intersection(list(values)).list.len().to_numpy() > 0
    return mask


def _check_values(what: str, values: Sequence[str], known: Sequence[str]) -> None:
    for value in values:
        if value not in known:
            raise UnknownValueError(
                f"no partner has the {what} {value!r}.{did_you_mean(value, list(known))}"
            )
