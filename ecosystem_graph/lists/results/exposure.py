"""Exposure: distribution of a run's appearances over partners, and over groups of partners.

References
----------
Ge, M., Delgado-Battenfeld, C., Jannach, D. (2010). Beyond accuracy: evaluating recommender systems
by coverage and serendipity. RecSys. doi:10.1145/1864708.1864761 (catalogue coverage)

Fleder, D., Hosanagar, K. (2009). Blockbuster culture's next rise or fall. Management Science
55(5). doi:10.1287/mnsc.1080.0974 (Gini)
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph

#: Least joint wins of each group by history, and its label.
_HISTORY = {0: "0", 1: "1-4", 5: "5-19", 20: "20+"}

#: Group of the partners whose cell is empty.
_UNKNOWN = "unknown"


def exposure(
    graph: EcosystemGraph, targets: NDArray[np.intp], eligible: NDArray[np.bool_]
) -> dict[str, Any]:
    """Distribution of appearances in lists over the partners that could appear, as plain values.

    Parameters
    ----------
    graph : EcosystemGraph
    targets : ndarray of int, shape (n_rows,)
        Position of the collaborator on each row of the lists, in any order.
    eligible : ndarray of bool, shape (n_partners,)
        Partners that could appear; all that do are among them.

    Returns
    -------
    dict
        `gini` and `top_1_percent_share` (of appearances, that the most shown hundredth of the
        partners takes), `share_never_recommended`, all 0..1, `maximal_load`, in lists, and
        `most_listed`, the first partner with that load, None if the lists are empty. Under
        `by`, for `type`, `tier`, `country` and `history` (joint wins so far), for each group:
        `partners`, `share_never_recommended`, `share_of_appearances` and `mean_appearances`.
        A column that is empty for all partners is left out; a partner of several types counts in
        each.
    """
    appearances = np.bincount(targets, minlength=graph.n_partners)[eligible]
    by = {
        kind: _by_group(groups, appearances)
        for kind, groups in _groups(graph, eligible)
        if (groups.explode() != _UNKNOWN).any()
    }
    n = max(len(appearances), 1)
    return {
        "gini": gini(appearances),
        "top_1_percent_share": top_share(appearances),
        "share_never_recommended": float(np.count_nonzero(appearances == 0) / n),
        "maximal_load": int(appearances.max(initial=0)),
        "most_listed": _most_listed(graph, np.flatnonzero(eligible), appearances),
        "by": by,
    }


def _most_listed(
    graph: EcosystemGraph, partners: NDArray[np.intp], appearances: NDArray[np.int64]
) -> dict[str, str] | None:
    if not appearances.any():
        return None
    first = int(partners[appearances.argmax()])
    return {"partner_id": str(graph.index.ids[first]), "name": str(graph.index.names[first])}


def _groups(graph: EcosystemGraph, eligible: NDArray[np.bool_]) -> Iterator[tuple[str, pl.Series]]:
    """The groups each eligible partner belongs to, as lists of names, by each kind of group."""
    partners = graph.tables["partners"].filter(pl.Series(eligible))
    types = pl.col("type").str.split(";").list.eval(pl.element().str.strip_chars())
    yield "type", partners.select(types.fill_null(pl.lit([_UNKNOWN])))["type"]
    for kind in ("tier", "country"):
        named = pl.concat_list(pl.col(kind).fill_null(_UNKNOWN)).alias(kind)
        yield kind, partners.select(named)[kind]
    wins = graph.incidence @ (graph.team_size > 1).astype(np.float64)
    step = np.searchsorted(list(_HISTORY), wins[eligible], side="right") - 1
    names = pl.Series(list(_HISTORY.values()))[step]
    yield "history", pl.DataFrame({"group": names}).select(pl.concat_list("group"))["group"]


def _by_group(groups: pl.Series, appearances: NDArray[np.int64]) -> dict[str, dict[str, Any]]:
    each = pl.DataFrame({"group": groups, "shown": appearances}).explode("group")
    shown = pl.col("shown")
    groups_of = each.group_by("group").agg(
        partners=pl.len(),
        share_never_recommended=(shown == 0).mean(),
        share_of_appearances=shown.sum() / max(int(appearances.sum()), 1),
        mean_appearances=shown.mean(),
    )
    order = {name: step for step, name in enumerate(_HISTORY.values())}
    rows = sorted(groups_of.to_dicts(), key=lambda row: (order.get(row["group"], -1), row["group"]))
    return {row.pop("group"): row for row in rows}


def top_share(appearances: NDArray[np.int64], share: float = 0.01) -> float:
    """Share of all appearances that the most shown partners take, 0..1; 0 without appearances.

    Parameters
    ----------
    appearances : ndarray of shape (n_partners,)
    share : float
        Share of the partners that count as the most shown, rounded up to whole partners, 0..1.

    Examples
    --------
    >>> top_share(np.array([8, 1, 1, 0]), share=0.25)
    0.8
    """
    most = np.sort(appearances)[::-1][: int(np.ceil(share * len(appearances)))]
    return float(most.sum() / max(appearances.sum(), 1))


def gini(appearances: NDArray[np.int64]) -> float:
    """Gini coefficient of appearances over all partners, those without any included.

    Unitless: 0 if all appear equally often (or never), (n_partners - 1) / n_partners if one
    takes all (Fleder and Hosanagar, 2009).

    Examples
    --------
    >>> gini(np.array([0, 0, 0, 3]))
    0.75
    """
    n = len(appearances)
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(weights @ np.sort(appearances) / max(n * appearances.sum(), 1))
