"""What was known on the morning of a day: nothing that this day or a later one brought."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from ecosystem_graph.tables.presence import Rule, filtered_by_rules, first_present_parent
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.values.dates import as_date

#: First and last day of what is valid for a while, by table.
_RANGES: Final = {
    "partner_capabilities": ("valid_from", "valid_to"),
    "offerings": ("since", "until"),
    "objectives": ("valid_from", "valid_to"),
    "restrictions": ("valid_from", "valid_to"),
}


def known_at(tables: Tables, as_of: str | date) -> Tables:
    """Tables as they would have looked on the morning of a day.

    Only dates of events decide: `opened_on`, `closed_on` of what is won, lost or withdrawn,
    `added_on`, `responded_on`, `introduced_on`, `decided_on` and `joined_on`. A deal that closed on
    the day or later looks open; one that was opened on the day or later is not there, nor is one
    that closed then and has no opening date. An introduction decided on the day or later, or on no
    date at all, looks undecided. Validity ranges hold on the day, both ends included, empty meaning
    open.

    A partner that joins on the day or later is not there, nor is any row about it, unless it
    stands in an event before: a seat on a dated deal, an answer, an introduction. A parent that is
    not there gives way to its own parent.

    What nobody dated is taken as it stands: an open deal without opening date is there,
    open whatever day it is expected to close on, and partners keep their attributes.

    Parameters
    ----------
    tables : Tables
        What is known today.
    as_of : str or date
        The day, which itself has not begun.

    Returns
    -------
    Tables
        With `as_of` set; in `left_out` how many rows are not there by reason, each counted once,
        and how many decided introductions have no `decided_on` (they look undecided); in `absent`
        the partners and deals among them.

    Examples
    --------
    >>> deals = pl.DataFrame(
    ...     {
    ...         "deal_id": ["d-1", "d-2"],
    ...         "opened_on": ["2024-01-10", "2024-05-01"],
    ...         "closed_on": ["2024-06-30", "2024-05-31"],
    ...         "outcome": ["won", "lost"],
    ...     }
    ... )
    >>> partners = pl.DataFrame({"partner_id": ["p-1"], "name": ["Acme"]})
    >>> links = pl.DataFrame({"deal_id": ["d-1", "d-2"], "partner_id": ["p-1", "p-1"]})
    >>> from ecosystem_graph.tables import read_tables
    >>> tables = read_tables({"partners": partners, "deals": deals, "deal_partners": links})
    >>> known_at(tables, "2024-06-30")["deals"]["outcome"].to_list()
    ['open', 'lost']
    >>> known = known_at(tables, "2024-05-01")
    >>> known["deals"]["outcome"].to_list(), known.left_out["deals opened on or after as_of"]
    (['open'], 1)
    """
    day = as_date(as_of)
    kept = _Kept(tables)
    deals = kept.keep("deals", _deals_out(day))
    gone = tables["deals"].join(deals, on="deal_id", how="anti")
    of_gone = _one_of("deal_id", gone["deal_id"])
    kept.keep("deal_requirements", [("rows of deal_requirements of deals left out", of_gone)])
    added = ("rows of deal_partners added on or after as_of", pl.col("added_on") >= day)
    kept.keep("deal_partners", [("rows of deal_partners of deals left out", of_gone), added])
    kept.keep("csat", [("answers on or after as_of", pl.col("responded_on") >= day)])
    later = pl.col("introduced_on") >= day
    kept.keep("introductions", [("introductions on or after as_of", later)])
    late = tables["partners"].filter(pl.col("joined_on") >= day)
    absent = late.filter(~pl.col("partner_id").is_in(_in_events(kept.frames, day).implode()))
    for name, rules in _rules_without(absent["partner_id"], day).items():
        kept.keep(name, rules)
    kept.count("introductions decided without decided_on", "introductions", _undecided())
    frames = {
        **kept.frames,
        "deals": _deals_as_of(deals, day),
        "partners": _partners_as_of(kept.frames["partners"], absent, day),
        "csat": kept.frames["csat"].with_columns(deal_id=pl.when(~of_gone).then("deal_id")),
        "introductions": _introductions_as_of(kept.frames["introductions"], day),
    }
    more = tables.absent.and_more(day, absent, gone)
    return tables.replaced(frames, as_of=day, left_out=kept.left_out, absent=more)


class _Kept:
    """Tables less the rows that rules take out, with an account of those."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.frames: dict[str, pl.DataFrame] = {}
        self.left_out = dict(tables.left_out)

    def keep(self, name: str, rules: Sequence[Rule]) -> pl.DataFrame:
        """What rules leave of a table, or of what is left of it."""
        frame, counts = filtered_by_rules(self.frames.get(name, self.tables[name]), rules)
        self.frames[name] = frame
        for reason, n in counts.items():
            self.left_out[reason] = self.left_out.get(reason, 0) + n
        return frame

    def count(self, reason: str, name: str, rows: pl.Expr) -> None:
        """Count rows of a table that stay, less than they were."""
        if n := self.frames[name].filter(rows).height:
            self.left_out[reason] = self.left_out.get(reason, 0) + n


def _deals_out(day: date) -> list[Rule]:
    opened, closed = pl.col("opened_on"), pl.col("closed_on")
    is_open = pl.col("outcome") == "open"
    undated = opened.is_null() & closed.is_null() & ~is_open
    return [
        ("won or lost deals without closed_on", _decided() & closed.is_null()),
        ("withdrawn deals without a date", undated),
        ("deals opened on or after as_of", opened >= day),
        ("deals closed on or after as_of", opened.is_null() & (closed >= day) & ~is_open),
    ]


def _decided() -> pl.Expr:
    return (pl.col("outcome") == "won") | (pl.col("outcome") == "lost")


def _deals_as_of(deals: pl.DataFrame, day: date) -> pl.DataFrame:
    """Deals that are there, less what came later; the day an open one is expected to close goes."""
    outcome = pl.col("outcome")
    later = ((outcome == "open") | (pl.col("closed_on") >= day)).fill_null(False)
    return deals.with_columns(
        outcome=pl.when(later).then(pl.lit("open", deals.schema["outcome"])).otherwise(outcome),
        lost_reason=pl.when(~later).then("lost_reason"),
        closed_on=pl.when(~later).then("closed_on"),
    )


def _in_events(frames: Mapping[str, pl.DataFrame], day: date) -> pl.Series:
    """Partners with a seat on a dated deal, an answer or an introduction."""
    ended = (pl.col("outcome") != "open") & (pl.col("closed_on") < day)
    deals = frames["deals"].filter((pl.col("opened_on") < day) | ended.fill_null(False))
    seats = frames["deal_partners"].join(deals, on="deal_id", how="semi")
    introduced = frames["introductions"]
    seen = [seats["partner_id"], frames["csat"]["partner_id"], introduced["partner_id"]]
    return pl.concat([*seen, introduced["collaborator_id"].rename("partner_id")]).unique()


def _rules_without(partners: pl.Series, day: date) -> dict[str, list[Rule]]:
    """What goes with partners that are not there, and what is not valid on the day."""
    absent = _one_of("partner_id", partners)
    apart = (pl.col("kind") == "do_not_pair") & _one_of("collaborator_id", partners)
    rules = {"partners": [("partners not there yet", absent)]}
    for name, (first, last) in _RANGES.items():
        whose = absent | apart if name == "restrictions" else absent
        rules[name] = [
            (f"rows of {name} of partners not there yet", whose),
            (f"rows of {name} not valid yet", pl.col(first) > day),
            (f"rows of {name} no longer valid", pl.col(last) < day),
        ]
    for name in ("territories", "deal_partners"):
        rules[name] = [(f"rows of {name} of partners not there yet", absent)]
    return rules


def _one_of(column: str, values: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(values.implode()) if len(values) else pl.lit(False)


def _partners_as_of(partners: pl.DataFrame, absent: pl.DataFrame, day: date) -> pl.DataFrame:
    """Partners less a day of joining yet to come, each under the first parent that is there."""
    later = pl.col("joined_on") >= day
    if absent.height:
        partners = partners.with_columns(
            parent_id=first_present_parent(partners["parent_id"], absent)
        )
    if not partners.select(later.any()).item():
        return partners
    return partners.with_columns(joined_on=pl.when(later.not_().fill_null(True)).then("joined_on"))


def _introductions_as_of(introductions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Introductions less decisions that are still to come, and those that nobody dated."""
    undecided = (pl.col("decided_on") >= day).fill_null(False) | _undecided()
    introduced = pl.lit("introduced", introductions.schema["status"])
    return introductions.with_columns(
        status=pl.when(undecided).then(introduced).otherwise("status"),
        decided_on=pl.when(~undecided).then("decided_on"),
        reason=pl.when(~undecided).then("reason"),
    )


def _undecided() -> pl.Expr:
    """Introductions decided on no date."""
    status = pl.col("status").cast(pl.String)
    return pl.col("decided_on").is_null() & ~status.is_in(["proposed", "introduced"])
