"""Why an id is not where it should be: the ways in which systems change how an id is written."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from ecosystem_graph.tables.messages.notes import did_you_mean, quoted
from ecosystem_graph.tables.values.text import MISSING_WORD, missing_hint

_HINTS: Final = 10
"""Values per column that are compared with all others, letter by letter."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a value is not found.

    Attributes
    ----------
    kind : str
        The fault in a few words.
    said : str
        What follows the value in the message.
    """

    kind: str
    said: str


def _bare_number(value: pl.Expr) -> pl.Expr:
    return value.str.replace(r"^0+(\d+)$", "$1")


#: How two writings of one id may differ, how to make them alike, and what to say about it.
_WRITINGS: Final = (
    ("case", lambda value: value.str.to_lowercase(), "the two differ only in case"),
    (
        "blanks",
        lambda value: value.str.replace_all(r"\s+", "").str.to_lowercase(),
        "the two differ only in blanks",
    ),
    (
        "leading zeros",
        _bare_number,
        "a spreadsheet cuts leading zeros, format the column as text there",
    ),
    (
        "decimals",
        lambda value: _bare_number(value.str.replace(r"^(\d+)\.0+$", "$1")),
        "an id is no number with decimals",
    ),
)
_SHORTENED: Final = r"^\d(?:[.,]\d+)?[eE]\+\d+$"


def why_unmatched(
    lost: pl.Series, target: pl.DataFrame, key: str, file: str
) -> dict[str, Mismatch]:
    """Reason for each distinct value that is no key of the target.

    Parameters
    ----------
    lost : Series of str
        Values that are not in `target[key]`.
    target : DataFrame
        Table they should be in, by its `name` also if it has one.
    key, file : str
        Key column of the target, and where it comes from.

    Examples
    --------
    >>> known = pl.DataFrame({"partner_id": ["p-1", "007"], "name": ["Acme", "Bond"]})
    >>> found = why_unmatched(pl.Series(["P-1", "7", "Acme", "p-2"]), known, "partner_id", "p.csv")
    >>> [reading.kind for reading in found.values()]
    ['differs in case', 'differs in leading zeros', 'a name where an id belongs', 'not in p.csv']
    """
    left = pl.DataFrame({"value": lost.unique(maintain_order=True)})
    known = target.select(pl.col(key).alias("known")).drop_nulls().unique(maintain_order=True)
    mismatches: dict[str, Mismatch] = {}
    for what, fold, told in _WRITINGS:
        for value, id_ in _alike(left, known, fold(pl.col("value")), fold(pl.col("known"))):
            said = f"is not in {file}, where {quoted(id_)} is: {told}."
            mismatches.setdefault(value, Mismatch(f"differs in {what}", said))
    if "name" in target.columns:
        named = target.select(pl.col(key).alias("known"), "name").drop_nulls()
        fold_name = pl.col("name").str.to_lowercase()
        for value, id_ in _alike(left, named, pl.col("value").str.to_lowercase(), fold_name):
            said = f"is a name in {file}, an id belongs here: {quoted(id_)}."
            mismatches.setdefault(value, Mismatch("a name where an id belongs", said))
    for value in left["value"]:
        if hint := missing_hint(value):
            mismatches[value] = Mismatch(MISSING_WORD, f"is not in {file}.{hint}")
    for value in left.filter(pl.col("value").str.contains(_SHORTENED))["value"]:
        said = "was shortened by a spreadsheet: format the column as text and export it again."
        mismatches.setdefault(value, Mismatch("shortened by a spreadsheet", said))
    words = known.filter(~pl.col("known").str.contains(r"\d"))["known"].to_list()
    unknown = [value for value in left["value"] if value not in mismatches]
    for position, value in enumerate(unknown):
        hint = did_you_mean(value, words) if position < _HINTS else ""
        mismatches[value] = Mismatch(f"not in {file}", f"is not in {file}.{hint}")
    return {value: mismatches[value] for value in left["value"]}


def _alike(
    left: pl.DataFrame, known: pl.DataFrame, fold_left: pl.Expr, fold_known: pl.Expr
) -> list[tuple[str, str]]:
    """Values beside the one known id that is alike; where several are alike, none is."""
    folded = known.select("known", fold_known.alias("folded")).unique(["known", "folded"])
    one = folded.filter(pl.len().over("folded") == 1)
    pairs = left.with_columns(fold_left.alias("folded")).join(
        one, on="folded", maintain_order="left"
    )
    return pairs.select("value", "known").rows()
