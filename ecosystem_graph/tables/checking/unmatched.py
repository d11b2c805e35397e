"""Why a reference finds no row: the ways in which systems change how an id is written."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from ecosystem_graph.tables.messages.notes import did_you_mean, quoted
from ecosystem_graph.tables.values.text import MISSING_WORD, missing_hint

_HINTS: Final = 10
"""Values per column that are compared with all others letter by letter."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a value is not found.

    Attributes
    ----------
    kind : str
        Kind of the problem, in a few words.
    message : str
        What follows the value in the message of the problem.
    """

    kind: str
    message: str


def _bare_number(value: pl.Expr) -> pl.Expr:
    return value.str.replace(r"^0+(\d+)$", "$1")


#: How two spellings of one id may differ, how to normalise them, and what the message says.
_VARIANTS: Final = (
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
_SCIENTIFIC: Final = r"^\d(?:[.,]\d+)?[eE]\+\d+$"


def why_unmatched(
    lost: pl.Series, target: pl.DataFrame, key: str, file: str
) -> dict[str, Mismatch]:
    """Reason for each distinct value that is no key of the target.

    Parameters
    ----------
    lost : Series of str
        Values that are not in `target[key]`.
    target : DataFrame
        Table that should contain them. If it has a column `name`, that is compared as well.
    key, file : str
        Key column of the target, and the file it comes from.

    Examples
    --------
    >>> known = pl.DataFrame({"partner_id": ["p-1", "007"], "name": ["Acme", "Bond"]})
    >>> found = why_unmatched(pl.Series(["P-1", "7", "Acme", "p-2"]), known, "partner_id", "p.csv")
    >>> [reading.kind for reading in found.values()]
    ['differs in case', 'differs in leading zeros', 'a name where an id belongs', 'not in p.csv']
    """
    left = pl.DataFrame({"value": lost.unique(maintain_order=True)})
    known = target.select(pl.col(key).alias("known")).drop_nulls().unique(maintain_order=True)
    found = _similar_names(left, target, key, file) | _similar_ids(left, known, file)
    found |= {
        value: Mismatch(MISSING_WORD, f"is not in {file}.{hint}")
        for value in left["value"]
        if (hint := missing_hint(value))
    }
    words = known.filter(~pl.col("known").str.contains(r"\d"))["known"].to_list()
    scientific = left["value"].str.contains(_SCIENTIFIC)
    hints_left = _HINTS
    for value, shortened in zip(left["value"], scientific, strict=True):
        if value in found:
            continue
        if shortened:
            message = (
                "was shortened by a spreadsheet: format the column as text and export it again."
            )
            found[value] = Mismatch("shortened by a spreadsheet", message)
            continue
        hint = did_you_mean(value, words) if hints_left > 0 else ""
        hints_left -= 1
        found[value] = Mismatch(f"not in {file}", f"is not in {file}.{hint}")
    return {value: found[value] for value in left["value"]}


def _similar_ids(left: pl.DataFrame, known: pl.DataFrame, file: str) -> dict[str, Mismatch]:
    """Values that are an id in another spelling; the first spelling that explains one counts."""
    found: dict[str, Mismatch] = {}
    for what, normalised, difference in _VARIANTS:
        alike = _alike(left, known, normalised(pl.col("value")), normalised(pl.col("known")))
        for value, id_ in alike:
            message = f"is not in {file}, where {quoted(id_)} is: {difference}."
            found.setdefault(value, Mismatch(f"differs in {what}", message))
    return found


def _similar_names(
    left: pl.DataFrame, target: pl.DataFrame, key: str, file: str
) -> dict[str, Mismatch]:
    """Values that are the name of something where its id belongs."""
    if "name" not in target.columns:
        return {}
    named = target.select(pl.col(key).alias("known"), "name").drop_nulls()
    by_name = pl.col("value").str.to_lowercase(), pl.col("name").str.to_lowercase()
    return {
        value: Mismatch(
            "a name where an id belongs",
            f"is a name in {file}, an id belongs here: {quoted(id_)}.",
        )
        for value, id_ in _alike(left, named, *by_name)
    }


def _alike(
    left: pl.DataFrame, known: pl.DataFrame, fold_left: pl.Expr, fold_known: pl.Expr
) -> list[tuple[str, str]]:
    """Values with the one known id of equal normalised form; values with several are left out."""
    folded = known.select("known", fold_known.alias("folded")).unique(["known", "folded"])
    one = folded.filter(pl.len().over("folded") == 1)
    pairs = left.with_columns(fold_left.alias("folded")).join(
        one, on="folded", maintain_order="left"
    )
    return pairs.select("value", "known").rows()
