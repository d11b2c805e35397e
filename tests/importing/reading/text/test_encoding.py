import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.text.encoding import decoded_text

TEXT = "Id;Name\n1;Café Müller\n2;Łódź 会社\n"


@pytest.mark.parametrize(
    ("data", "encoding", "decided_by"),
    [
        (TEXT.encode(), "utf-8", "valid UTF-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", "byte order mark"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", "byte order mark"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", "byte order mark"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le", "byte order mark"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be", "byte order mark"),
        (TEXT.encode("utf-16-le"), "utf-16-le", "zero bytes"),
        (TEXT.encode("utf-16-be"), "utf-16-be", "zero bytes"),
    ],
)
def test_unicode_is_recognised_in_every_form(data, encoding, decided_by):
    text = decoded_text(data)
    assert text.data.decode() == TEXT
    assert (text.encoding, text.decided_by, text.questions) == (encoding, decided_by, ())


def test_what_is_not_utf8_is_cp1252_and_asked_about_with_words_to_judge_by():
    words = ["Café", "Müller", "Nº", "Pébéo", "Crédito", "Straße"]
    text = decoded_text(("Id,Name\n" + "\n".join(f"1,{word}" for word in words)).encode("cp1252"))
    assert text.data.decode().splitlines()[1:] == [f"1,{word}" for word in words]
    (question,) = text.questions
    assert "'Café', 'Müller', 'Nº', 'Pébéo', 'Crédito'." in question.text
    assert question.answer == '[settings] encoding = "cp1250"'


def test_a_named_encoding_is_used_and_asks_nothing():
    text = decoded_text("Łódź".encode("cp1250"), "cp1250")
    assert (text.data.decode(), text.encoding, text.questions) == ("Łódź", "cp1250", ())


def test_a_byte_order_mark_outranks_a_named_encoding():
    assert decoded_text(codecs.BOM_UTF8 + "Łódź".encode(), "cp1250").data.decode() == "Łódź"


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b" \n", None, "is empty"),
        (b"a\nb\x81", None, r"neither UTF-8 nor Windows-1252 \(byte 0x81 in line 2\)"),
        (b"a", "utf-7000", "'utf-7000' is unknown"),
        ("é".encode("cp1252"), "utf-8", "is not utf-8: it breaks at byte 1"),
        (codecs.BOM_UTF16_LE + b"a", None, "is marked as utf-16-le but breaks"),
        (b"%PDF-1.7", None, "is a PDF"),
        (b"a", "base64", "is not base64"),
    ],
)
def test_what_is_no_text_is_refused(data, encoding, message):
    with pytest.raises(UnreadableInputError, match=message):
        decoded_text(data, encoding)


@given(st.binary(max_size=60), st.sampled_from([None, "utf-8", "cp1252", "utf-16", "rot13", "x"]))
def test_any_bytes_are_read_or_refused(data, encoding):
    try:
        assert isinstance(decoded_text(data, encoding).data.decode(), str)
    except UnreadableInputError:
        return
