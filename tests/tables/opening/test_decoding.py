"""Bytes of a text file become text, or the file is named for what it is."""

import pytest

from ecosystem_graph.tables.opening.decoding import (
    bytes_shown,
    decoded,
    has_undecodable,
    likely_reading,
)

TEXT = "partner_id,name\np-1,Café Łódź 株\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_unicode_encoding_gives_the_same_text(encoding):
    assert decoded(TEXT.encode(encoding)) == (TEXT, "")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf  \n", "is empty"),
        (b"PK\x03\x04sheet", "is a workbook or another ZIP file"),
        (b"\xd0\xcf\x11\xe0old", "is an old workbook"),
        (b"\x1f\x8bdata", "is compressed"),
        (b"PAR1data", "is Parquet"),
        (b"%PDF-1.7", "is a PDF"),
        (b" <!DOCTYPE html>", "is a web page or XML"),
        (b'[{"a": 1}]', "is JSON"),
        (TEXT.encode("utf-16-le"), "is UTF-16 without a byte order mark"),
        (TEXT.encode("utf-16-be"), "is UTF-16 without a byte order mark"),
        (TEXT.encode("utf-32-le"), "is UTF-32 without a byte order mark"),
        (b"\xff\xfea\x00b", "is marked as UTF-16 but breaks at byte 3"),
    ],
)
def test_a_file_that_is_no_text_table_is_named_for_what_it_is(data, fault):
    text, found = decoded(data)
    assert text.strip() == ""
    assert found.startswith(fault)


def test_bytes_that_are_not_utf_8_survive_and_can_be_shown():
    text, fault = decoded(b"name\nCaf\xe9\n")
    assert fault == ""
    assert has_undecodable(text)
    assert not has_undecodable("Café")
    assert bytes_shown(text) == "name\nCaf\\xe9\n"


@pytest.mark.parametrize(
    ("data", "reading"),
    [(b"Caf\xe9", "Café"), (b"5 \x80", "5 €"), (b"\xc0\xeb\xfc", ""), (b"\x81", "")],
)
def test_a_lone_byte_is_read_as_windows_1252(data, reading):
    assert likely_reading(data.decode(errors="surrogateescape")) == reading
