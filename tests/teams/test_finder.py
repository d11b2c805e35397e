"""What makes one team better than another: trust, satisfaction, territory, size."""

from ecosystem_graph.teams import TeamWeights

#: Ann leads and holds nothing; bob and cy hold crm, dan erp.
HELD = {"bob": {"crm": "certified"}, "cy": {"crm": "self_declared"}, "dan": {"erp": "certified"}}
ROWS = {"partners": "ann bob cy dan", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


def roles(team):
    return {member.partner_id: (member.role, member.covers) for member in team.team}


def test_trust_decides_between_equals(answer):
    equal = {"bob": {"crm": "certified"}, "cy": {"crm": "certified"}}
    rows = {"partners": "ann", "partner_capabilities": equal}
    asked = {"capabilities": ["crm"], "lead": "ann"}
    assert set(roles(answer(asked, **rows))) == {"ann", "bob"}
    team = answer(asked, wins=["ann cy", "ann cy"], **rows)
    assert set(roles(team)) == {"ann", "cy"}
    assert team.terms["trust"] > 0


def test_satisfaction_decides_between_equals(answer):
    equal = {"bob": {"crm": "certified"}, "cy": {"crm": "certified"}}
    heard = [
        {"partner_id": who, "customer_id": f"{who}{n}", "score": score}
        for who, score in (("bob", 2.0), ("cy", 5.0))
        for n in range(20)
    ]
    rows = {"partners": "ann", "partner_capabilities": equal, "csat": heard}
    asked = {"capabilities": ["crm"], "lead": "ann"}
    assert set(roles(answer(asked, **rows))) == {"ann", "cy"}
    floor = answer({**asked, "exclude": ["cy"]}, finder={"min_satisfaction": 0.9}, **rows)
    assert set(roles(floor)) == {"ann"}
    assert floor.uncovered[0].nearest.why_not == "has a customer satisfaction below the minimum"


def test_a_partner_active_in_the_territory_is_preferred(answer):
    equal = {"bob": {"crm": "certified"}, "cy": {"crm": "certified"}}
    countries = {"ann": {}, "bob": {"country": "FR"}, "cy": {"country": "DE"}}
    rows = {"partners": countries, "partner_capabilities": equal}
    asked = {"capabilities": ["crm"], "lead": "ann"}
    assert "cy" in roles(answer({**asked, "territory": "DE-BY"}, **rows))
    team = answer({**asked, "territory": "IT"}, **rows)
    assert "bob" in roles(team)
    assert team.team[1].flags == ("elsewhere",)
    there = answer(asked, **rows).team[1].strength["crm"]
    assert team.team[1].strength["crm"] == there * TeamWeights().elsewhere


def test_a_team_of_one_covers_what_the_lead_holds(answer):
    team = answer({**BOTH, "lead": "bob", "max_size": 1}, **ROWS)
    assert roles(team) == {"bob": ("lead", ("crm",))}
    (missing,) = team.uncovered
    assert missing.nearest.partner_id == "dan"
    assert missing.nearest.why_not == "the team may have 1 members at most"
