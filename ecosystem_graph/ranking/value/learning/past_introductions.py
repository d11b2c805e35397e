"""Introductions that were decided, described by what was known shortly before each was made."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.ranking.value.accepting import TERMS, acceptance_terms
from ecosystem_graph.ranking.value.learning.snapshots import Snapshot
from ecosystem_graph.tables import Tables

#: Status of an introduction that was accepted, whatever became of it.
_ACCEPTED = ("accepted", "won", "lost")

_SIDES = ("partner_id", "collaborator_id")


def decided_introductions(tables: Tables, day: date) -> pl.DataFrame:
    """Introductions accepted or declined before a day, by id.

    Returns
    -------
    polars.DataFrame
        introduction_id, partner_id, collaborator_id, introduced_on, accepted (bool).
    """
    status = pl.col("status").cast(pl.String)
    decided_on = pl.coalesce("decided_on", "introduced_on")
    return (
        tables["introductions"]
        .filter(status.is_in([*_ACCEPTED, "declined"]), decided_on < day)
        .select(
            "introduction_id",
            "partner_id",
            "collaborator_id",
            "introduced_on",
            accepted=status != "declined",
        )
        .sort("introduction_id")
    )


def past_introductions(
    decided: pl.DataFrame, seen: Sequence[Snapshot]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.intp]]:
    """Terms of the introductions made in the time of each snapshot.

    Returns
    -------
    tuple of (ndarray of shape (n, n_terms), ndarray of bool, ndarray of int)
        Terms, whether each was accepted, and a number for each partner that was introduced.
    """
    terms = [np.empty((0, len(TERMS)))]
    rows = [decided.clear()]
    for one in seen:
        graph = one.features.graph
        present = graph.tables["partners"]["partner_id"].implode()
        made = decided.filter(
            pl.col("introduced_on") >= one.since,
            pl.col("introduced_on") < one.until,
            *(pl.col(side).is_in(present) for side in _SIDES),
        )
        a, b = (graph.index.encode(made[side]) for side in _SIDES)
        order = np.argsort(a, kind="stable")
        terms.append(acceptance_terms(one.features, a[order], b[order]))
        rows.append(made[order])
    made = pl.concat(rows)
    introduced = encode(made["partner_id"], made["partner_id"].unique().sort())
    return np.vstack(terms), made["accepted"].to_numpy(), introduced
