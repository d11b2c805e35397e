"""The page on the mapping language lists what the code reads."""

import re
from pathlib import Path

import pytest

from ecosystem_graph.importing.mapping.grammar import REPAIRS, Settings
from ecosystem_graph.importing.mapping.toml import expressions, parsing

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "mapping.md").read_text("utf-8")
CODE = re.findall(r"`[^`]+`", PAGE)
KEYS = {
    *parsing._KEYS,
    *parsing._INPUT_KEYS,
    *parsing._RULE_KEYS,
    *expressions._SOURCES,
    *expressions._MODIFIERS,
    *expressions._FORMS,
    *expressions.TAKES,
    *Settings.__dataclass_fields__,
    *REPAIRS,
}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_of_the_language_is_on_its_page(key):
    assert any(re.search(rf"\b{key}\b", code) for code in CODE)
