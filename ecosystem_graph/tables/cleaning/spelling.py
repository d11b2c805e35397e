"""One spelling for each market, industry, score kind and lost reason, in every table."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.messages.wording import first_few
from ecosystem_graph.tables.schema.columns import market_columns
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.vocabulary import CAPABILITY_GAP
from ecosystem_graph.tables.values.markets import canonical_market, is_iso_market, is_market_code
from ecosystem_graph.tables.values.names import folded

_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class _Place:
    """Column with words of one family; only in rows of one `kind`, if that is given."""

    table: str
    column: str
    kind: str | None = None

    @property
    def filled(self) -> pl.Expr:
        """Whether a row has a word of the family."""
        given = pl.col(self.column).is_not_null()
        return given if self.kind is None else given & (pl.col("kind") == self.kind)


def _same(word: str) -> str:
    return word


def _lost_reason(word: str) -> str:
    return CAPABILITY_GAP if folded(word) == folded(CAPABILITY_GAP) else word


_MARKETS: Final = (
    *(_Place(name, column) for name, table in TABLES.items() for column in market_columns(table)),
    _Place("objectives", "target", "territory"),
)
_INDUSTRIES: Final = (_Place("deals", "industry"), _Place("objectives", "target", "industry"))
_KINDS: Final = (_Place("csat", "kind"),)
_LOST: Final = (_Place("deals", "lost_reason"),)
_FAMILIES: Final[tuple[tuple[tuple[_Place, ...], Callable[[str], str]], ...]] = (
    (_MARKETS, canonical_market),
    (_INDUSTRIES, _same),
    (_KINDS, _same),
    (_LOST, _lost_reason),
)


def with_canonical_spelling(
    frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]
) -> tuple[dict[str, pl.DataFrame], list[Note]]:
    """Tables with one spelling for each market, industry, score kind and lost reason.

    Codes and names of countries become ISO 3166 codes; words that differ only in case, blanks,
    hyphens and underscores get the most frequent spelling.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        In the declared types.
    files : mapping of str to str
        Where each table comes from.

    Examples
    --------
    >>> deals = pl.DataFrame({"territory": ["Germany", "SF Bay", "sf-bay", "SF Bay"]})
    >>> empty = {"industry": [None] * 4, "lost_reason": [None] * 4}
    >>> deals = deals.with_columns(pl.lit(None, pl.String).alias(name) for name in empty)
    >>> frames, notes = with_canonical_spelling({"deals": deals}, {"deals": "deals.csv"})
    >>> frames["deals"]["territory"].to_list()
    ['DE', 'SF Bay', 'SF Bay', 'SF Bay']
    >>> print(notes[0])
    deals.csv  territory: country names read as ISO 3166 codes: 'Germany' as DE (rows: 1)
    """
    written = dict(frames)
    notes: list[Note] = []
    for places, canonical in _FAMILIES:
        given = [place for place in places if place.table in written]
        counts = {place: _counted(written[place.table], place) for place in given}
        forms = _forms(sum(counts.values(), Counter()), canonical)
        for place in given:
            changed = {word: forms[word] for word in counts[place] if forms[word] != word}
            if changed:
                word = pl.when(place.filled).then(pl.col(place.column).replace(changed))
                written[place.table] = written[place.table].with_columns(
                    word.otherwise(place.column).alias(place.column)
                )
            texts = _changes(place.column, counts[place], changed)
            if places is _MARKETS:
                texts += _unknown_markets(place.column, counts[place], forms)
            notes += [Note(place.table, files[place.table], place.column, text) for text in texts]
    return written, notes


def _counted(frame: pl.DataFrame, place: _Place) -> Counter[str]:
    words = frame.filter(place.filled)[place.column].value_counts()
    return Counter(dict(words.iter_rows()))


def _forms(counts: Counter[str], canonical: Callable[[str], str]) -> dict[str, str]:
    """Spelling of each word: its canonical form, or the most frequent of equivalent spellings."""
    forms = {word: canonical(word) for word in counts}
    alike: dict[str, Counter[str]] = {}
    for word, form in forms.items():
        alike.setdefault(folded(form), Counter())[form] += counts[word]
    common = {
        key: min(spellings, key=lambda form: (-spellings[form], form))
        for key, spellings in alike.items()
    }
    return {
        word: form if is_iso_market(form) else common[folded(form)] for word, form in forms.items()
    }


def _changes(column: str, counts: Counter[str], changed: Mapping[str, str]) -> list[str]:
    """Texts of notes on replaced words; replaced country codes are not noted."""
    names = {word for word in changed if is_iso_market(changed[word]) and not is_market_code(word)}
    spelt = {word for word in changed if not is_iso_market(changed[word])}
    texts = []
    for words, what in (
        (names, "country names read as ISO 3166 codes"),
        (spelt, "spellings of one word read as one"),
    ):
        if words:
            by_rows = sorted(words, key=lambda word: (-counts[word], word))
            shown = [f"{quoted(word)} as {changed[word]}" for word in by_rows]
            rows = sum(counts[word] for word in words)
            texts.append(f"{column}: {what}: {first_few(shown, _EXAMPLES)} (rows: {rows})")
    return texts


def _unknown_markets(column: str, counts: Counter[str], forms: Mapping[str, str]) -> list[str]:
    """Texts of notes on markets without an ISO 3166 code."""
    strange = sorted({forms[word] for word in counts if not is_iso_market(forms[word])})
    if not strange:
        return []
    rows = sum(n for word, n in counts.items() if not is_iso_market(forms[word]))
    return [
        f"{column}: no ISO 3166 code, taken as a market of its own: "
        f"{first_few(strange, _EXAMPLES)} (rows: {rows})"
    ]
