"""Dates of an export: the order of day and month is decided for a column as a whole, or asked."""

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ecosystem_graph.tables.messages.notes import quoted

DateOrder = Literal["dmy", "mdy"]

_CLOCK: Final = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?"
_ZONE: Final = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_AFTER: Final = rf"(?:(?:T|,?\s+){_CLOCK}{_ZONE})?$"
_ISO: Final = rf"^(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){_AFTER}"
_PLAIN: Final = r"^\d{4}-\d{2}-\d{2}$"
_DOTTED: Final = rf"^(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_AFTER}"
_SLASHED: Final = rf"^(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}){_AFTER}"
_DAY_NAMED: Final = (
    rf"^(?:[A-Za-z]{{3,9}},\s*)?(\d{{1,2}})[\s-]([A-Za-z]{{3,9}})[\s-](\d{{4}}){_AFTER}"
)
_MONTH_NAMED: Final = rf"^([A-Za-z]{{3,9}})\s+(\d{{1,2}}),?\s+(\d{{4}}){_AFTER}"
_COMPACT: Final = r"^(\d{4})(\d{2})(\d{2})$"
_EPOCH: Final = r"^1\d{12}$"
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY: Final = 86_400
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class ReadDates:
    """Dates of a column.

    Attributes
    ----------
    days : Series of Date, shape (n_rows,)
        Null where a value is no date.
    undecided : Series of String
        Values whose day and month may be either; they are null in `days`.
    both_orders : tuple of str
        Two values that show two orders in one column; all such values are null then.
    """

    days: pl.Series
    undecided: pl.Series
    both_orders: tuple[str, ...] = ()


def read_dates(
    text: pl.Series,
    *,
    order: DateOrder | None = None,
    timezone: str = "UTC",
    format: str | None = None,
) -> ReadDates:
    """Dates of a column of text.

    An instant becomes its day in the time zone; a date is never moved, nor are instants that are
    all at midnight UTC, which is how some systems write a date.

    Parameters
    ----------
    text : Series of String
    order : {"dmy", "mdy"}, optional
        Of dates such as 03/04/2026; where it is not given, a part above 12 decides.
    timezone : str, default "UTC"
        Name of the IANA database.
    format : str, optional
        Format of strftime that all values have.

    Examples
    --------
    >>> found = read_dates(pl.Series(["03/04/2026", "13/04/2026", "31-Mar-2026"]))
    >>> [str(day) for day in found.days]
    ['2026-04-03', '2026-04-13', '2026-03-31']
    >>> read_dates(pl.Series(["03/04/2026"])).undecided.to_list()
    ['03/04/2026']
    >>> late = pl.Series(["2026-01-31T23:30:00Z"])
    >>> str(read_dates(late, timezone="Europe/Berlin").days[0])
    '2026-02-01'
    """
    if format is not None:
        return ReadDates(text.str.to_date(format, strict=False), _NONE)
    plain = text.str.to_date("%Y-%m-%d", strict=False)
    if (text.is_null() | text.str.contains(_PLAIN)).all():
        return ReadDates(plain, _NONE)
    distinct = pl.DataFrame({"text": text.unique().drop_nulls()})
    parts = _parts(distinct["text"])
    decided, both = _order(parts, order)
    days = _days(_ordered(parts, decided), timezone)
    pending = parts.filter(pl.col("slashed") & days.is_null()) if decided is None else parts.clear()
    undecided = pending["text"] if not both else _NONE
    by_text = distinct.with_columns(days.alias("day"))
    read = pl.DataFrame({"text": text}).join(by_text, on="text", how="left", maintain_order="left")
    return ReadDates(read["day"], undecided, both)


_NONE: Final = pl.Series("text", [], dtype=pl.String)


def order_question(label: str, found: ReadDates, rows: int) -> str:
    """What is asked about a column whose order of day and month is not clear.

    Examples
    --------
    >>> found = read_dates(pl.Series(["03/04/2026"]))
    >>> print(order_question("End Date", found, 12).partition(". ")[0])
    End Date: 12 values such as '03/04/2026' may be day or month first
    """
    if found.both_orders:
        one, other = map(quoted, found.both_orders)
        return (
            f"{label}: {one} has the day first and {other} the month: export the column in one "
            "order, or as YYYY-MM-DD."
        )
    example = quoted(found.undecided.sort()[0])
    return (
        f"{label}: {rows:,} values such as {example} may be day or month first. "
        'Add: [settings] date_order = "dmy" or "mdy"'
    )


def _parts(text: pl.Series) -> pl.DataFrame:
    """Year, the two other parts, and the instant within the day, of each value."""
    frame = pl.DataFrame({"text": text})
    tried = [
        _extracted(_ISO, "year first second"),
        _extracted(_DOTTED, "second first year"),
        _extracted(_SLASHED, "first second year"),
        _extracted(_DAY_NAMED, "second first year"),
        _extracted(_MONTH_NAMED, "first second year"),
        _compact(),
    ]
    found = frame.with_columns(pl.coalesce(tried).alias("parts")).unnest("parts")
    return found.with_columns(
        slashed=pl.col("text").str.contains(_SLASHED),
        dotted=pl.col("text").str.contains(_DOTTED),
        epoch=pl.when(pl.col("text").str.contains(_EPOCH)).then(
            pl.col("text").cast(pl.Int64, strict=False) // 1000
        ),
        first=_number(pl.col("first")),
        second=_number(pl.col("second")),
        year=pl.col("year").cast(pl.Int32, strict=False),
        seconds=_seconds(),
        shift=_shift(),
    )


def _extracted(pattern: str, order: str) -> pl.Expr:
    """Parts of a pattern by name, null where it does not fit; `first` is the month."""
    groups = pl.col("text").str.extract_groups(pattern)
    names = order.split()
    fields = [groups.struct[str(number)].alias(name) for number, name in enumerate(names, 1)]
    rest = zip(("hour", "minute", "second_of_minute", "half", "zone"), range(4, 9), strict=True)
    fields += [groups.struct[str(number)].alias(name) for name, number in rest]
    wanted = ("year", "first", "second", "hour", "minute", "second_of_minute", "half", "zone")
    by_name = {field.meta.output_name(): field for field in fields}
    return pl.when(pl.col("text").str.contains(pattern)).then(
        pl.struct([by_name[name] for name in wanted])
    )


def _compact() -> pl.Expr:
    groups = pl.col("text").str.extract_groups(_COMPACT)
    names = ("year", "first", "second")
    given = [groups.struct[str(number)].alias(name) for number, name in enumerate(names, 1)]
    rest = ("hour", "minute", "second_of_minute", "half", "zone")
    empty = [pl.lit(None, pl.String).alias(name) for name in rest]
    fits = pl.col("text").str.contains(_COMPACT)
    return pl.when(fits).then(pl.struct([*given, *empty]))


def _number(part: pl.Expr) -> pl.Expr:
    named = part.str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.Int32)
    return pl.coalesce(part.cast(pl.Int32, strict=False), named)


def _seconds() -> pl.Expr:
    """Second of the day; null where only a date is given."""
    hour = pl.col("hour").cast(pl.Int64, strict=False)
    afternoon = pl.col("half").str.to_lowercase().str.starts_with("p")
    clock = (
        pl.when(pl.col("half").is_null())
        .then(hour)
        .otherwise(hour % _NOON + pl.when(afternoon).then(_NOON).otherwise(0))
    )
    minute = pl.col("minute").cast(pl.Int64, strict=False)
    return clock * 3600 + minute * 60 + pl.col("second_of_minute").cast(pl.Int64).fill_null(0)


def _shift() -> pl.Expr:
    """Seconds ahead of UTC; null where the zone is not stated."""
    zone = pl.col("zone")
    signed = zone.str.replace(":", "", literal=True)
    hours = signed.str.slice(1, 2).cast(pl.Int64, strict=False)
    minutes = signed.str.slice(3, 2).cast(pl.Int64, strict=False)
    sign = pl.when(signed.str.starts_with("-")).then(-1).otherwise(1)
    stated = zone.is_in(["Z", "UTC", "GMT"])
    return (
        pl.when(stated).then(0).when(zone.is_not_null()).then(sign * (hours * 3600 + minutes * 60))
    )


def _order(
    parts: pl.DataFrame, wanted: DateOrder | None
) -> tuple[DateOrder | None, tuple[str, ...]]:
    """Order of the dates with slashes, and two values that contradict each other if there are."""
    slashed = parts.filter("slashed")
    day_first = slashed.filter((pl.col("first") > _NOON) & (pl.col("second") <= _NOON))["text"]
    month_first = slashed.filter((pl.col("second") > _NOON) & (pl.col("first") <= _NOON))["text"]
    dotted = parts.filter("dotted")["text"]
    shown_first = day_first if len(day_first) else dotted
    if len(shown_first) and len(month_first):
        return None, (str(shown_first.min()), str(month_first.min()))
    if wanted is not None:
        return wanted, ()
    if len(day_first):
        return "dmy", ()
    return ("mdy", ()) if len(month_first) else (None, ())


def _ordered(parts: pl.DataFrame, order: DateOrder | None) -> pl.DataFrame:
    """Parts as year, month and day, those with slashes as the order says."""
    first, second = pl.col("first"), pl.col("second")
    turned = pl.col("slashed") & pl.lit(order == "dmy")
    unclear = pl.col("slashed") & pl.lit(order is None) & (first != second)
    return parts.with_columns(
        month=pl.when(unclear).then(None).when(turned).then(second).otherwise(first),
        day=pl.when(unclear).then(None).when(turned).then(first).otherwise(second),
    )


def _days(parts: pl.DataFrame, timezone: str) -> pl.Series:
    valid = pl.col("month").is_between(1, 12) & pl.col("day").is_between(1, 31)
    written = pl.when(valid).then(
        pl.concat_str(
            pl.col("year").cast(pl.String).str.zfill(4),
            pl.col("month").cast(pl.String).str.zfill(2),
            pl.col("day").cast(pl.String).str.zfill(2),
            separator="-",
        )
    )
    frame = parts.with_columns(date=written.str.to_date("%Y-%m-%d", strict=False))
    instant = pl.col("date").cast(pl.Int64) * _DAY + pl.col("seconds") - pl.col("shift")
    frame = frame.with_columns(instant=pl.coalesce(instant, "epoch"))
    instants = frame["instant"].drop_nulls()
    only_days = bool(len(instants)) and bool((instants % _DAY == 0).all())
    zone = "UTC" if only_days else timezone
    moment = pl.from_epoch("instant").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    sound = pl.col("seconds").is_null() | pl.col("seconds").is_between(0, _DAY)
    day = pl.when(sound).then(pl.coalesce(moment.dt.date(), pl.col("date")))
    return frame.select(day.alias("day"))["day"]
