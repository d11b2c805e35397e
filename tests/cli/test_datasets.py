"""`datasets`: the list of what is shipped."""

import json


def test_shipped_datasets_are_listed(ask):
    assert "horizon2020: " in ask("datasets").stdout


def test_the_list_as_json_has_the_same_names(ask):
    facts = json.loads(ask("datasets", "--json").stdout)
    assert facts["schema"] == 1
    assert "horizon2020" in {fact["name"] for fact in facts["datasets"]}
