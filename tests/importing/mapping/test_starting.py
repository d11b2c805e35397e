import tomllib

from ecosystem_graph.importing import starter_mapping
from ecosystem_graph.importing.mapping.presets import load_mapping


def test_a_first_mapping_can_be_loaded_and_proposes_the_likeliest_table(tmp_path):
    text = starter_mapping(
        ["salesforce"],
        ["a question\nin two lines"],
        {'old "deals".csv': ["Deal ID", "Outcome", "Amount\n(EUR)"]},
    )
    (tmp_path / "first.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "first.toml")
    assert mapping.presets == ("salesforce",)
    assert mapping.inputs["olddeals"].options.files == ('old "deals".csv',)
    assert "# ? a question in two lines" in text
    lines = [line for line in text.splitlines() if line.startswith(("# columns.", "# from", "# ["))]
    rule = "\n".join(line.removeprefix("# ") for line in lines)
    columns = tomllib.loads(rule)["tables"]["deals"]["olddeals"]["columns"]
    assert columns["deal_id"] == "Deal ID"
