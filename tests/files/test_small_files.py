from time import process_time

import pytest

from ecosystem_graph.files.small_files import json_from, read_text, toml_from

#: Texts that would take a parser minutes, or all of its stack.
HOSTILE = {
    "arrays in arrays": (json_from, "[" * 100_000),
    "objects in objects": (json_from, '{"a":' * 100_000),
    "arrays of TOML": (toml_from, "a = " + "[" * 100_000),
    "inline tables": (toml_from, "a = " + "{a = " * 100_000),
    "a dotted key": (toml_from, "a." * 50_000 + "a = 1"),
    "a dotted key in quotes": (toml_from, '"a".' * 50_000 + "a = 1"),
    "a dotted key with blanks": (toml_from, "a . " * 50_000 + "a = 1"),
    "a dotted header": (toml_from, "[" + "a." * 50_000 + "a]"),
}


@pytest.mark.parametrize(("read", "text"), HOSTILE.values(), ids=HOSTILE)
def test_text_nested_without_end_is_refused_soon(read, text):
    started = process_time()
    with pytest.raises(ValueError, match="nested too deeply"):
        read(text)
    assert process_time() - started < 2


def test_text_that_is_merely_long_is_read():
    assert len(toml_from("a = [" + "0.5, " * 10_000 + "]")["a"]) == 10_000
    assert len(toml_from("\n".join(f"a{n}.b.c = 1" for n in range(1_000)))) == 1_000
    assert toml_from(f"a = '{'www.example. ' * 10_000}'")["a"].startswith("www")


def test_an_object_that_names_something_twice_is_refused():
    with pytest.raises(ValueError, match="it names 'a' twice"):
        json_from('{"a": 1, "b": 2, "a": 3}')


def test_a_file_is_read_up_to_its_limit(tmp_path):
    (tmp_path / "text").write_bytes(b"\xef\xbb\xbf1234567")
    assert read_text(tmp_path / "text", limit=10) == "1234567"
    with pytest.raises(ValueError, match="larger than 9 bytes"):
        read_text(tmp_path / "text", limit=9)
    with pytest.raises(ValueError, match="larger than"):
        read_text(type(tmp_path)("/dev/zero"), limit=1_000)


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "text").write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match="utf-8"):
        read_text(tmp_path / "text")
