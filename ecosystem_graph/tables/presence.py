"""Partners and deals that are not known yet on a date, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

import polars as pl

Rule = tuple[str, pl.Expr]
"""A reason, and the rows it removes."""


def filtered_by_rules(
    frame: pl.DataFrame, rules: Sequence[Rule]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows that no rule removes, and the number of removed rows by the first rule that applies.

    Parameters
    ----------
    frame : polars.DataFrame
    rules : sequence of (str, polars.Expr)
        Reasons, and the rows each removes; null keeps the row.

    Returns
    -------
    polars.DataFrame
        The frame itself if no row is removed, so that it is not in memory twice.
    dict of str to int
        Removed rows by reason, in the order of the rules; only reasons that removed some.

    Examples
    --------
    >>> frame = pl.DataFrame({"n": [1, 2, 3, None]})
    >>> kept, out = filtered_by_rules(
    ...     frame, [("even", pl.col("n") % 2 == 0), ("small", pl.col("n") < 3)]
    ... )
    >>> kept["n"].to_list(), out
    ([3, None], {'even': 1, 'small': 1})
    """
    stays, counts = pl.lit(True), []
    for reason, rule in rules:
        out = rule.fill_null(False)
        counts.append((stays & out).sum().alias(reason))
        stays = stays & ~out
    counted = frame.select(counts).row(0, named=True) if frame.height else {}
    left_out = {reason: n for reason, n in counted.items() if n}
    return (frame.filter(stays) if left_out else frame), left_out


def first_present_parent(parent_ids: pl.Series, partners: pl.DataFrame) -> pl.Series:
    """First of each chain of parents that is not in `partners`, or null if there is none.

    Examples
    --------
    >>> partners = pl.DataFrame({"partner_id": ["b", "c"], "parent_id": ["c", "d"]})
    >>> first_present_parent(pl.Series(["b", "x", None]), partners).to_list()
    ['d', 'x', None]
    """
    owned = partners.drop_nulls("parent_id")
    while parent_ids.is_in(owned["partner_id"].implode()).any():
        parent_ids = parent_ids.replace(owned["partner_id"], owned["parent_id"])
    return parent_ids


def _no_partners() -> pl.DataFrame:
    text, day = pl.String, pl.Date
    return pl.DataFrame(schema={"partner_id": text, "name": text, "joined_on": day})


def _no_deals() -> pl.DataFrame:
    text, day = pl.String, pl.Date
    schema = {"deal_id": text, "opened_on": day, "closed_on": day, "outcome": text}
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True, slots=True, eq=False)
class Absent:
    """Partners and deals that are not known yet on a date, to explain it when they are named.

    Attributes
    ----------
    as_of : datetime.date or None
    partners : polars.DataFrame
        partner_id, name, joined_on.
    deals : polars.DataFrame
        deal_id, opened_on, closed_on, outcome.
    """

    as_of: date | None = None
    partners: pl.DataFrame = field(default_factory=_no_partners)
    deals: pl.DataFrame = field(default_factory=_no_deals)

    def with_more(self, as_of: date, partners: pl.DataFrame, deals: pl.DataFrame) -> Self:
        """With further ones that are not known yet on a date."""
        if partners.is_empty() and deals.is_empty():
            return self
        outcome = pl.col("outcome").cast(pl.String)
        return type(self)(
            as_of if self.as_of is None else min(as_of, self.as_of),
            pl.concat([self.partners, partners.select(self.partners.columns)]),
            pl.concat([self.deals, deals.select(*self.deals.columns[:-1], outcome)]),
        )

    def why_no_partner(self, partner: str) -> str | None:
        """Why a partner, named by id or exact name, is absent; None if it is not in the tables.

        Examples
        --------
        >>> late = {"partner_id": ["p-1"], "name": ["Acme"], "joined_on": [date(2026, 5, 1)]}
        >>> absent = Absent(date(2026, 1, 1), pl.DataFrame(late))
        >>> absent.why_no_partner("Acme")
        "'p-1' joins on 2026-05-01, on or after 2026-01-01, and is in no event before."
        """
        for column in ("partner_id", "name"):
            rows = self.partners.filter(pl.col(column) == partner)
            if rows.height:
                partner_id, _, joined_on = rows.row(0)
                return (
                    f"{partner_id!r} joins on {joined_on}, on or after {self.as_of}, and is in "
                    "no event before."
                )
        return None

    def why_no_deal(self, deal_id: str) -> str | None:
        """Why a deal is absent; None if it is not in the tables."""
        rows = self.deals.filter(pl.col("deal_id") == deal_id)
        if rows.is_empty():
            return None
        _, opened_on, closed_on, outcome = rows.row(0)
        deal = f"deal {deal_id!r}"
        if closed_on is None and (outcome in ("won", "lost") or opened_on is None):
            return f"{deal} is {outcome} without closed_on: left out."
        if opened_on is not None:
            return f"{deal} was opened on {opened_on}, on or after {self.as_of}."
        return (
            f"{deal} was closed on {closed_on}, on or after {self.as_of}, and has no "
            "opened_on that shows it was open before."
        )
