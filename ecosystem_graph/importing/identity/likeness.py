"""Names that are merely alike: spelt almost the same, or with the same rare words."""

from typing import Final

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from ecosystem_graph.tables.values.company_names import plain_names

SPELLING: Final = "spelling"
WORDS: Final = "words"

_SAME_SPELLING: Final = 88
_SAME_WORDS: Final = 90
"""Least likeness, 0 to 100."""
_SHORTEST_WORD: Final = 3
_RARE: Final = 3
_RARE_SHARE: Final = 0.001
"""A word is rare in at most so many names, or in so large a share of them."""
_ROWS: Final = 512
"""Values that are compared with all names at once."""
_PAIRS: Final = 1 << 20
"""Pairs of names that are compared at once."""


def alike(values: pl.Series, names: pl.DataFrame) -> pl.DataFrame:
    """Names that values are alike to, in two ways.

    By `spelling`: the letters of both, words in alphabetical order, agree to 88 of 100 or more. By
    `words`: they share a rare word, and one has (almost) all the words of the other.

    Parameters
    ----------
    values : Series of String
        Each once.
    names : DataFrame
        partner_id and name; a partner may have several names.

    Returns
    -------
    DataFrame
        value, partner_id, how, likeness (0 to 100): the best for each value and partner, the most
        alike first.

    References
    ----------
    Ratios are those of rapidfuzz: 200 m / (length of both), with m the length of the longest
    common subsequence.

    Examples
    --------
    >>> names = pl.DataFrame(
    ...     {"partner_id": ["p-1", "p-2"], "name": ["Alder Systems Inc", "Birch Data"]}
    ... )
    >>> alike(pl.Series(["Alder Sistems", "Birch", "Birch Data Delft"]), names).rows()
    [('Alder Sistems', 'p-1', 'spelling', 92), ('Birch', 'p-2', 'words', 100), ...]
    """
    given = _prepared(pl.DataFrame({"value": values}), "value")
    known = _prepared(names.select("partner_id", "name"), "name")
    found = pl.concat([_same_spelling(given, known), _same_words(given, known)]).sort(
        ["value", "likeness", "partner_id", "how"], descending=[False, True, False, False]
    )
    return found.unique(["value", "partner_id"], keep="first", maintain_order=True)


def _prepared(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    plain = frame.with_columns(plain_names(frame[column]).alias("plain"))
    words = pl.col("plain").str.split(" ")
    return plain.filter(pl.col("plain") != "").with_columns(
        ordered=words.list.sort().list.join(" "), words=words.list.unique()
    )


def _pairs(given: pl.DataFrame, known: pl.DataFrame, how: str, likeness: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "value": given["value"],
            "partner_id": known["partner_id"],
            "how": pl.Series([how], dtype=pl.String).new_from_index(0, given.height),
            "likeness": likeness.cast(pl.Int64),
        }
    )


def _same_spelling(given: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose words in alphabetical order are spelt almost the same."""
    given = given.sort(pl.col("ordered").str.len_chars())
    known = known.sort(pl.col("ordered").str.len_chars())
    lengths = known["ordered"].str.len_chars().to_numpy()
    choices = known["ordered"].to_list()
    found = [_pairs(given.head(0), known.head(0), SPELLING, pl.Series([], dtype=pl.Int64))]
    for start in range(0, given.height, _ROWS):
        some = given.slice(start, _ROWS)
        own = some["ordered"].str.len_chars().to_numpy()
        # A ratio of r at least needs lengths that differ by a factor of (2 - r) / r at most.
        factor = (200 - _SAME_SPELLING) / _SAME_SPELLING
        first = int(np.searchsorted(lengths, own.min() / factor, side="left"))
        last = int(np.searchsorted(lengths, own.max() * factor, side="right"))
        ratios = process.cdist(
            some["ordered"].to_list(),
            choices[first:last],
            scorer=fuzz.ratio,
            score_cutoff=_SAME_SPELLING,
            dtype=np.uint8,
        )
        rows, columns = np.nonzero(ratios)
        likeness = pl.Series(ratios[rows, columns])
        found.append(_pairs(some[rows], known[columns + first], SPELLING, likeness))
    return pl.concat(found)


def _same_words(given: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs that share a rare word, and of which one has (almost) all words of the other."""
    most = max(_RARE, int(_RARE_SHARE * known.height))
    places = [
        frame.with_row_index(f"{side} row").explode("words").select(f"{side} row", "words")
        for side, frame in (("given", given), ("known", known))
    ]
    rare = places[1].filter(
        (pl.len().over("words") <= most) & (pl.col("words").str.len_chars() >= _SHORTEST_WORD)
    )
    shared = places[0].join(rare, on="words").select("given row", "known row").unique()
    found = []
    for part in shared.sort("given row", "known row").iter_slices(_PAIRS):
        left, right = given[part["given row"]], known[part["known row"]]
        ratios = process.cpdist(
            left["plain"].to_list(),
            right["plain"].to_list(),
            scorer=fuzz.token_set_ratio,
            score_cutoff=_SAME_WORDS,
            dtype=np.uint8,
        )
        kept = np.flatnonzero(ratios)
        found.append(_pairs(left[kept], right[kept], WORDS, pl.Series(ratios[kept])))
    nothing = _pairs(given.head(0), known.head(0), WORDS, pl.Series([], dtype=pl.Int64))
    return pl.concat([nothing, *found])
