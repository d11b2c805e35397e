"""CSV bytes -> text columns, with every row that cannot be one told apart.

Rows are numbered as a spreadsheet shows them: the header is row 1, a blank line counts, a line
break inside quotes does not. Rows without any content are passed over.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

ROW: Final = "__row__"
_CHUNK: Final = 65_536
_UNDECODABLE: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A row whose fields cannot be told."""

    row: int
    text: str
    message: str


@dataclass(slots=True)
class CsvText:
    """The text of one CSV file.

    Attributes
    ----------
    columns : list of str
        Names in the header, in order, as often as they stand there.
    frame : DataFrame
        One text column per name of the header, and the row number in `ROW`.
    spoiled : list of Spoiled
        Rows that are not in the frame.
    faults : list of str
        What is wrong with the file as a whole.
    """

    columns: list[str] = field(default_factory=list)
    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={ROW: pl.Int64}))
    spoiled: list[Spoiled] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def csv_text(data: bytes) -> CsvText:
    r"""Text of a CSV file: UTF-8 with or without byte order mark, any line ends, RFC 4180 quotes.

    Examples
    --------
    >>> text = csv_text(b'partner_id,name\r\np-1,"Acme, Inc."\r\np-2\r\n')
    >>> text.frame.rows()
    [('p-1', 'Acme, Inc.', 2)]
    >>> text.spoiled
    [Spoiled(row=3, text='p-2', message='1 field found, 2 expected: check commas and quotes.')]
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return CsvText(faults=["is UTF-16, not UTF-8: save it as 'CSV UTF-8'."])
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        return CsvText(faults=["is empty: at least a header line is expected."])
    if b'"' not in data:
        try:
            return _unquoted(data.decode())
        except UnicodeDecodeError:
            pass
    return _quoted(data.decode(errors="surrogateescape"))


def _unquoted(text: str) -> CsvText:
    """Text without a quote: a line is a row, a comma is a boundary."""
    lines = pl.Series(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    full = lines.str.contains(r"[^\s,]")
    header_at = full.arg_max() or 0
    columns = [name.strip() for name in lines[header_at].split(",")]
    result = CsvText(columns, faults=_header_faults(columns))

    body = pl.DataFrame({ROW: pl.int_range(1, len(lines) + 1, eager=True), "line": lines})
    body = body.filter(full & (body[ROW] > header_at + 1))
    fields = body["line"].str.count_matches(",", literal=True) + 1
    ragged = fields != len(columns)
    for row, line, found in zip(
        *body.filter(ragged).get_columns(), fields.filter(ragged), strict=True
    ):
        result.spoiled.append(Spoiled(row, line, _ragged(found, len(columns))))

    body = body.filter(~ragged)
    parts = body["line"].str.split_exact(",", len(columns) - 1).struct.unnest()
    parts.columns = _distinct(columns)
    result.frame = parts.with_columns(body[ROW])
    return result


def _quoted(text: str) -> CsvText:
    """Any text, field by field; bytes that are not UTF-8 come as lone surrogates."""
    result = CsvText()
    broken = bool(_UNDECODABLE.search(text))
    chunks: list[pl.DataFrame] = []
    good: list[tuple[str | int, ...]] = []
    for row, record, line in _records(text):
        if isinstance(record, csv.Error):
            _note_unreadable(result, row, line, str(record))
        elif not any(field.strip() for field in record):
            continue
        elif not result.columns:
            result.faults += _header_faults([name.strip() for name in record])
            result.columns = [_escaped(name.strip()) for name in record]
        elif messages := _spoilt(record, result.columns, broken):
            result.spoiled += [Spoiled(row, _escaped(line), message) for message in messages]
        else:
            good.append((*record, row))
            if len(good) == _CHUNK:
                chunks.append(_chunk(good, result.columns))
                good = []
    result.frame = pl.concat([*chunks, _chunk(good, result.columns)])
    return result


def _records(text: str) -> Iterator[tuple[int, list[str] | csv.Error, str]]:
    """Row number, fields (or what is wrong with the quotes) and text of each record."""
    lines: list[str] = []

    def remembered() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            lines.append(line)
            yield line

    reader = csv.reader(remembered(), strict=True)
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


def _note_unreadable(result: CsvText, row: int, line: str, reason: str) -> None:
    """Take a row with misplaced quotes aside; one left open to the end spoils the whole file."""
    if not result.columns or "end of data" in reason:
        result.faults.append(f"opens a quote in row {row} and never closes it.")
    else:
        message = f"cannot be split into fields ({reason}): write a quote inside a field twice."
        result.spoiled.append(Spoiled(row, _escaped(line), message))


def _spoilt(record: list[str], columns: list[str], broken: bool) -> list[str]:
    """Reasons why a record is unusable."""
    messages = []
    if broken:
        for position, field in enumerate(record):
            if found := _UNDECODABLE.search(field):
                name = columns[position] if position < len(columns) else f"field {position + 1}"
                byte = ord(found[0]) - 0xDC00
                messages.append(
                    f"{name} holds byte 0x{byte:02X}, which is not UTF-8, after "
                    f"'{_escaped(field[: found.start()])}': save the file as 'CSV UTF-8'."
                )
    if len(record) != len(columns):
        messages.append(_ragged(len(record), len(columns)))
    return messages


def _chunk(records: list[tuple[str | int, ...]], columns: list[str]) -> pl.DataFrame:
    names = _distinct(columns)
    values = list(zip(*records, strict=True)) or [()] * (len(names) + 1)
    texts = [
        pl.Series(name, part, dtype=pl.String)
        for name, part in zip(names, values[:-1], strict=True)
    ]
    return pl.DataFrame([*texts, pl.Series(ROW, values[-1], dtype=pl.Int64)])


def _header_faults(columns: list[str]) -> list[str]:
    if len(columns) == 1 and (sign := next((s for s in ";\t|" if s in columns[0]), None)):
        return [f"separates its columns by {sign!r}: separate them by commas."]
    if any(_UNDECODABLE.search(name) for name in columns):
        return ["has a header that is not UTF-8: save it as 'CSV UTF-8'."]
    repeated = [name for name in dict.fromkeys(columns) if name and columns.count(name) > 1]
    return [
        f"names column '{name}' {columns.count(name)} times in its header: keep one."
        for name in repeated
    ]


def _distinct(columns: list[str]) -> list[str]:
    """Names made distinct, so that a frame can hold them; a repeated one is reported anyway."""
    return [
        name if name and columns.index(name) == position else f"{name}#{position + 1}"
        for position, name in enumerate(columns)
    ]


def _ragged(found: int, expected: int) -> str:
    return (
        f"{found} field{'' if found == 1 else 's'} found, {expected} expected: "
        "check commas and quotes."
    )


def _escaped(text: str) -> str:
    r"""Text with bytes that are not UTF-8 written as `\xE9`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
