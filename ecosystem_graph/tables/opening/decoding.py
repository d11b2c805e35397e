"""Bytes of a text file -> text, or what the file is instead."""

import codecs
import re
from typing import Final

UNDECODABLE: Final = re.compile("[\udc80-\udcff]")
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHERS: Final = (
    (
        rb"PK\x03\x04",
        "is a workbook or another ZIP file, not CSV: save its sheet as CSV, or use "
        "`ecosystem-graph import`.",
    ),
    (
        rb"\xd0\xcf\x11\xe0",
        "is an old workbook (.xls), not CSV: save its sheet as CSV, or use "
        "`ecosystem-graph import`.",
    ),
    (rb"\x1f\x8b", "is compressed (gzip): unpack it."),
    (rb"PAR1", "is Parquet: let its name end in .parquet."),
    (rb"%PDF", "is a PDF, not CSV: export the table itself."),
    (rb"\s*<(?:!doctype|html|\?xml)", "is a web page or XML, not CSV: export the table itself."),
    (rb"\s*[\[{]\s*[\"{]", "is JSON, not CSV: write one line per row, columns apart by commas."),
)
_SAMPLE: Final = 4_096


def decoded(data: bytes) -> tuple[str, str]:
    """Text of a file, and the problem of the file as a whole; empty if it can be read.

    UTF-8 with or without byte order mark, UTF-16 and UTF-32 with one. A byte that is not UTF-8
    becomes a lone surrogate, so that it can be reported with its row.

    Examples
    --------
    >>> decoded("partner_id".encode("utf-16"))
    ('partner_id', '')
    >>> decoded("partner_id".encode("utf-16-le"))[1]
    "is UTF-16 without a byte order mark (every second byte is 0): save it as 'CSV UTF-8'."
    """
    if not data.strip():
        return "", "is empty: at least a header line is expected."
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _marked(data.removeprefix(mark), encoding)
    if fault := fault_of_format(data):
        return "", fault
    if encoding := unmarked_encoding(data):
        width = encoding[4:6]
        every = {"16": "every second byte is 0", "32": "three of four bytes are 0"}[width]
        fault = f"is UTF-{width} without a byte order mark ({every}): save it as 'CSV UTF-8'."
        return "", fault
    return _or_empty(data.decode(errors="surrogateescape"))


def _marked(data: bytes, encoding: str) -> tuple[str, str]:
    if encoding == "utf-8":
        return _or_empty(data.decode(errors="surrogateescape"))
    try:
        return _or_empty(data.decode(encoding))
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1} after its byte order mark"
        return "", f"is marked as {encoding[:6].upper()} but breaks at {place}: save it again."


def _or_empty(text: str) -> tuple[str, str]:
    text = text.lstrip("\ufeff")
    empty = not text.strip()
    return text, "is empty: at least a header line is expected." if empty else ""


def fault_of_format(data: bytes) -> str:
    """What a file is instead of text in columns, and what to do; empty if nothing else is known.

    Examples
    --------
    >>> fault_of_format(b"%PDF-1.7")
    'is a PDF, not CSV: export the table itself.'
    """
    matches = (fault for start, fault in _OTHERS if re.match(start, data[:_SAMPLE], re.IGNORECASE))
    return next(matches, "")


def unmarked_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 if bytes look like it without a mark, most others being 0; else empty.

    Examples
    --------
    >>> unmarked_encoding("partner_id".encode("utf-16-be")), unmarked_encoding(b"partner_id")
    ('utf-16-be', '')
    """
    sample = data[:_SAMPLE]
    for step in (4, 2):
        part = len(sample) // step
        for first, order in ((0, "le"), (step - 1, "be")):
            zeros = [sample[k::step][:part].count(0) for k in range(step) if k != first]
            if part and min(zeros) > 0.8 * part and sample[first::step].count(0) < 0.2 * part:
                return f"utf-{8 * step}-{order}"
    return ""


def has_undecodable(text: str) -> bool:
    """Whether a text contains bytes that were not UTF-8."""
    if text.isascii():
        return False
    try:
        text.encode()  # much faster than a search
    except UnicodeEncodeError:
        return True
    return False


def bytes_shown(text: str) -> str:
    r"""Text with bytes that are not UTF-8 written as `\xE9`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def likely_reading(field: str) -> str:
    r"""A field that is not UTF-8, read as Windows-1252, which office programs write.

    Empty if several such bytes follow each other: then it is likely another script.

    Examples
    --------
    >>> likely_reading(b"Caf\xe9".decode(errors="surrogateescape"))
    'Café'
    >>> likely_reading(b"\xc0\xeb\xfc\xf4\xe0".decode(errors="surrogateescape"))
    ''
    """
    if re.search("[\udc80-\udcff]{3}", field):
        return ""
    try:
        return field.encode("utf-8", "surrogateescape").decode("cp1252")
    except UnicodeDecodeError:
        return ""
