"""How far a partner serves the stated objectives of another."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from ecosystem_graph.arrays.csr import presence, row_shares, tidy
from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.arrays.pair_kernels import row_dot
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals.demand.complementarity import reciprocal
from ecosystem_graph.tables import canonical_market


def objective_shares(graph: EcosystemGraph) -> csr_array:
    """Objectives of each partner in force on the day, as shares of their weight.

    Parameters
    ----------
    graph : EcosystemGraph

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities + n_territories + n_industries)
        Rows sum to 1, or to 0 for a partner that states none. An objective that no
        partner can serve, such as an unknown capability, keeps its share.
    """
    ids = graph.tables["partners"]["partner_id"]
    rows = graph.tables["objectives"].filter(pl.col("partner_id").is_in(ids.implode()))
    rows = rows.with_columns(pl.col("kind").cast(pl.String), pl.col("weight").fill_null(1.0))
    labels = pl.concat([_labelled(kind, names) for kind, names in _targets(graph)])
    markets = {target: canonical_market(target) for target in rows["target"].unique()}
    target = (
        pl.when(pl.col("kind") == "territory")
        .then(pl.col("target").replace(markets))
        .otherwise("target")
    )
    aimed = rows.with_columns(label=pl.concat_str("kind", pl.lit(":"), target))
    unserved = aimed["label"].filter(~aimed["label"].is_in(labels.implode())).unique().sort()
    places = (
        graph.index.encode(aimed["partner_id"]),
        encode(aimed["label"], pl.concat([labels, unserved])),
    )
    shape = (graph.n_partners, len(labels) + len(unserved))
    weight = aimed["weight"].to_numpy().astype(np.float64)
    shares = row_shares(tidy(csr_array((weight, places), shape=shape)))
    return tidy(shares[:, : len(labels)])


def serves(graph: EcosystemGraph) -> csr_array:
    """Objectives that each partner serves: capabilities held, territories, industries won in.

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities + n_territories + n_industries)
        Strength of a capability, 0..1; 1 for a territory or industry.
    """
    _, industries = graph.industries
    parts = [graph.held, presence(graph.territories), presence(industries)]
    return tidy(hstack(parts, format="csr"))


def alignment(
    objectives: csr_array,
    serving: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """How far each of two partners serves the other's objectives, the harmonic mean of both ways.

    Parameters
    ----------
    objectives : csr_array of shape (n_partners, n_targets)
        From :func:`objective_shares`.
    serving : csr_array of shape (n_partners, n_targets)
        From :func:`serves`.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1. Where only one side states objectives, its way alone; 0 where neither does.

    Examples
    --------
    >>> objectives = csr_array([[1.0, 0.0], [0.5, 0.5]])
    >>> serving = csr_array([[0.0, 1.0], [1.0, 0.0]])
    >>> alignment(objectives, serving, np.array([0]), np.array([1])).round(3)
    array([0.667])
    """
    if objectives.nnz == 0:
        return np.zeros(len(sources))
    ours = row_dot(objectives, serving, sources, targets)
    # The other way round, so that one row of the source serves all its pairs.
    theirs = row_dot(serving, objectives, sources, targets)
    stated = np.diff(objectives.indptr) > 0
    one_way = np.where(stated[sources], ours, theirs)
    return np.where(stated[sources] & stated[targets], reciprocal(ours, theirs), one_way)


def _targets(graph: EcosystemGraph) -> list[tuple[str, pl.Series]]:
    industries, _ = graph.industries
    return [
        ("capability", graph.taxonomy.ids),
        ("territory", pl.Series(graph.market_codes, dtype=pl.String)),
        ("industry", pl.Series(industries, dtype=pl.String)),
    ]


def _labelled(kind: str, names: pl.Series) -> pl.Series:
    return pl.Series("label", f"{kind}:" + names, dtype=pl.String)
