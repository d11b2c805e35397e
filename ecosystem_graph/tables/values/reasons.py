"""Why a value cannot be converted to the type of its column, and what could be."""

import re
from typing import Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.schema.columns import allowed, column_fact, kind_of
from ecosystem_graph.tables.values.dates import (
    CENTURIES,
    dates_of_timestamps,
    unrepresentable,
    why_not_a_date,
)
from ecosystem_graph.tables.values.names import folded
from ecosystem_graph.tables.values.text import MISSING_WORD, missing_hint

_NOT_OF_KIND: Final = {
    "true or false": "is not true or false",
    "date": "is not a date",
    "choice": "is not allowed",
    "number": "is not a number",
    "whole number": "is not a whole number",
    "text": "is not text",
}


def why_not(column: dy.Column, value: str) -> tuple[str, str]:
    """Kind of the problem of a value, and its message: what is wrong and what is allowed.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> deals = TABLES["deals"].columns()
    >>> why_not(deals["outcome"], "Launched")[1]
    "is not allowed: one of won, lost, open, withdrawn. Is it 'won'?"
    >>> why_not(deals["closed_on"], "N/A")[1]
    'is not a date. Write nothing for a missing value.'
    """
    kind = kind_of(column)
    if hint := missing_hint(value):
        return MISSING_WORD, f"{_NOT_OF_KIND[kind]}.{hint}"
    if kind == "date":
        if re.match(r"[+-]\d{4,}-\d\d-\d\d|0000-\d\d-\d\d", value) and value[:10] != "0000-00-00":
            return "out of range", f"is out of range: {allowed(column)}."
        return why_not_a_date(value)
    if kind == "choice":
        perhaps = {
            folded(word): meant for word, meant in (column_fact(column, "perhaps") or {}).items()
        }
        meant = perhaps.get(folded(value))
        return (
            "not allowed",
            f"is not allowed: {allowed(column)}.{f' Is it {meant!r}?' if meant else ''}",
        )
    if kind in ("number", "whole number") and re.fullmatch(r"[+-]?\d{1,3}([.,])\d{3}", value):
        return "thousands or decimals", (
            f"could be {value.replace(',', '').replace('.', '')} or "
            f"{value.replace(',', '.')}: write it without separators, or with a point alone."
        )
    return {
        "true or false": (
            "not true or false",
            "is not true or false: yes, no, 1 and 0 are understood too.",
        ),
        "number": (
            "not a number",
            "is not a number: write it like 1234.5, without separators or units.",
        ),
        "whole number": ("not a whole number", "is not a whole number: write it like 12."),
        "text": (
            "control character",
            f"holds a character that steers a device ({_control(value)}): write it without.",
        ),
    }[kind]


def _control(value: str) -> str:
    found = re.search("[\x00-\x1f\x7f-\x9f]", value)
    return f"U+{ord(found[0]):04X}" if found else "control character"


def shown(values: pl.Series) -> pl.Series:
    """Values of any type as text; a timestamp outside the calendar as its date."""
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        days, _ = dates_of_timestamps(values)
        far = unrepresentable(days).fill_null(False)
        near = values.set(far, None).cast(pl.String)
        return near.zip_with(~far, shown(days))
    if dtype == pl.Date:
        values = values.to_physical().clip(-CENTURIES, CENTURIES).cast(pl.Date)
    return values.cast(pl.String)
