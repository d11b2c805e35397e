"""Raw columns -> columns of the declared types, and every value that cannot be converted."""

from dataclasses import dataclass
from typing import Final

import dataframely as dy
import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.cleaning.headers import header_notes, header_problems
from ecosystem_graph.tables.cleaning.repeats import without_repeated_headers
from ecosystem_graph.tables.messages.notes import Note, did_you_mean, quoted
from ecosystem_graph.tables.opening.raw_table import ROW, RawTable
from ecosystem_graph.tables.schema.columns import column_fact, is_identifier, kind_of
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.vocabulary import EARLIEST, LATEST
from ecosystem_graph.tables.values.casting import are_whole, cast_values
from ecosystem_graph.tables.values.dates import open_ended, unrepresentable, why_not_a_date
from ecosystem_graph.tables.values.names import match_columns
from ecosystem_graph.tables.values.numbers import TINY
from ecosystem_graph.tables.values.reasons import shown, why_not
from ecosystem_graph.tables.values.text import cleaned, is_missing_word

HINTS: Final = 10
"""Values per column that get a hint; hints for all would take minutes on a bad file."""
_NO_POSITIONS: Final = pl.Series(dtype=pl.UInt32)


def converted(raw: RawTable) -> tuple[pl.DataFrame, list[Problem], list[Note]]:
    """TypedTable frame of the declared columns and `ROW`, with problems and notes.

    A value that cannot be converted is null in the frame and a problem in the list.
    """
    schema = TABLES[raw.name].columns()
    found = match_columns(raw.headers, schema, raw.name)
    raw, problems, notes = without_repeated_headers(raw)
    problems += header_problems(raw, found)
    if raw.name == "partners" and raw.frame.is_empty() and not raw.unreadable_rows:
        message = "has no rows: there is nobody to pair."
        problems.append(Problem(raw.name, raw.file, None, None, None, message, "no rows"))

    values: dict[str, pl.Series] = {}
    for name, column in schema.items():
        if name in found.place:
            conversion = _Conversion(raw, name, column, raw.columns[found.place[name]])
            values[name], wrong, noted = conversion.result()
            problems += wrong
            notes += noted
        else:
            values[name] = _nothing(name, column, raw.frame.height)
    frame = pl.DataFrame([*values.values(), raw.frame[ROW]])
    return frame, problems, header_notes(raw, found) + notes


@dataclass(frozen=True, slots=True)
class _Conversion:
    """Conversion of one column to the declared type."""

    raw: RawTable
    name: str
    column: dy.Column
    source: str  # its name in the frame

    def result(self) -> tuple[pl.Series, list[Problem], list[Note]]:
        """Values in the declared type, problems and notes."""
        try:
            return self._result()
        except pl.exceptions.PanicException as error:  # out of damaged files
            return self._refused(f"cannot be read ({str(error).partition(chr(10))[0]}).", "damaged")

    def _result(self) -> tuple[pl.Series, list[Problem], list[Note]]:
        identifies = is_identifier(self.name, self.column)
        inside = identifies or not isinstance(self.column, dy.String)
        original = self.raw.frame[self.source]
        given, odd = _given(original, inside=inside)
        problems = self._undecodable() + self._empty(given)
        if given.null_count() == len(given):
            return _nothing(self.name, self.column, len(given)), problems, []
        taken = cast_values(given, self.column, decimal_comma=self.raw.decimal_comma)
        values, notes = taken if taken is not None else (None, [])
        if values is None or self._of_other_kind(given, values):
            return self._refused(*self._wrong_type(original, given))
        if identifies and len(odd):
            values = _without_control(values, odd)
        values, meant_empty, settled = _settled(values, self.column)
        failed = given.is_not_null() & values.is_null()
        if meant_empty is not None:
            failed &= ~meant_empty
        if failed.any():
            problems += self._failures(given, failed)
        texts = [*notes, *settled, *self._missing_words(given)]
        noted = [Note(self.raw.name, self.raw.file, self.name, f"{self.name}: {n}") for n in texts]
        return values.alias(self.name), problems, noted

    def _problem(self, row: int | None, value: str | None, message: str, kind: str) -> Problem:
        return Problem(self.raw.name, self.raw.file, row, self.name, value, message, kind)

    def _refused(self, why: str, kind: str) -> tuple[pl.Series, list[Problem], list[Note]]:
        nothing = _nothing(self.name, self.column, self.raw.frame.height)
        return nothing, [self._problem(None, None, f"column '{self.name}' {why}", kind)], []

    def _wrong_type(self, original: pl.Series, given: pl.Series) -> tuple[str, str]:
        advice = ""
        if given.dtype.is_numeric() and isinstance(self.column, dy.Date):
            advice = f" {quoted(shown(given.drop_nulls().head(1))[0])} "
            advice += why_not_a_date(shown(given.drop_nulls().head(1))[0])[1]
        elif given.dtype.is_float() and isinstance(self.column, dy.String):
            odd = given.filter(~are_whole(given)).head(1)
            advice = f" {quoted(odd[0])} is not exactly a whole number: " if len(odd) else " "
            advice += "make it text before, such as by astype('Int64') in pandas."
        return (
            f"is of type {original.dtype}: {kind_of(self.column)} is wanted.{advice}",
            "wrong type",
        )

    def _of_other_kind(self, given: pl.Series, values: pl.Series) -> bool:
        """Whether dates are wanted, and numbers are given of which none is a date."""
        dates = isinstance(self.column, dy.Date) and given.dtype.is_numeric()
        return dates and values.null_count() == len(values)

    def _undecodable(self) -> list[Problem]:
        return [
            self._problem(field.row, field.value, f"{self.name} {field.message}", "not UTF-8")
            for field in self.raw.undecodable
            if field.column == self.source
        ]

    def _empty(self, given: pl.Series) -> list[Problem]:
        if self.column.nullable or not given.null_count():
            return []
        rows = self.raw.frame[ROW].filter(given.is_null())
        return [self._problem(row, None, f"{self.name} is empty.", "empty") for row in rows]

    def _failures(self, given: pl.Series, failed: pl.Series) -> list[Problem]:
        rows, values = self.raw.frame[ROW].filter(failed), shown(given.filter(failed)).to_list()
        options = getattr(self.column, "categories", [])
        few = list(dict.fromkeys(values))[:HINTS]
        hints = {value: did_you_mean(value, options) for value in few} if options else {}
        reasons = {value: why_not(self.column, value) for value in set(values)}
        problems = []
        for row, value in zip(rows, values, strict=True):
            kind, why = reasons[value]
            hint = "" if why[-1] == "?" else hints.get(value, "")
            message = f"{self.name} {quoted(value)} {why}{hint}"
            problems.append(self._problem(row, value, message, kind))
        return problems

    def _missing_words(self, given: pl.Series) -> list[str]:
        """Note on words such as NULL in free text and ids, which are kept."""
        free = isinstance(self.column, dy.String) and not column_fact(self.column, "refers_to")
        if not free or given.dtype != pl.String:
            return []
        words = given.filter(is_missing_word(given))
        if words.is_empty():
            return []
        listed = " and ".join(quoted(word) for word in words.unique().sort().head(3))
        if column_fact(self.column, "market"):
            if words.str.to_uppercase().n_unique() < 2 or not (words == "NA").any():
                return []  # unknown markets are noted when spellings are unified
            listed += " stay as they are, NA being Namibia"
        else:
            one = words.n_unique() == 1
            listed += " stays as a word of its own" if one else " stay as words of their own"
        return [f"{listed}: write nothing for a missing value (rows: {len(words)})"]


def _nothing(name: str, column: dy.Column, height: int) -> pl.Series:
    return pl.Series(name, [None], column.dtype).new_from_index(0, height)


def _given(original: pl.Series, *, inside: bool) -> tuple[pl.Series, pl.Series]:
    """Column in one of the plain types, null where empty; and positions of unusual text."""
    dtype = original.dtype
    if dtype.is_float():
        return original.fill_nan(None), _NO_POSITIONS
    if isinstance(dtype, pl.Decimal):
        return original.cast(pl.Float64 if dtype.scale else pl.Int128), _NO_POSITIONS
    if isinstance(dtype, pl.Enum | pl.Categorical):
        original = original.cast(pl.String)
    if dtype == pl.Binary:
        try:
            original = original.cast(pl.String)  # text that a system exported as bytes
        except pl.exceptions.PolarsError:
            return original, _NO_POSITIONS
    if original.dtype != pl.String:
        return original, _NO_POSITIONS
    return cleaned(original, inside=inside)


def _without_control(values: pl.Series, odd: pl.Series) -> pl.Series:
    """Ids, null where one holds a control character such as a line break."""
    steering = odd.filter(values.gather(odd).str.contains(r"\p{Cc}").fill_null(False))
    return values.clone().scatter(steering, None) if len(steering) else values


def _settled(values: pl.Series, column: dy.Column) -> tuple[pl.Series, pl.Series | None, list[str]]:
    """Values without placeholders, where those were, and notes with the counts."""
    if values.dtype == pl.Date:
        empty = None
        notes = []
        if end := column_fact(column, "end"):
            empty = open_ended(values, end, EARLIEST, LATEST).fill_null(False)
            if empty.any():
                shown_days = ", ".join(shown(values.filter(empty).unique().sort().head(3)))
                stand = "stands" if values.filter(empty).n_unique() == 1 else "stand"
                values = values.set(empty, None)
                notes = [f"{shown_days} {stand} for no day: open ended (rows: {empty.sum()})"]
        beyond = unrepresentable(values)
        return (values.set(beyond, None) if beyond.any() else values), empty, notes
    if values.dtype == pl.Float64:
        tiny = (values.abs() < TINY) & (values != 0)
        if tiny.any():
            note = f"numbers below {TINY:.0e} are taken as 0 (rows: {tiny.sum()})"
            return values.set(tiny, 0.0), None, [note]
    return values, None, []
