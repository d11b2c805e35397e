import json

import pytest

from ecosystem_graph.printable import printable


def test_letters_of_every_language_are_left_alone():
    text = "Łódź · 東京 · \u0645\u06cc\u200c\u062e · \U0001f468\u200d\U0001f469"
    assert printable(text) == text


@pytest.mark.parametrize(
    ("control", "escaped"),
    [
        ("\n", r"\n"),
        ("\x1b", r"\x1b"),
        ("\x9b", r"\u009b"),
        ("\u202e", r"\u202e"),
        ("\ud800", r"\ud800"),
    ],
)
def test_control_characters_are_escaped_unless_they_are_to_be_kept(control, escaped):
    assert printable(f"a{control}b") == f"a{escaped}b"
    assert printable(f"a{control}b", keep=control) == f"a{control}b"


def test_json_stays_the_same_json():
    text = json.dumps({"name": "a\u202eb\x7f"}, ensure_ascii=False)
    assert json.loads(printable(text)) == json.loads(text)
