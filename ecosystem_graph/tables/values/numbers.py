"""Numbers in every form that leaves no doubt: decimal commas, thousands set apart."""

from typing import Final

import polars as pl

_APART: Final = r"[ \x{a0}\x{2009}\x{202f}'\x{2019}]"
_GROUPED: Final = rf"^[+-]?\d{{1,3}}(?:{_APART}\d{{3}})+(?:[.,]\d+)?$"
_COMMA: Final = r"^[+-]?\d*,\d+$"
_POINTS_COMMA: Final = r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$"
_COMMAS_POINT: Final = r"^[+-]?\d{1,3}(?:,\d{3})+\.\d+$"
_POINTS: Final = r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$"
_COMMAS: Final = r"^[+-]?\d{1,3}(?:,\d{3}){2,}$"
_EITHER: Final = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
"""A thousand and some, or one and some thousandths."""

TINY: Final = 1e-100
"""Less than this is nothing: its square could not be told from 0."""


def parsed_numbers(text: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Numbers of text, null where it is none or could be two.

    What stands between the digits is told by the number itself where it can be (`1234,5`,
    `1.234,50`, `1,234.50`, `1 234`), else by the other numbers of the column, else by the file.

    Parameters
    ----------
    text : Series of String
    decimal_comma : bool
        Whether a lone comma is decimal where nothing else tells, as in a file that separates its
        columns by `;`. A lone point is then in doubt too.

    Examples
    --------
    >>> parsed_numbers(pl.Series(["1.234,5", "0,25", "7"]), decimal_comma=False).to_list()
    [1234.5, 0.25, 7.0]
    >>> parsed_numbers(pl.Series(["1,234"]), decimal_comma=False).to_list()
    [None]
    >>> parsed_numbers(pl.Series(["1,234"]), decimal_comma=True).to_list()
    [1.234]
    """
    numbers = text.cast(pl.Float64, strict=False)
    odd = numbers.is_null() & text.is_not_null()
    if not odd.any() and not (decimal_comma and text.str.contains(_EITHER).any()):
        return numbers
    either = text.str.contains(_EITHER)
    comma_decides = _any(text, _POINTS_COMMA) or _any(text.filter(~either), _COMMA)
    point_decides = _any(text, _COMMAS_POINT) or _any(text.filter(~either), r"^[+-]?\d*\.\d+$")
    if comma_decides and point_decides:
        comma_decides = point_decides = False  # the column contradicts itself
        decimal_comma = False
        in_doubt = either
    elif comma_decides or point_decides:
        in_doubt = pl.Series([False]).new_from_index(0, len(text))
    else:
        in_doubt = either & (text.str.contains(".", literal=True) if decimal_comma else odd)
    comma = comma_decides or (decimal_comma and not point_decides)
    frame = pl.select(text=text, number=numbers, either=either, doubt=in_doubt)
    spaced = pl.col("text").str.replace_all(_APART, "")
    spaced = pl.when(pl.col("text").str.contains(_GROUPED)).then(spaced).otherwise("text")
    said = frame.with_columns(text=spaced).select(
        pl.when("doubt")
        .then(None)
        .when(pl.col("either") & comma)
        .then(_comma_as_point(pl.col("text")))
        .when(pl.col("either"))
        .then(pl.col("text").str.replace_all(",", "", literal=True))
        .when(pl.col("text").str.contains(f"{_POINTS_COMMA}|{_COMMA}"))
        .then(_comma_as_point(pl.col("text")))
        .when(pl.col("text").str.contains(f"{_COMMAS_POINT}|{_COMMAS}"))
        .then(pl.col("text").str.replace_all(",", "", literal=True))
        .when(pl.col("text").str.contains(_POINTS))
        .then(pl.col("text").str.replace_all(".", "", literal=True))
        .otherwise("text")
    )
    return said.to_series().cast(pl.Float64, strict=False)


def _comma_as_point(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def _any(text: pl.Series, pattern: str) -> bool:
    return bool(text.str.contains(pattern).any())
