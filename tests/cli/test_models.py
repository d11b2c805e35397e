"""`models`: the list of what is shipped."""

import json


def test_shipped_models_are_listed(ask):
    assert "default: fitted on " in ask("models").stdout


def test_the_list_as_json_has_the_same_names(ask):
    facts = json.loads(ask("models", "--json").stdout)
    assert facts["schema"] == 1
    assert "default" in {fact["name"] for fact in facts["models"]}
