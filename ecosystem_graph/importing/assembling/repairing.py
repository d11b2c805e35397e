"""Faults that exports are known for and that have one sensible reading: repaired and counted."""

from collections.abc import Collection, Mapping

import polars as pl

from ecosystem_graph.importing.assembling.one_row_per_key import TableRows

_NOT_A_PARTNER = "the customer of the deal is not a partner on it"


def repaired(tables: Mapping[str, TableRows], wanted: Collection[str]) -> dict[str, int]:
    """Repair tables in place, and count what was changed, by name of the repair.

    Parameters
    ----------
    tables : mapping of str to TableRows
    wanted : collection of str
        Names of the repairs to make.
    """
    counts = {}
    deals, seats = tables.get("deals"), tables.get("deal_partners")
    if deals is not None and "open_deal_closing" in wanted:
        counts["open_deal_closing"] = _open_deal_closing(deals)
    if deals is not None and "opened_after_closed" in wanted:
        counts["opened_after_closed"] = _opened_after_closed(deals)
    if deals is not None and seats is not None and "customer_as_partner" in wanted:
        counts["customer_as_partner"] = _customer_as_partner(deals, seats)
    return {name: n for name, n in counts.items() if n}


def _open_deal_closing(deals: TableRows) -> int:
    """A closing date of an open deal is a forecast: it is left empty."""
    if not {"outcome", "closed_on"} <= set(deals.frame.columns):
        return 0
    outcome = deals.frame["outcome"].cast(pl.String).str.to_lowercase()
    forecast = (outcome == "open").fill_null(False) & deals.frame["closed_on"].is_not_null()
    return _emptied(deals, "closed_on", forecast)


def _opened_after_closed(deals: TableRows) -> int:
    """A deal opened after it was closed was moved from another system: opened_on is left empty."""
    columns = ("opened_on", "closed_on")
    if any(deals.frame.schema.get(column) != pl.Date for column in columns):
        return 0
    late = (deals.frame["opened_on"] > deals.frame["closed_on"]).fill_null(False)
    return _emptied(deals, "opened_on", late)


def _customer_as_partner(deals: TableRows, seats: TableRows) -> int:
    """The deal's own customer among its partners is left out."""
    if "customer_id" not in deals.frame.columns or "partner_id" not in seats.frame.columns:
        return 0
    customers = (
        deals.frame.select(
            "deal_id", pl.col("customer_id").cast(pl.String).alias("partner_id"), own=pl.lit(True)
        )
        .drop_nulls()
        .unique()
    )
    own = seats.frame.join(
        customers, on=["deal_id", "partner_id"], how="left", maintain_order="left"
    )["own"].fill_null(False)
    return seats.keep(~own, _NOT_A_PARTNER)


def _emptied(table: TableRows, column: str, where: pl.Series) -> int:
    n = int(where.sum())
    if n:
        table.frame = table.frame.with_columns(table.frame[column].set(where, None).alias(column))
    return n
