"""Numbers of an export: the decimal sign is decided for a column as a whole, or asked."""

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ecosystem_graph.tables.messages.notes import quoted

DecimalSign = Literal[".", ","]

_BLANKS: Final = r"[\s\x{a0}\x{2009}\x{202f}'\x{2019}]"
_IN_BRACKETS: Final = r"^\((.*)\)$"
_PLAIN: Final = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_WHOLE: Final = r"^[+-]?\d+$"
_POINT_LAST: Final = r"^[+-]?\d{1,3}(?:,\d{3})+\.\d*$"
_COMMA_LAST: Final = r"^[+-]?\d{1,3}(?:\.\d{3})+,\d*$"
_MANY_COMMAS: Final = r"^[+-]?\d{1,3}(?:,\d{3}){2,}$"
_MANY_POINTS: Final = r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$"
_ONE_SIGN: Final = r"^[+-]?\d*[.,]\d+$"
_EITHER: Final = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"


@dataclass(frozen=True, slots=True)
class ReadNumbers:
    """Numbers of a column.

    Attributes
    ----------
    values : Series of Float64, shape (n_rows,)
        Null where a value is no number.
    undecided : Series of String
        Values whose sign may separate thousands or decimals; they are null in `values`.
    """

    values: pl.Series
    undecided: pl.Series


def read_numbers(text: pl.Series, *, decimal: DecimalSign | None = None) -> ReadNumbers:
    """Numbers of a column of text.

    Blanks and apostrophes between digits are passed over, and a number in brackets is negative.
    Where `.` and `,` both occur in a number, the last is the decimal sign, for the whole column.

    Parameters
    ----------
    text : Series of String
    decimal : {".", ","}, optional
        Decimal sign where no number of the column shows it.

    Examples
    --------
    >>> read_numbers(pl.Series(["1.234,50", "2.000", "(7)"])).values.to_list()
    [1234.5, 2000.0, -7.0]
    >>> read_numbers(pl.Series(["1,234", "12k"])).undecided.to_list()
    ['1,234']
    """
    quick = text.cast(pl.Float64, strict=False)
    odd = quick.is_null() & text.is_not_null()
    if not odd.any() and not text.str.contains(_EITHER).any():
        return ReadNumbers(_finite(quick), _NONE)
    distinct = pl.DataFrame({"text": text.unique().drop_nulls()})
    plain = distinct.select(_bare(pl.col("text")).alias("plain"))["plain"]
    sign = _sign(plain) or decimal
    comma, point = sign == ",", sign == "."
    undecided = plain.str.contains(_EITHER) & (sign is None)
    number = pl.DataFrame({"plain": plain, "open": undecided}).select(
        pl.when("open")
        .then(None)
        .when(pl.col("plain").str.contains(_COMMA_LAST))
        .then(_comma_decimal(pl.col("plain")))
        .when(pl.col("plain").str.contains(f"{_POINT_LAST}|{_MANY_COMMAS}"))
        .then(pl.col("plain").str.replace_all(",", "", literal=True))
        .when(pl.col("plain").str.contains(_MANY_POINTS))
        .then(pl.col("plain").str.replace_all(".", "", literal=True))
        .when(pl.lit(comma) & pl.col("plain").str.contains(_EITHER))
        .then(_comma_decimal(pl.col("plain")))
        .when(pl.lit(point) & pl.col("plain").str.contains(_EITHER))
        .then(pl.col("plain").str.replace_all(",", "", literal=True))
        .when(pl.col("plain").str.contains(_ONE_SIGN))
        .then(pl.col("plain").str.replace(",", ".", literal=True))
        .otherwise("plain")
        .alias("number")
    )["number"]
    sound = number.str.contains(_PLAIN).fill_null(False)
    values = number.set(~sound, None).cast(pl.Float64, strict=False)
    by_text = distinct.with_columns(values.alias("value"))
    read = pl.DataFrame({"text": text}).join(by_text, on="text", how="left", maintain_order="left")
    return ReadNumbers(_finite(read["value"]), distinct["text"].filter(undecided))


_NONE: Final = pl.Series("text", [], dtype=pl.String)


def sign_question(label: str, found: ReadNumbers, rows: int) -> str:
    """What is asked about a column whose decimal sign is not clear.

    Examples
    --------
    >>> question = sign_question("Amount", read_numbers(pl.Series(["1.234"])), 3)
    >>> print(question.partition(". ")[0])
    Amount: 3 values such as '1.234' may be 1234 or 1.234
    """
    value = str(found.undecided.sort()[0])
    bare = value.replace(",", ".")
    return (
        f"{label}: {rows:,} values such as {quoted(value)} may be {bare.replace('.', '')} or "
        f"{bare}. "
        'Add: [settings] decimal = "." or ","'
    )


def _bare(text: pl.Expr) -> pl.Expr:
    """Number without blanks, and with a minus instead of brackets."""
    stripped = text.str.strip_chars()
    negative = stripped.str.replace(_IN_BRACKETS, "-$1")
    minus = negative.str.replace("^\\x{2212}", "-")
    return (
        pl.when(minus.str.contains(r"^[+-]?[\d.,]"))
        .then(minus.str.replace_all(_BLANKS, ""))
        .otherwise(minus)
    )


def _sign(plain: pl.Series) -> DecimalSign | None:
    """Decimal sign that the numbers of a column show; None if none does, or they disagree."""
    single = plain.filter(plain.str.contains(_ONE_SIGN) & ~plain.str.contains(_EITHER))
    comma = _any(plain, f"{_COMMA_LAST}|{_MANY_POINTS}") or _any(single, ",")
    point = _any(plain, f"{_POINT_LAST}|{_MANY_COMMAS}") or _any(single, r"\.")
    if comma == point:
        return None
    return "," if comma else "."


def _comma_decimal(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def _any(text: pl.Series, pattern: str) -> bool:
    return bool(text.str.contains(pattern).any())


def _finite(values: pl.Series) -> pl.Series:
    return values.set(~values.is_finite().fill_null(True), None)
