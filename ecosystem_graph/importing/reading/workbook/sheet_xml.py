"""Errors, hidden rows and hidden columns of a sheet, from its XML: its values lack them."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final
from xml.etree import ElementTree

_ERROR_CELL: Final = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(.{0,4000}?)</(?:\w+:)?c>',
    re.DOTALL,
)
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMNS: Final = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_SPAN: Final = re.compile(rb'\b(min|max)="(\d+)"')
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK: Final = 1 << 22
_LONGEST_CELL: Final = 8_192
_SMALL_PART: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class SheetXml:
    """Facts of one sheet of an xlsx workbook.

    Attributes
    ----------
    errors : tuple of (int, int, str)
        Row (from 1), column (from 0) and text of each error, such as `#N/A`.
    n_hidden_rows, n_hidden_columns : int
    """

    errors: tuple[tuple[int, int, str], ...] = ()
    n_hidden_rows: int = 0
    n_hidden_columns: int = 0


def sheet_xml(workbook: IO[bytes], sheet: str) -> SheetXml:
    """Errors and hidden rows and columns of a sheet; nothing if the file is no xlsx workbook.

    Parameters
    ----------
    workbook : binary file
    sheet : str
    """
    try:
        with zipfile.ZipFile(workbook) as parts:
            part = _part_of(parts, sheet)
            return _facts(parts, part) if part else SheetXml()
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, NotImplementedError, EOFError):
        return SheetXml()


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str | None:
    """Name of the part of the archive that holds a sheet."""
    if "xl/workbook.xml" not in parts.namelist():
        return None
    relation = next(
        (
            element.get(_RELATION)
            for element in _tree(parts, "xl/workbook.xml").iter()
            if element.tag.endswith("}sheet") and element.get("name") == sheet
        ),
        None,
    )
    for element in _tree(parts, "xl/_rels/workbook.xml.rels").iter():
        if relation is not None and element.get("Id") == relation:
            return posixpath.normpath(posixpath.join("/xl", element.get("Target") or "")).lstrip(
                "/"
            )
    return None


def _tree(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Tree of a small part; one with entities of its own is not read."""
    with parts.open(name) as stream:
        data = stream.read(_SMALL_PART)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise KeyError(name)
    return ElementTree.fromstring(data)


def _facts(parts: zipfile.ZipFile, part: str) -> SheetXml:
    errors: dict[tuple[int, int], str] = {}
    n_rows = 0
    hidden: set[int] = set()
    with parts.open(part) as stream:
        for text, fresh in _overlapping(stream):
            if b't="e"' in text:
                for match in _ERROR_CELL.finditer(text):
                    value = _VALUE.search(match[3])
                    at = int(match[2]), _position(match[1].decode())
                    errors[at] = value[1].decode(errors="replace") if value else "#ERROR"
            if b"hidden=" in text:
                n_rows += sum(match.end() > fresh for match in _HIDDEN_ROW.finditer(text))
                for match in _HIDDEN_COLUMNS.finditer(text):
                    span = dict(_SPAN.findall(match[0]))
                    first, last = int(span.get(b"min", 1)), int(span.get(b"max", 1))
                    hidden.update(range(first, min(last, first + 1_000) + 1))
    return SheetXml(tuple((*at, errors[at]) for at in sorted(errors)), n_rows, len(hidden))


def _overlapping(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces of a file, each beginning with the end of the last, and the size of that end."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        yield rest + chunk, len(rest)
        rest = (rest + chunk)[-_LONGEST_CELL:]


def _position(letters: str) -> int:
    """Position of a column from its letters.

    Examples
    --------
    >>> _position("A"), _position("AA")
    (0, 26)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
