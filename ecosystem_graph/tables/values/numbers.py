"""Numbers with decimal commas or thousands separators, where only one number can be meant."""

from typing import Final

import polars as pl

_SEPARATOR: Final = r"[ \x{a0}\x{2009}\x{202f}'\x{2019}]"
_GROUPED: Final = rf"^[+-]?\d{{1,3}}(?:{_SEPARATOR}\d{{3}})+(?:[.,]\d+)?$"
_COMMA: Final = r"^[+-]?\d*,\d+$"
_POINTS_COMMA: Final = r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$"
_COMMAS_POINT: Final = r"^[+-]?\d{1,3}(?:,\d{3})+\.\d+$"
_POINTS: Final = r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$"
_COMMAS: Final = r"^[+-]?\d{1,3}(?:,\d{3}){2,}$"
_EITHER: Final = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
"""Either a thousands or a decimal separator."""

TINY: Final = 1e-100
"""Smaller numbers are taken as 0: their square is 0 in floating point."""


def parsed_numbers(text: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Numbers of text, null where it is not a number or could be either of two.

    What a separator means follows from the number itself if possible (`1234,5`, `1.234,50`,
    `1,234.50`, `1 234`), else from the other numbers of the column, else from the file.

    Parameters
    ----------
    text : Series of String
    decimal_comma : bool
        Whether a lone comma is decimal if nothing else decides, as in a file that separates its
        columns by `;`. A lone point is then ambiguous too.

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
    comma, ambiguous = _convention(text, either, odd, decimal_comma=decimal_comma)
    frame = pl.select(text=text, number=numbers, either=either, ambiguous=ambiguous)
    spaced = pl.col("text").str.replace_all(_SEPARATOR, "")
    spaced = pl.when(pl.col("text").str.contains(_GROUPED)).then(spaced).otherwise("text")
    plain = frame.with_columns(text=spaced).select(
        pl.when("ambiguous")
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
    return plain.to_series().cast(pl.Float64, strict=False)


def _convention(
    text: pl.Series, either: pl.Series, odd: pl.Series, *, decimal_comma: bool
) -> tuple[bool, pl.Series]:
    """Whether commas are decimal in a column, and which numbers remain ambiguous."""
    comma = _any(text, _POINTS_COMMA) or _any(text.filter(~either), _COMMA)
    point = _any(text, _COMMAS_POINT) or _any(text.filter(~either), r"^[+-]?\d*\.\d+$")
    if comma and point:  # the column contradicts itself
        return False, either
    if comma or point:
        return comma, pl.Series([False]).new_from_index(0, len(text))
    return decimal_comma, either & (text.str.contains(".", literal=True) if decimal_comma else odd)


def _comma_as_point(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def _any(text: pl.Series, pattern: str) -> bool:
    return bool(text.str.contains(pattern).any())
