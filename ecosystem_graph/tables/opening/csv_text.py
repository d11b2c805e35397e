"""CSV bytes -> text columns, and the rows that cannot be read.

Rows are numbered as a spreadsheet shows them: the header is row 1, a blank line counts, a line
break inside quotes does not. Empty rows are skipped.
"""

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.tables.opening.decoding import (
    UNDECODABLE,
    bytes_shown,
    decoded,
    has_undecodable,
    likely_reading,
)
from ecosystem_graph.tables.opening.raw_table import ROW, UndecodableField, UnreadableRow
from ecosystem_graph.tables.values.names import folded

_CHUNK: Final = 65_536
_HEADER_LETTERS: Final = 100_000
_TITLE_ROWS: Final = 20
"""Rows in which a header is searched for."""
_SEPARATORS: Final = (",", ";", "\t", "|")
DECLARED_APART: Final = re.compile(r'\s*"?sep=(.)"?\s*?(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(slots=True)
class CsvText:
    """The text of one CSV file.

    Attributes
    ----------
    columns : list of str
        Names in the header, in order, repeated ones included.
    frame : DataFrame
        One text column per name of the header, and the row number in `ROW`.
    unreadable_rows : list of UnreadableRow
        Rows that are not in the frame.
    undecodable : list of UndecodableField
        Fields of the frame with bytes that are not UTF-8.
    faults : list of str
        Problems of the file as a whole.
    separator : str
        Separator of the columns.
    """

    columns: list[str] = field(default_factory=list)
    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={ROW: pl.Int64}))
    unreadable_rows: list[UnreadableRow] = field(default_factory=list)
    undecodable: list[UndecodableField] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    separator: str = ","


def csv_text(data: bytes, declared: Collection[str] = ()) -> CsvText:
    r"""Text of a CSV file: any Unicode encoding, separator and line ends, RFC 4180 quotes.

    Parameters
    ----------
    data : bytes
    declared : collection of str, optional
        Names that its header may contain; they decide the separator if it is ambiguous.

    Examples
    --------
    >>> text = csv_text(b'partner_id;name\r\np-1;"Acme; Inc."\r\np-2\r\n')
    >>> text.frame.rows()
    [('p-1', 'Acme; Inc.', 2)]
    >>> text.unreadable_rows[0].message
    "1 field found, 2 expected: check the ';' between columns, and quotes."
    """
    text, fault = decoded(data)
    if fault:
        return CsvText(faults=[fault])
    if stated := DECLARED_APART.match(text):
        text = text[stated.end() :]  # a spreadsheet does not show this line either
    head = text[:_HEADER_LETTERS]
    known = {folded(name) for name in declared}
    if title := _title(head, known):
        return CsvText(faults=[title])
    separator = _separator(head, known)
    if stated and stated[1] in _header_line(head):
        separator = stated[1]
    if '"' not in text and not has_undecodable(text):
        return _unquoted(text, separator)
    return _quoted(text, separator)


def _title(text: str, declared: Collection[str]) -> str:
    """Problem of a file with rows above its header; empty if there are none."""
    lines = io.StringIO(text, newline=None)
    full = [
        (row, max(_known(line, apart, declared) for apart in _SEPARATORS))
        for row, line in enumerate(itertools.islice(lines, _TITLE_ROWS), start=1)
        if line.strip(' \t\r\n,;|"')
    ]
    header = next((row for row, known in full if known > 1), None)
    if header is None or full[0][1]:
        return ""
    return f"has its header in row {header}: delete the rows above it."


def _known(line: str, separator: str, declared: Collection[str]) -> int:
    """Number of declared names in a line."""
    return sum(folded(name) in declared for name in _names(line, separator))


def _names(line: str, separator: str) -> list[str]:
    """Fields of a line that may be a header."""
    return next(csv.reader([line], delimiter=separator), [])


def _header_line(text: str) -> str:
    """The first line that is not blank."""
    lines = io.StringIO(text, newline=None)
    return next((line for line in lines if line.strip(' \t\r\n,;|"')), "")


def _separator(text: str, declared: Collection[str]) -> str:
    """Separator with most declared names in the header, else the most frequent one."""
    header = _header_line(text)

    def n_known_and_all(apart: str) -> tuple[int, int]:
        n_names = len(_names(header, apart))
        return _known(header, apart, declared) if n_names > 1 else 0, n_names

    return max(_SEPARATORS, key=n_known_and_all)


def _unquoted(text: str, separator: str) -> CsvText:
    """CSV text without quotes: each line is a row, each separator a boundary."""
    lines = pl.Series(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    full = lines.str.contains(rf"[^\s{re.escape(separator)}]")
    header_at = full.arg_max() or 0
    columns = [name.strip() for name in lines[header_at].split(separator)]
    result = CsvText(columns, separator=separator)

    body = pl.DataFrame({ROW: pl.int_range(1, len(lines) + 1, eager=True), "line": lines})
    body = body.filter(full & (body[ROW] > header_at + 1))
    fields = body["line"].str.count_matches(separator, literal=True) + 1
    wide = (fields > len(columns)).arg_true()
    if len(wide) and not (fields == len(columns)).any():
        cut = [separator.join(_cut(line.split(separator), result)) for line in body["line"][wide]]
        body = body.with_columns(body["line"].clone().scatter(wide, cut))
        fields = body["line"].str.count_matches(separator, literal=True) + 1
    ragged = fields != len(columns)
    for row, line, found in zip(
        *body.filter(ragged).get_columns(), fields.filter(ragged), strict=True
    ):
        result.unreadable_rows.append(_ragged(row, line, found, result))

    body = body.filter(~ragged)
    parts = body["line"].str.split_exact(separator, len(columns) - 1).struct.unnest()
    parts.columns = _distinct(columns)
    result.frame = parts.with_columns(body[ROW])
    return result


def _quoted(text: str, separator: str) -> CsvText:
    """Any CSV text, field by field; bytes that are not UTF-8 are lone surrogates."""
    result = CsvText(separator=separator)
    broken = has_undecodable(text)
    wide: list[UnreadableRow] = []
    chunks: list[pl.DataFrame] = []
    good: list[tuple[str | int, ...]] = []
    for row, record, line in csv_records(text, separator):
        if isinstance(record, csv.Error):
            _note_unreadable(result, row, line, str(record))
        elif not any(field.strip() for field in record):
            continue
        elif not result.columns:
            result.columns = [bytes_shown(name.strip()) for name in record]
        elif len(cut := _cut(record, result)) != len(result.columns):
            result.unreadable_rows.append(_ragged(row, bytes_shown(line), len(record), result))
        else:
            if len(cut) < len(record):
                wide.append(_ragged(row, bytes_shown(line), len(record), result))
            record = cut
            good.append((*(_readable(record, row, result) if broken else record), row))
            if len(good) == _CHUNK:
                chunks.append(_chunk(good, result.columns))
                good = []
    result.frame = pl.concat([*chunks, _chunk(good, result.columns)])
    if len(wide) < result.frame.height:
        _take_aside(wide, result)
    return result


def _take_aside(wide: list[UnreadableRow], result: CsvText) -> None:
    """Move rows that are wider than others, if only by empty fields, to the unreadable ones."""
    rows = {bad.row for bad in wide}
    result.frame = result.frame.filter(~result.frame[ROW].is_in(rows))
    result.undecodable = [field for field in result.undecodable if field.row not in rows]
    result.unreadable_rows = sorted([*result.unreadable_rows, *wide], key=lambda bad: bad.row)


def csv_records(text: str, separator: str) -> Iterator[tuple[int, list[str] | csv.Error, str]]:
    """Row number, fields (or what is wrong with the quotes) and text of each record."""
    lines: list[str] = []

    def remembered() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            lines.append(line)
            yield line

    reader = csv.reader(remembered(), delimiter=separator, strict=True)
    for row in itertools.count(1):
        record: list[str] | csv.Error
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            record = error
        yield row, record, lines[0].rstrip("\r\n") if len(lines) == 1 else "".join(lines)
        lines.clear()


def _cut(record: list[str], result: CsvText) -> list[str]:
    """Record without empty fields beyond the header.

    If every row ends in them they mean nothing; if one row does, a field was likely split.
    """
    more = record[len(result.columns) :]
    return record if any(field.strip() for field in more) else record[: len(result.columns)]


def _note_unreadable(result: CsvText, row: int, line: str, reason: str) -> None:
    """Report a row with misplaced quotes; a quote open to the end makes the file unreadable."""
    if not result.columns or "end of data" in reason:
        result.faults.append(f"opens a quote in row {row} and never closes it.")
    elif "field limit" in reason:
        message = f"holds more than {csv.field_size_limit():,} letters in one field: shorten it."
        result.unreadable_rows.append(
            UnreadableRow(row, bytes_shown(line), message, "field too long")
        )
    else:
        message = f"cannot be split into fields ({reason}): write a quote inside a field twice."
        result.unreadable_rows.append(
            UnreadableRow(row, bytes_shown(line), message, "misplaced quote")
        )


def _readable(record: list[str], row: int, result: CsvText) -> list[str]:
    """Fields with bytes that are not UTF-8 escaped and reported."""
    for position, text in enumerate(record):
        if found := UNDECODABLE.search(text):
            meant = likely_reading(text)
            message = (
                f"holds byte 0x{ord(found[0]) - 0xDC00:02X}, which is not UTF-8, after "
                f"'{bytes_shown(text[: found.start()])}': save the file as 'CSV UTF-8'."
                f"{f' It is probably Windows-1252, in which it reads {meant!r}.' if meant else ''}"
            )
            name = _distinct(result.columns)[position]
            result.undecodable.append(UndecodableField(row, name, bytes_shown(text), message))
    return [bytes_shown(text) for text in record]


def _chunk(records: list[tuple[str | int, ...]], columns: list[str]) -> pl.DataFrame:
    names = _distinct(columns)
    values = list(zip(*records, strict=True)) or [()] * (len(names) + 1)
    texts = [
        pl.Series(name, part, dtype=pl.String)
        for name, part in zip(names, values[:-1], strict=True)
    ]
    return pl.DataFrame([*texts, pl.Series(ROW, values[-1], dtype=pl.Int64)])


def _distinct(columns: list[str]) -> list[str]:
    """Names made distinct, so that a frame can hold them."""
    return [
        name if name and columns.index(name) == position else f"{name}#{position + 1}"
        for position, name in enumerate(columns)
    ]


def _ragged(row: int, line: str, found: int, result: CsvText) -> UnreadableRow:
    apart = "commas" if result.separator == "," else f"the {result.separator!r} between columns,"
    fields = f"{counted(found, 'field')} found, {len(result.columns)} expected"
    return UnreadableRow(row, line, f"{fields}: check {apart} and quotes.", "ragged row")
