"""What was known on the morning of a day: nothing that this day or a later one brought."""

from datetime import date, datetime

import polars as pl

from ecosystem_graph.tables.tables import Tables


def as_date(value: str | date) -> date:
    """Calendar day from ISO text or a date.

    Raises
    ------
    ValueError
        If it is not a date written YYYY-MM-DD.

    Examples
    --------
    >>> as_date("2025-01-31")
    datetime.date(2025, 1, 31)
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"a date must be written YYYY-MM-DD, such as 2025-01-31. Got {value!r}.")


def known_at(tables: Tables, as_of: str | date) -> Tables:
    """Tables as they would have looked on the morning of a day.

    Only dates of events decide: `opened_on`, `closed_on`, `responded_on`, `introduced_on` and
    `decided_on`. A deal that closed on the day or later looks open; one that was opened on the day
    or later is not there, nor is one that closed then and has no opening date. An introduction
    decided on the day or later, or on no date at all, looks undecided. Validity ranges hold on the
    day, both ends included, empty meaning open.

    What nobody dated is taken as it stands: an open deal without dates is there, partners keep
    their attributes, and every partner is there whatever its `joined_on` says.

    Parameters
    ----------
    tables : Tables
        What is known today.
    as_of : str or date
        The day, which itself has not begun.

    Returns
    -------
    Tables
        With `as_of` set, and in `left_out` how many won or lost deals have no `closed_on` (they are
        not there) and how many decided introductions have no `decided_on` (they look undecided).

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
    >>> known_at(tables, "2024-05-01")["deals"]["outcome"].to_list()
    ['open']
    """
    day = as_date(as_of)
    deals = _deals(tables["deals"], day)
    frames = {
        "deals": deals,
        "deal_partners": _about(tables["deal_partners"], deals),
        "deal_requirements": _about(tables["deal_requirements"], deals),
        "csat": _responses(tables["csat"], deals, day),
        "introductions": _introductions(tables["introductions"], day),
        "offerings": _valid(tables["offerings"], day, "since", "until"),
    }
    for name in ("partner_capabilities", "objectives", "restrictions"):
        frames[name] = _valid(tables[name], day, "valid_from", "valid_to")
    return tables.replaced(frames, as_of=day, left_out={**tables.left_out, **_undated(tables)})


def _deals(deals: pl.DataFrame, day: date) -> pl.DataFrame:
    opened, closed, outcome = pl.col("opened_on"), pl.col("closed_on"), pl.col("outcome")
    there = (
        pl.when(_decided_without_date())
        .then(False)
        .when(opened.is_not_null())
        .then(opened < day)
        .when(closed.is_not_null())
        .then(closed < day)
        .otherwise(outcome == "open")
    )
    later = closed >= day
    return deals.filter(there).with_columns(
        outcome=pl.when(later).then(pl.lit("open", deals.schema["outcome"])).otherwise(outcome),
        lost_reason=pl.when(~later.fill_null(False)).then("lost_reason"),
        closed_on=pl.when(~later).then(closed),
    )


def _decided_without_date() -> pl.Expr:
    return ((pl.col("outcome") == "won") | (pl.col("outcome") == "lost")) & pl.col(
        "closed_on"
    ).is_null()


def _about(frame: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    return _shared(frame, frame.join(deals, on="deal_id", how="semi", maintain_order="left"))


def _responses(csat: pl.DataFrame, deals: pl.DataFrame, day: date) -> pl.DataFrame:
    """Responses so far; one about a deal that is not there is about no deal."""
    about = pl.when(pl.col("deal_id").is_in(deals["deal_id"].implode())).then("deal_id")
    return csat.filter(pl.col("responded_on") < day).with_columns(deal_id=about)


def _introductions(introductions: pl.DataFrame, day: date) -> pl.DataFrame:
    undecided = _undecided(pl.col("decided_on") >= day)
    introduced = pl.lit("introduced", introductions.schema["status"])
    return introductions.filter(pl.col("introduced_on") < day).with_columns(
        status=pl.when(undecided).then(introduced).otherwise("status"),
        decided_on=pl.when(~undecided).then("decided_on"),
        reason=pl.when(~undecided).then("reason"),
    )


def _undecided(later: pl.Expr) -> pl.Expr:
    """Decisions that are still to come, and those that nobody dated."""
    status = pl.col("status").cast(pl.String)
    undated = pl.col("decided_on").is_null() & ~status.is_in(["proposed", "introduced"])
    return later.fill_null(False) | undated


def _valid(frame: pl.DataFrame, day: date, first: str, last: str) -> pl.DataFrame:
    begun = pl.col(first).is_null() | (pl.col(first) <= day)
    return _shared(frame, frame.filter(begun & (pl.col(last).is_null() | (pl.col(last) >= day))))


def _shared(frame: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Some of the rows of a frame, or the frame itself, so that it is not in memory twice."""
    return frame if kept.height == frame.height else kept


def _undated(tables: Tables) -> dict[str, int]:
    counts = {
        "won or lost deals without closed_on": tables["deals"].filter(_decided_without_date()),
        "introductions decided without decided_on": tables["introductions"].filter(
            _undecided(pl.lit(False))
        ),
    }
    return {reason: frame.height for reason, frame in counts.items() if frame.height}
