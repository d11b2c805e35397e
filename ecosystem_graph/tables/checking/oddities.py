"""Rows that can be used as they are, but are likely not what was meant."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.messages.wording import first_few

_SHOWN: Final = 3


def odd_rows(tables: Mapping[str, TypedTable]) -> list[Note]:
    """Notes on rows with unlikely content.

    Parameters
    ----------
    tables : mapping of str to TypedTable
        In the declared types, with canonical ids.
    """
    return [*_wins_without_deal(tables), *_without_evidence(tables)]


def _wins_without_deal(tables: Mapping[str, TypedTable]) -> list[Note]:
    """Note on won introductions of two partners without a won deal in common."""
    if not {"introductions", "deals", "deal_partners"} <= set(tables):
        return []
    introductions = tables["introductions"]
    won = introductions.frame.filter(pl.col("status").cast(pl.String) == "won")
    deals = tables["deals"].frame.filter(pl.col("outcome").cast(pl.String) == "won")
    seats = tables["deal_partners"].frame.join(deals, on="deal_id", how="semi")
    seats = seats.select("deal_id", "partner_id")
    together = (
        won.select("introduction_id", "partner_id", "collaborator_id")
        .join(seats, on="partner_id")
        .join(seats, left_on=["deal_id", "collaborator_id"], right_on=["deal_id", "partner_id"])
    )
    unseen = won.join(together, on="introduction_id", how="anti", maintain_order="left")
    if unseen.is_empty():
        return []
    pairs = unseen.head(_SHOWN + 1).select("partner_id", "collaborator_id").iter_rows()
    shown = [f"{quoted(partner)} and {quoted(other)}" for partner, other in pairs]
    message = (
        f"status won, but the two share no won deal: {first_few(shown, _SHOWN)} "
        f"(rows: {unseen.height}). Put both on the deal in deal_partners."
    )
    return [Note("introductions", introductions.file, "status", message)]


def _without_evidence(tables: Mapping[str, TypedTable]) -> list[Note]:
    """Note on capabilities without evidence, which therefore count for less."""
    held = tables.get("partner_capabilities")
    if held is None or not (count := held.frame["evidence"].null_count()):
        return []
    message = (
        "evidence is not given, so these count for less than a certificate: write certified, "
        f"reference, self_declared or inferred (rows: {count})"
    )
    return [Note(held.name, held.file, "evidence", message)]
