import tomllib

from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.mapping.presets import preset_names, preset_text
from ecosystem_graph.importing.mapping.toml_text import key_text, toml_text, value_text

plain = st.one_of(
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "inputs", "tables", "identity", "columns"]), values))
def test_any_plain_values_are_read_back(document):
    assert tomllib.loads(toml_text(document)) == _with_nested(document)


def _with_nested(document):
    """What is kept: values that are no tables below the keys that hold named tables are dropped."""
    depth = {"tables": 2, "inputs": 1, "lookups": 1}
    kept = {}
    for key, value in document.items():
        if not isinstance(value, dict):
            kept[key] = value
        elif (inside := _at(value, depth.get(key, 0))) is not None:
            kept[key] = inside
    return kept


def _at(value, depth):
    if depth == 0:
        return value
    found = {
        key: inside
        for key, one in value.items()
        if isinstance(one, dict) and (inside := _at(one, depth - 1)) is not None
    }
    return found or None


def test_a_preset_written_down_is_the_same_preset():
    for name in preset_names():
        document = tomllib.loads(preset_text(name))
        assert tomllib.loads(toml_text(document)) == document


def test_keys_and_values_are_quoted_where_they_must_be():
    assert key_text("deal_id") == "deal_id"
    assert key_text("") == '""'
    assert value_text(["a", True, 1]) == '["a", true, 1]'
