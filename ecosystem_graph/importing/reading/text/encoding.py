"""Bytes in any encoding -> UTF-8, and how the encoding was decided."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from ecosystem_graph.importing.reading.grid import EMPTY, UnreadableInputError
from ecosystem_graph.importing.reading.raw_table import Question
from ecosystem_graph.printable import printable
from ecosystem_graph.tables.opening.decoding import MARKS, fault_of_format, unmarked_encoding

_FALLBACK: Final = "cp1252"
_EXAMPLES: Final = 5
_WORD_AROUND: Final = re.compile(rb"[^\s,;|\"<>]{0,30}[\x80-\xff][^\s,;|\"<>]{0,30}")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text file as UTF-8.

    Attributes
    ----------
    data : bytes
        UTF-8 without a byte order mark.
    encoding : str
        Encoding of the file, such as `utf-16-le`.
    decided_by : str
        `byte order mark`, `zero bytes`, `valid UTF-8`, `mapping` or `not UTF-8`.
    questions : tuple of Question
        That the encoding was assumed, with values to judge by.
    """

    data: bytes
    encoding: str
    decided_by: str
    questions: tuple[Question, ...] = ()


def decoded_text(
    data: bytes, encoding: str | None = None, *, any_format: bool = False
) -> DecodedText:
    r"""Text of a file as UTF-8.

    A byte order mark decides, else zero bytes as in UTF-16, else whether it is valid UTF-8; what
    is none of these is read as Windows-1252, which is asked about.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        Name of the encoding if it is known.
    any_format : bool
        Whether it may be a text of another form than columns, such as JSON.

    Raises
    ------
    UnreadableInputError
        If it is not text, or not text in this encoding.

    Examples
    --------
    >>> text = decoded_text("Café".encode("cp1252"))
    >>> text.data.decode(), text.encoding
    ('Café', 'cp1252')
    >>> text.questions[0].text
    "is not UTF-8: read as cp1252, in which it holds 'Café'."
    """
    if not data.strip():
        raise UnreadableInputError("is empty: at least a header is expected.", kind=EMPTY)
    for mark, marked in MARKS:
        if data.startswith(mark):
            return DecodedText(_as_utf8(data, mark, marked), marked, "byte order mark")
    if not any_format and (fault := fault_of_format(data)):
        raise UnreadableInputError(fault)
    if encoding:
        return DecodedText(_as_utf8(data, b"", _known(encoding)), _known(encoding), "mapping")
    if unmarked := unmarked_encoding(data):
        return DecodedText(_as_utf8(data, b"", unmarked), unmarked, "zero bytes")
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError:
        return _assumed(data)
    return DecodedText(data, "utf-8", "valid UTF-8")


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise UnreadableInputError(
            f"cannot be read: encoding {encoding!r} is unknown. Write one such as 'utf-8', "
            "'cp1252', 'cp1250' or 'mac_roman'."
        ) from error


def _as_utf8(data: bytes, mark: bytes, encoding: str) -> bytes:
    body = data.removeprefix(mark)
    if encoding == "utf-8" and _is_utf8(body):
        return body
    try:
        return body.decode(encoding).encode().removeprefix(codecs.BOM_UTF8)
    except (UnicodeError, LookupError) as error:  # LookupError: a codec that is not of text
        place = f" at byte {error.start + len(mark) + 1:,}" if hasattr(error, "start") else ""
        how = "is marked as" if mark else "is not"
        fault = f"{how} {encoding}" + (f" but breaks{place}" if mark else f": it breaks{place}")
        raise UnreadableInputError(f"{fault}. Export it again, or name its encoding.") from error


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _assumed(data: bytes) -> DecodedText:
    """Text that is not UTF-8, as Windows-1252."""
    try:
        text = data.decode(_FALLBACK)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableInputError(
            f"is neither UTF-8 nor Windows-1252 (byte 0x{data[error.start]:02X} in line {line:,}): "
            'name its encoding, such as [settings] encoding = "cp1250".'
        ) from error
    found = (match[0].decode(_FALLBACK) for match in _WORD_AROUND.finditer(data))
    words = list(dict.fromkeys(next_word for next_word in found))[:_EXAMPLES]
    listed = ", ".join(printable(f"'{word}'") for word in words)
    question = Question(
        f"is not UTF-8: read as {_FALLBACK}, in which it holds {listed}.",
        '[settings] encoding = "cp1250"',
    )
    return DecodedText(text.encode(), _FALLBACK, "not UTF-8", (question,))
