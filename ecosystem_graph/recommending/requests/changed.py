"""Partners whose lists new events affect: those in the events, and their collaborators."""

from datetime import date
from functools import reduce
from operator import or_

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.tables import Tables
from ecosystem_graph.tables.schema.events import event_date

#: Columns that date a row, and those that name partners, by table.
_EVENTS = {
    "deal_partners": (("added_on",), ("partner_id",)),
    "csat": (("responded_on",), ("partner_id",)),
    "introductions": (("introduced_on", "decided_on"), ("partner_id", "collaborator_id")),
    "partners": (("joined_on",), ("partner_id",)),
    "partner_capabilities": (("valid_from", "valid_to"), ("partner_id",)),
    "offerings": (("since", "until"), ("partner_id",)),
    "objectives": (("valid_from", "valid_to"), ("partner_id",)),
    "restrictions": (("valid_from", "valid_to"), ("partner_id", "collaborator_id")),
}


def changed_since(graph: EcosystemGraph, tables: Tables, day: date) -> NDArray[np.intp]:
    """Partners with a dated event from a day on, and their collaborators.

    Events are deals opened or closed, seats on them added, answers of customers, introductions,
    joining, and the first and last days of validity. Changes without a date are not detected. The
    scores of other partners change as well, as far as the reference distributions do.

    Parameters
    ----------
    graph : EcosystemGraph
    tables : Tables
        Tables the graph was made from; events on the graph's day or later are ignored.
    day : datetime.date

    Returns
    -------
    ndarray of shape (n_changed,)
        Positions, in order.
    """
    deals = tables["deals"].with_columns(closed_on=event_date("closed_on"))
    deals = _dated(deals, ("opened_on", "closed_on"), day, graph.as_of)
    named = [tables["deal_partners"].join(deals, on="deal_id", how="semi")["partner_id"]]
    for table, (dates, sides) in _EVENTS.items():
        rows = _dated(tables[table], dates, day, graph.as_of)
        named += [rows[side].rename("partner_id") for side in sides]
    ids = graph.tables["partners"]["partner_id"]
    touched = ids.is_in(pl.concat(named).implode()).to_numpy()
    return np.flatnonzero(touched | (graph.adjacency @ touched > 0))


def _dated(frame: pl.DataFrame, dates: tuple[str, ...], day: date, as_of: date) -> pl.DataFrame:
    within = [(pl.col(name) >= day) & (pl.col(name) < as_of) for name in dates]
    return frame.filter(reduce(or_, within))
