"""Deals that a condition leaves out -> rows of other tables about them, left out as well."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from ecosystem_graph.importing.assembling.one_row_per_key import TableRows
from ecosystem_graph.importing.rules.applying import RuleRows
from ecosystem_graph.importing.rules.context import Context, Place
from ecosystem_graph.importing.rules.expressions import axes_of, evaluated

_DEAL_LEFT_OUT: Final = "its deal is left out"


def leave_out_with_their_deals(tables: Mapping[str, TableRows], context: Context) -> None:
    """Leave out rows of deals that a condition of the rules of deals leaves out."""
    deals = tables.get("deals")
    if deals is None or "deal_id" not in deals.frame.columns:
        return
    gone = [_deals_left_out(rows, context) for rows in deals.made]
    known = deals.frame["deal_id"].cast(pl.String).implode()
    lost = pl.concat(gone).drop_nulls().unique()
    lost = lost.filter(~lost.is_in(known))
    if lost.is_empty():
        return
    for name in ("deal_partners", "deal_requirements"):
        table = tables.get(name)
        if table is not None and "deal_id" in table.frame.columns:
            table.keep(~table.frame["deal_id"].is_in(lost.implode()), _DEAL_LEFT_OUT)


def _deals_left_out(rows: RuleRows, context: Context) -> pl.Series:
    """Ids of the deals in rows of an input that a rule leaves out."""
    given, key = rows.given, rows.rule.columns.get("deal_id")
    out = given.frame.filter(pl.Series(rows.left_out.codes >= 0))
    if key is None or axes_of(key) or out.is_empty():
        return pl.Series("value", [], dtype=pl.String)
    return evaluated(key, out, given, context, Place(rows.rule, "deal_id")).alias("value")
