"""Columns as they stand -> columns of the declared types, and every value that would not go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.columns import is_identifier, kind_of, told
from ecosystem_graph.tables.csv_text import ROW
from ecosystem_graph.tables.dates import (
    beyond_reach,
    days_of_moments,
    days_written,
    open_ended,
    why_no_day,
)
from ecosystem_graph.tables.names import Claims, claims, folded
from ecosystem_graph.tables.numbers import TINY, numbers_written
from ecosystem_graph.tables.problems import Note, Problem, did_you_mean, quoted
from ecosystem_graph.tables.reasons import TRUTHS, shown, why_not
from ecosystem_graph.tables.repeats import without_headers
from ecosystem_graph.tables.schema import EARLIEST, LATEST, TABLES
from ecosystem_graph.tables.sources import RawTable
from ecosystem_graph.tables.words import cleaned, says_nothing

HINTS: Final = 10
"""Values per column that get a hint; a search for each would take minutes on a bad file."""
_EXACT: Final = 2**53
"""Whole numbers below this are told apart by floats."""
_FEW: Final = 3
"""Ignored columns that are told one by one."""
_MANY: Final = 1_000
_NOWHERE: Final = pl.Series(dtype=pl.UInt32)


def converted(raw: RawTable) -> tuple[pl.DataFrame, list[Problem], list[Note]]:
    """Typed frame of the declared columns and `ROW`, with what was wrong and what was ignored.

    A value that cannot be converted is null in the frame and a problem in the list.
    """
    schema = TABLES[raw.name].columns()
    found = claims(raw.headers, schema, raw.name)
    raw, problems, notes = without_headers(raw)
    problems += _about_header(raw, found)
    if raw.name == "partners" and raw.frame.is_empty() and not raw.spoiled:
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
    return frame, problems, _ignored_columns(raw, found) + notes


def _about_header(raw: RawTable, found: Claims) -> list[Problem]:
    """Required columns that are missing, and those that several columns claim to be."""
    problems = []
    for name, column in TABLES[raw.name].columns().items():
        if rivals := found.rivals.get(name):
            listed = " and ".join(f"'{rival}'" for rival in rivals)
            message = f"column '{name}' is there {len(rivals)} times ({listed}): keep one."
            problems.append(Problem(raw.name, raw.file, None, name, None, message, "column twice"))
        elif name not in found.place and not column.nullable:
            hint = did_you_mean(name, found.unknown).replace("Did you mean", "Is it")
            there = ", ".join(raw.headers) or "none"
            message = f"column '{name}' is missing.{hint} Found: {there}."
            problems.append(
                Problem(raw.name, raw.file, None, name, None, message, "column missing")
            )
    return problems


def _ignored_columns(raw: RawTable, found: Claims) -> list[Note]:
    notes = []
    missing = [name for name in TABLES[raw.name].columns() if name not in found.place]
    hints = {
        name: did_you_mean(name, missing) or did_you_mean(name.rpartition("_")[2], missing)
        for name in found.unknown[:_MANY]
    }
    plain = [name for name in found.unknown if not hints.get(name)]
    for name in found.unknown if len(plain) <= _FEW else [name for name in hints if hints[name]]:
        message = f"unknown column '{name}': ignored.{hints.get(name, '')}"
        notes.append(Note(raw.name, raw.file, name, message))
    if len(plain) > _FEW:
        listed = ", ".join(f"'{name}'" for name in plain)
        message = f"{len(plain)} unknown columns: ignored. They are {listed}."
        notes.append(Note(raw.name, raw.file, None, message))
    for name, header in found.by_table.items():
        notes.append(Note(raw.name, raw.file, name, f"column '{header}' is read as '{name}'."))
    return notes


@dataclass(frozen=True, slots=True)
class _Conversion:
    """One column on its way to the declared type."""

    raw: RawTable
    name: str
    column: dy.Column
    source: str  # its name in the frame

    def result(self) -> tuple[pl.Series, list[Problem], list[Note]]:
        """Values in the declared type, what is wrong with them, and what is worth knowing."""
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
        taken = _CONVERSIONS[type(self.column)](given, self.column, self.raw.decimal_comma)
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
        said = [*notes, *settled, *self._missing_words(given)]
        noted = [Note(self.raw.name, self.raw.file, self.name, f"{self.name}: {n}") for n in said]
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
            advice += why_no_day(shown(given.drop_nulls().head(1))[0])[1]
        elif given.dtype.is_float() and isinstance(self.column, dy.String):
            odd = given.filter(~_whole(given)).head(1)
            advice = f" {quoted(odd[0])} is not exactly a whole number: " if len(odd) else " "
            advice += "make it text before, such as by astype('Int64') in pandas."
        return (
            f"is of type {original.dtype}: {kind_of(self.column)} is wanted.{advice}",
            "wrong type",
        )

    def _of_other_kind(self, given: pl.Series, values: pl.Series) -> bool:
        """Whether numbers stand where days are wanted, and none of them is one."""
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
        """Note on words such as NULL in free text and ids, which stay what they are."""
        free = isinstance(self.column, dy.String) and not told(self.column, "refers_to")
        if not free or given.dtype != pl.String:
            return []
        words = given.filter(says_nothing(given))
        if words.is_empty():
            return []
        listed = " and ".join(quoted(word) for word in words.unique().sort().head(3))
        if told(self.column, "market"):
            if words.str.to_uppercase().n_unique() < 2 or not (words == "NA").any():
                return []  # what is no country is told where markets are
            listed += " stay as they are, NA being Namibia"
        else:
            one = words.n_unique() == 1
            listed += " stays as a word of its own" if one else " stay as words of their own"
        return [f"{listed}: write nothing for a missing value (rows: {len(words)})"]


def _nothing(name: str, column: dy.Column, height: int) -> pl.Series:
    return pl.Series(name, [None], column.dtype).new_from_index(0, height)


def _given(original: pl.Series, *, inside: bool) -> tuple[pl.Series, pl.Series]:
    """Column in one of the plain types, null where there is nothing; and where text is odd."""
    dtype = original.dtype
    if dtype.is_float():
        return original.fill_nan(None), _NOWHERE
    if isinstance(dtype, pl.Decimal):
        return original.cast(pl.Float64 if dtype.scale else pl.Int128), _NOWHERE
    if isinstance(dtype, pl.Enum | pl.Categorical):
        original = original.cast(pl.String)
    if dtype == pl.Binary:
        try:
            original = original.cast(pl.String)  # text of systems that do not say so
        except pl.exceptions.PolarsError:
            return original, _NOWHERE
    if original.dtype != pl.String:
        return original, _NOWHERE
    return cleaned(original, inside=inside)


def _without_control(values: pl.Series, odd: pl.Series) -> pl.Series:
    """Ids less those that hold what steers a device, such as a line break."""
    steering = odd.filter(values.gather(odd).str.contains(r"\p{Cc}").fill_null(False))
    return values.clone().scatter(steering, None) if len(steering) else values


def _settled(values: pl.Series, column: dy.Column) -> tuple[pl.Series, pl.Series | None, list[str]]:
    """Values less what stands for none, where that was so, and notes with the counts."""
    if values.dtype == pl.Date:
        empty = None
        notes = []
        if end := told(column, "end"):
            empty = open_ended(values, end, EARLIEST, LATEST).fill_null(False)
            if empty.any():
                shown_days = ", ".join(shown(values.filter(empty).unique().sort().head(3)))
                values = values.set(empty, None)
                notes = [f"{shown_days} stand for no day: open ended (rows: {empty.sum()})"]
        beyond = beyond_reach(values)
        return (values.set(beyond, None) if beyond.any() else values), empty, notes
    if values.dtype == pl.Float64:
        tiny = (values.abs() < TINY) & (values != 0)
        if tiny.any():
            note = f"numbers below {TINY:.0e} are taken as 0 (rows: {tiny.sum()})"
            return values.set(tiny, 0.0), None, [note]
    return values, None, []


_Taken = tuple[pl.Series, list[str]]


def _texts(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype.is_float():
        if not _whole(given).all():
            return None
        given = given.cast(pl.Int64)
    if given.dtype.is_integer():
        return given.cast(pl.String), []
    if given.dtype != pl.String:
        return None
    if words := told(column, "words"):
        likely = given.filter(given.is_in(list(words)).not_()).unique().drop_nulls()
        spelt = {folded(word): word for word in words}
        other = {text: spelt[folded(text)] for text in likely if folded(text) in spelt}
        given = given.replace(other) if other else given
    return given, []


def _whole(numbers: pl.Series) -> pl.Series:
    """Where a number is one that stands for a whole number exactly."""
    return (numbers == numbers.floor()) & (numbers.abs() < _EXACT)


def _choices(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype != pl.String:
        return None
    assert isinstance(column, dy.Enum)
    values = given.cast(column.dtype, strict=False)
    others = given.filter(values.is_null()).unique().drop_nulls()
    if others.is_empty():
        return values, []
    spelt = {folded(option): option for option in column.categories}
    also = {folded(word): option for word, option in (told(column, "also") or {}).items()}
    meant = {text: (spelt | also).get(folded(text)) for text in others.sort()}
    taken = {text: option for text, option in meant.items() if option}
    values = given.replace(taken).cast(column.dtype, strict=False)
    renamed = {text: option for text, option in taken.items() if folded(text) not in spelt}
    rows = given.is_in(list(renamed)).sum()
    said = ", ".join(f"'{text}' is read as '{option}'" for text, option in renamed.items())
    return values, [f"{said} (rows: {rows})"] if renamed else []


def _dates(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype == pl.Date:
        return given, []
    if isinstance(given.dtype, pl.Datetime):
        days, cut = days_of_moments(given)
    elif given.dtype == pl.String or given.dtype.is_numeric():
        text = given if given.dtype == pl.String else _as_text(given)
        if told(column, "end"):
            text = text.str.replace(r"^0000-?00-?00\b", "0001-01-01")
        days, cut = days_written(text)
    else:
        return None
    zone = ", the day as it stands in the zone given"
    return days, [f"the time of day is cut off{zone} (rows: {cut})"] if cut else []


def _numbers(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype == pl.String:
        numbers = numbers_written(given, decimal_comma=decimal_comma)
    elif given.dtype.is_numeric():
        numbers = given.cast(pl.Float64, strict=False)
    else:
        return None
    return numbers.set(~numbers.is_finite(), None), []


def _whole_numbers(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype.is_integer():
        return given.cast(pl.Int64, strict=False), []
    taken = _numbers(given, column, decimal_comma)
    if taken is None:
        return None
    return taken[0].set(~_whole(taken[0]), None).cast(pl.Int64, strict=False), []


def _truths(given: pl.Series, column: dy.Column, decimal_comma: bool) -> _Taken | None:
    if given.dtype == pl.Boolean:
        return given, []
    if given.dtype != pl.String and not given.dtype.is_numeric():
        return None
    words = _as_text(given).str.to_lowercase()
    return words.replace_strict(TRUTHS, default=None, return_dtype=pl.Boolean), []


def _as_text(given: pl.Series) -> pl.Series:
    """Numbers as people write them: whole ones without a point."""
    if given.dtype.is_float() and _whole(given).all():
        given = given.cast(pl.Int64)
    return given.cast(pl.String)


_CONVERSIONS: Final[
    Mapping[type[dy.Column], Callable[[pl.Series, dy.Column, bool], _Taken | None]]
] = {
    dy.Bool: _truths,
    dy.Date: _dates,
    dy.Enum: _choices,
    dy.Float64: _numbers,
    dy.Int64: _whole_numbers,
    dy.String: _texts,
}
