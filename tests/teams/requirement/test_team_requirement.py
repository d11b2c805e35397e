"""A requirement resolved on a graph."""

import pytest

from ecosystem_graph.errors import RequirementError, UnknownPartnerError

#: Ann leads and holds nothing; bob and cy hold crm, dan erp.
HELD = {"bob": {"crm": "certified"}, "cy": {"crm": "self_declared"}, "dan": {"erp": "certified"}}
ROWS = {"partners": "ann bob cy dan", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


def test_an_unknown_lead_is_refused_with_near_matches(answer):
    with pytest.raises(UnknownPartnerError, match="Did you mean 'ann'"):
        answer({**BOTH, "lead": "annn"}, **ROWS)


def test_unknown_capabilities_are_refused_with_near_matches(answer):
    with pytest.raises(
        RequirementError,
        match=r"no required capability is in the tables: 'crmm'\. Did you mean 'crm'",
    ):
        answer({"capabilities": ["crmm"]}, **ROWS)
