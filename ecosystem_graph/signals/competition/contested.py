"""Where two partners compete: market cells in which both sell, and kinds that are substitutes."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.arrays.labels import gathered
from ecosystem_graph.arrays.list_kernels import largest_terms
from ecosystem_graph.signals.competition.competition import head_on
from ecosystem_graph.signals.features.graph_features import GraphFeatures

#: Products or capabilities, and territories, that are considered for each pair.
_MOST_SOLD = 10
_MOST_TERRITORIES = 3

Lists = NDArray[np.int32]


def contested_cells(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp], k: int
) -> tuple[Lists, Lists]:
    """Market cells in which the two compete, those with most of the source's business first.

    A product that both sell is contested. A capability that both declare is contested only where
    it is in demand with one of them and the other holds more of it: the others are no reason to
    work together in the first place. What only one of them has cannot be contested.

    Parameters
    ----------
    features : GraphFeatures
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.
    k : int
        Cells per pair, >= 1.

    Returns
    -------
    tuple of ndarray of shape (n_pairs, k)
        Column of `Markets.sold` and of `Markets.territories`, -1 where there is no further cell;
        the territory alone is -1 where those of either partner are unknown.

    Examples
    --------
    >>> from ecosystem_graph import EcosystemGraph, read_tables
    >>> import polars as pl
    >>> both = {"partner_id": ["ann", "bob"]}
    >>> tables = read_tables(
    ...     {
    ...         "partners": pl.DataFrame({**both, "name": ["Ann", "Bob"], "country": ["DE", "DE"]}),
    ...         "partner_capabilities": pl.DataFrame({**both, "capability_id": ["crm", "erp"]}),
    ...         "offerings": pl.DataFrame({**both, "product_id": ["vpn", "vpn"], "role": "resell"}),
    ...     }
    ... )
    >>> features = GraphFeatures(EcosystemGraph.from_tables(tables, "2025-01-01"))
    >>> contested_cells(features, np.array([0]), np.array([1]), k=2)
    (array([[ 0, -1]], dtype=int32), array([[ 0, -1]], dtype=int32))
    """
    markets = features.markets
    products, places, _ = markets.present
    sold = largest_terms(markets.sold, products, sources, targets, _MOST_SOLD)
    sold[~_brought(features, sold, sources, targets)] = -1
    ours, theirs = head_on(markets, sources, targets), head_on(markets, targets, sources)
    sold[~((ours > 0) | (theirs > 0))] = -1
    where = largest_terms(markets.territories, places, sources, targets, _MOST_TERRITORIES)
    n_places = where.shape[1]
    items, territories = np.repeat(sold, n_places, axis=1), np.tile(where, _MOST_SOLD)
    # No shared territory although they compete: that of one is unknown, and the cell has none.
    anywhere = np.all(where < 0, axis=1, keepdims=True) & (
        np.arange(items.shape[1]) % n_places == 0
    )
    valid = (items >= 0) & ((territories >= 0) | anywhere)
    first = np.argsort(~valid, axis=1, kind="stable")[:, :k]
    kept = np.take_along_axis(valid, first, axis=1)
    cells = (np.take_along_axis(part, first, axis=1) for part in (items, territories))
    items, territories = (np.where(kept, part, -1) for part in cells)
    return items, territories


def contested_labels(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp], k: int
) -> pl.Series:
    """Contested cells of each pair, as `product @ territory`; see :func:`contested_cells`."""
    graph = features.graph
    sellable = pl.Series([*graph.products, *graph.taxonomy.ids], dtype=pl.String)
    sold, where = contested_cells(features, sources, targets, k)
    items = gathered(sellable, sold)
    places = gathered(pl.Series(graph.market_codes, dtype=pl.String), where)
    labels = items + (" @ " + places).fill_null("")
    return labels.reshape(sold.shape).arr.to_list().list.drop_nulls()


def substitute_labels(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> pl.Series:
    """Which kinds make the two of each pair substitutes, in words; null where none do.

    Examples
    --------
    >>> from ecosystem_graph import EcosystemGraph, read_tables
    >>> import polars as pl
    >>> sides = [f"{kind}-{n}" for n in range(10) for kind in ("isv", "msp")]
    >>> deals = [f"d-{n}" for n in range(100)]
    >>> tables = read_tables(
    ...     {
    ...         "partners": pl.DataFrame(
    ...             {"partner_id": sides, "name": sides, "type": [side[:3] for side in sides]}
    ...         ),
    ...         "deals": pl.DataFrame(
    ...             {"deal_id": deals, "outcome": "won", "closed_on": "2024-05-01"}
    ...         ),
    ...         "deal_partners": pl.DataFrame(
    ...             {
    ...                 "deal_id": deals * 2,
    ...                 "partner_id": [f"isv-{n % 10}" for n in range(100)]
    ...                 + [f"msp-{n // 10}" for n in range(100)],
    ...             }
    ...         ),
    ...     }
    ... )
    >>> features = GraphFeatures(EcosystemGraph.from_tables(tables, "2025-01-01"))
    >>> substitute_labels(features, np.array([0, 0]), np.array([1, 10])).to_list()
    ['isv and isv hardly ever win together: 0 joint wins of 24 to be expected', None]
    """
    labels = np.full(len(sources), None, dtype=object)
    strongest = np.zeros(len(sources))
    for kinds in features.markets.kinds:
        far, ours, theirs = kinds.foremost(sources, targets)
        here = far > strongest
        words = kinds.words
        labels[here] = [words[pair] for pair in zip(ours[here], theirs[here], strict=True)]
        strongest[here] = far[here]
    return pl.Series(labels, dtype=pl.String)


def _brought(
    features: GraphFeatures, sold: Lists, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether each item both sell is a product, or a capability that one would bring the other."""
    n_products = features.graph.offerings.shape[1]
    brought: NDArray[np.bool_] = np.asarray(sold >= 0)
    rows, columns = np.nonzero(sold >= n_products)
    capability, a, b = sold[rows, columns] - n_products, sources[rows], targets[rows]
    ours, theirs = (entries_at(features.graph.held, side, capability) for side in (a, b))
    wanted, wanted_by_target = (entries_at(features.demand, side, capability) for side in (a, b))
    deeper = ((wanted > 0) & (theirs > ours)) | ((wanted_by_target > 0) & (ours > theirs))
    brought[rows, columns] = deeper
    return brought
