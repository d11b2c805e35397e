"""Tables as they were known on the morning of a date: without later events."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from ecosystem_graph.tables.presence import Rule, filtered_by_rules, first_present_parent
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.values.dates import as_date

#: Columns of the validity range, by table.
_RANGES: Final = {
    "partner_capabilities": ("valid_from", "valid_to"),
    "offerings": ("since", "until"),
    "objectives": ("valid_from", "valid_to"),
    "restrictions": ("valid_from", "valid_to"),
}


def known_at(tables: Tables, as_of: str | date) -> Tables:
    """Tables as they were known on the morning of a date.

    Only dates of events decide: `opened_on`, `closed_on` of won, lost and withdrawn deals,
    `added_on`, `responded_on`, `introduced_on`, `decided_on` and `joined_on`. A deal that closed on
    the date or later appears open; one that was opened on the date or later is left out, and so is
    one that closed then and has no opening date. An introduction decided on the date or later, or
    without a date, appears undecided. Validity ranges must include the date; both ends count, and
    an empty end is open.

    A partner that joins on the date or later is left out with every row about it, unless it is in
    an earlier event: a row of a dated deal, a response, an introduction. A parent that is left out
    is replaced by its own parent.

    Rows without dates are kept as they are: an open deal without an opening date is kept and open
    whatever its expected closing date, and partners keep their attributes.

    Parameters
    ----------
    tables : Tables
        All that is known today.
    as_of : str or date
        Events on this date or later are not known.

    Returns
    -------
    Tables
        With `as_of` set. `left_out` counts the rows left out by reason, each once, and the decided
        introductions without `decided_on`, which appear undecided; `absent` holds the partners and
        deals left out.

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
    more = tables.absent.with_more(day, absent, gone)
    return tables.replaced(frames, as_of=day, left_out=kept.left_out, absent=more)


class _Kept:
    """Tables without the rows that rules remove, and counts of the removed rows."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.frames: dict[str, pl.DataFrame] = {}
        self.left_out = dict(tables.left_out)

    def keep(self, name: str, rules: Sequence[Rule]) -> pl.DataFrame:
        """Apply rules to a table, or to what earlier rules left of it."""
        frame, counts = filtered_by_rules(self.frames.get(name, self.tables[name]), rules)
        self.frames[name] = frame
        for reason, n in counts.items():
            self.left_out[reason] = self.left_out.get(reason, 0) + n
        return frame

    def count(self, reason: str, name: str, rows: pl.Expr) -> None:
        """Count rows that are kept with less information."""
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
    """Known deals without later information, and without expected closing dates."""
    outcome = pl.col("outcome")
    later = ((outcome == "open") | (pl.col("closed_on") >= day)).fill_null(False)
    return deals.with_columns(
        outcome=pl.when(later).then(pl.lit("open", deals.schema["outcome"])).otherwise(outcome),
        lost_reason=pl.when(~later).then("lost_reason"),
        closed_on=pl.when(~later).then("closed_on"),
    )


def _in_events(frames: Mapping[str, pl.DataFrame], day: date) -> pl.Series:
    """Partners in a row of a dated deal, a response or an introduction."""
    ended = (pl.col("outcome") != "open") & (pl.col("closed_on") < day)
    deals = frames["deals"].filter((pl.col("opened_on") < day) | ended.fill_null(False))
    seats = frames["deal_partners"].join(deals, on="deal_id", how="semi")
    introduced = frames["introductions"]
    seen = [seats["partner_id"], frames["csat"]["partner_id"], introduced["partner_id"]]
    return pl.concat([*seen, introduced["collaborator_id"].rename("partner_id")]).unique()


def _rules_without(partners: pl.Series, day: date) -> dict[str, list[Rule]]:
    """Rules for rows of absent partners, and for rows that are not valid on the date."""
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
    """Partners without a later date of joining, each with its first known parent."""
    later = pl.col("joined_on") >= day
    if absent.height:
        partners = partners.with_columns(
            parent_id=first_present_parent(partners["parent_id"], absent)
        )
    if not partners.select(later.any()).item():
        return partners
    return partners.with_columns(joined_on=pl.when(later.not_().fill_null(True)).then("joined_on"))


def _introductions_as_of(introductions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Introductions without later or undated decisions."""
    undecided = (pl.col("decided_on") >= day).fill_null(False) | _undecided()
    introduced = pl.lit("introduced", introductions.schema["status"])
    return introductions.with_columns(
        status=pl.when(undecided).then(introduced).otherwise("status"),
        decided_on=pl.when(~undecided).then("decided_on"),
        reason=pl.when(~undecided).then("reason"),
    )


def _undecided() -> pl.Expr:
    """Where an introduction is decided without a date."""
    status = pl.col("status").cast(pl.String)
    return pl.col("decided_on").is_null() & ~status.is_in(["proposed", "introduced"])
