import pytest

from ecosystem_graph.errors import MappingError
from ecosystem_graph.importing.mapping.presets import load_mapping, preset_names, preset_title


def test_every_preset_has_a_title_and_is_sound():
    for name in preset_names():
        assert preset_title(name)
        assert load_mapping(None, [name]).presets == (name,)


def test_a_preset_may_be_a_file_beside_the_mapping(tmp_path):
    (tmp_path / "base.toml").write_text('schema = 1\n[settings]\ncurrency = "CHF"\n')
    (tmp_path / "acme.toml").write_text('schema = 1\npresets = ["base.toml", "prm"]\n')
    mapping = load_mapping(tmp_path / "acme.toml")
    assert mapping.settings.currency == "CHF"
    assert mapping.presets == ("base.toml", "prm")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema = ", "is no TOML"),
        ('schema = 1\npresets = "prm"', "presets must be a list of names"),
        ('schema = 1\npresets = ["salesforc"]', "Did you mean 'salesforce'"),
        ('schema = 1\npresets = ["gone.toml"]', "gone.toml cannot be read"),
    ],
)
def test_a_mapping_that_cannot_be_read_is_refused(tmp_path, text, message):
    (tmp_path / "acme.toml").write_text(text)
    with pytest.raises(MappingError, match=message):
        load_mapping(tmp_path / "acme.toml")


def test_a_mapping_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MappingError, match="cannot be read"):
        load_mapping(tmp_path / "gone.toml")
