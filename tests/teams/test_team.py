"""A team as plain values."""

import json

#: Ann leads and holds nothing; bob and cy hold crm, dan erp.
HELD = {"bob": {"crm": "certified"}, "cy": {"crm": "self_declared"}, "dan": {"erp": "certified"}}
ROWS = {"partners": "ann bob cy dan", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


def test_a_team_is_plain_values_in_the_documented_shape(answer):
    told = json.loads(json.dumps(answer(BOTH, choice={"n_alternatives": 2}, **ROWS).as_dict()))
    promised = {"requirement", "team", "uncovered", "objective", "gap", "alternatives"}
    assert promised < set(told)
    assert told["schema"] == 1
    assert {"partner_id", "role", "covers"} < set(told["team"][0])
    assert set(told["alternatives"][0]["team"][0]) == {"partner_id", "name", "role", "covers"}
