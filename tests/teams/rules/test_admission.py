"""Who may not be in a team, and who may not be in it together."""

import pytest

from ecosystem_graph.errors import RequirementError

#: Ann leads and holds nothing; bob and cy hold crm, dan erp.
HELD = {"bob": {"crm": "certified"}, "cy": {"crm": "self_declared"}, "dan": {"erp": "certified"}}
ROWS = {"partners": "ann bob cy dan", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


#: Two that hold the same, without offerings on record.
ALIKE = {
    "partners": "ann",
    "partner_capabilities": {partner: ["crm", "erp"] for partner in ("bob", "cy")},
}


def roles(team):
    return {member.partner_id: (member.role, member.covers) for member in team.team}


def met(partner, collaborator, status, **columns):
    return {
        "partner_id": partner,
        "collaborator_id": collaborator,
        "introduced_on": "2024-06-15",
        "status": status,
        **columns,
    }


def test_two_that_sell_the_same_in_the_market_are_not_in_one_team(answer):
    rows = {**ROWS, "offerings": {"bob": "vpn", "dan": "vpn"}}
    assert set(roles(answer(BOTH, **rows))) == {"ann", "cy", "dan"}
    places = {"ann": {}, "bob": {"country": "DE"}, "cy": {}, "dan": {"country": "FR"}}
    elsewhere = answer({**BOTH, "territory": "DE"}, **{**rows, "partners": places})
    assert set(roles(elsewhere)) == {"ann", "bob", "dan"}


def test_without_offerings_competition_is_a_price_and_flagged(answer):
    team = answer({"capabilities": ["crm", "erp"], "lead": "ann", "max_size": 3}, **ALIKE)
    filled = answer(
        {"capabilities": ["crm", "erp"], "lead": "ann", "max_size": 3}, choice={"size": 3}, **ALIKE
    )
    assert set(roles(filled)) == {"ann", "bob", "cy"}
    for member in filled.team:
        if member.partner_id != "ann":
            assert member.competition > 0
            assert "offerings_unknown" in member.flags
    assert filled.terms["competition"] < 0
    assert all("offerings_unknown" not in member.flags for member in team.team)


def test_two_that_compete_more_than_they_may_are_not_in_one_team(answer):
    asked = {"capabilities": ["crm", "erp"], "lead": "ann", "max_size": 3}
    apart = answer(asked, choice={"size": 3}, finder={"max_competition": 0.2}, **ALIKE)
    assert len(roles(apart)) == 2
    together = answer(asked, choice={"size": 3}, finder={"max_competition": 1.0}, **ALIKE)
    assert set(roles(together)) == {"ann", "bob", "cy"}
    lead = {**ALIKE, "partner_capabilities": {**ALIKE["partner_capabilities"], "ann": "erp"}}
    alone = answer({"capabilities": ["crm"], "lead": "ann"}, finder={"max_competition": 0}, **lead)
    assert set(roles(alone)) == {"ann"}
    why = alone.uncovered[0].nearest.why_not
    assert why == "competes with the lead in more than 0%"


def test_no_member_sells_what_the_lead_sells(answer):
    team = answer(BOTH, **ROWS, offerings={"ann": "vpn", "bob": "vpn", "cy": "vpn"})
    assert set(roles(team)) == {"ann", "dan"}
    (missing,) = team.uncovered
    assert (missing.capability_id, missing.why) == ("crm", "its holders may not join")
    assert missing.nearest.partner_id == "bob"
    assert missing.nearest.why_not == "sells the same product as the lead"


@pytest.mark.parametrize("status", ["introduced", "accepted", "won", "lost"])
def test_two_that_were_introduced_may_be_in_one_team(answer, status):
    ledger = [met("ann", "bob", status, decided_on="2024-07-01")]
    with_ledger = answer(BOTH, **ROWS, introductions=ledger)
    assert roles(with_ledger) == roles(answer(BOTH, **ROWS))


def test_two_that_declined_are_not_in_one_team_until_they_have_rested(answer):
    together = set(roles(answer(BOTH, **ROWS)))
    pair = sorted(together - {"ann"})
    ledger = [met(*pair, "declined", decided_on="2024-07-01")]
    assert not set(pair) <= set(roles(answer(BOTH, **ROWS, introductions=ledger)))
    rested = answer(BOTH, **ROWS, introductions=ledger, finder={"rest_days": 100})
    assert set(roles(rested)) == together


def test_a_partner_excluded_opted_out_or_at_capacity_is_not_proposed(answer):
    for rows, asked, why in (
        ({}, {"exclude": ["bob"]}, "is excluded"),
        ({"partners": {"ann": {}, "bob": {"participates": False}}}, {}, "has opted out"),
        ({"partners": {"ann": {}, "bob": {"status": "suspended"}}}, {}, "is suspended"),
        ({"partners": {"ann": {}, "bob": {"intro_capacity": 0}}}, {}, "has no introductions left"),
        ({"restrictions": {"ann": "bob"}}, {}, "may not be paired with the lead"),
        (
            {"restrictions": {"bob": {"zoe": "exclusive"}}},
            {},
            "is bound exclusively to 'zoe'",
        ),
        ({"partners": {"ann": {"parent_id": "bob"}}}, {}, "is of the lead's family"),
        (
            {"introductions": [met("bob", "ann", "declined", decided_on="2024-07-01")]},
            {},
            "declined to be introduced to the lead, and rests",
        ),
        (
            {
                "partners": {"ann": {}, "bob": {"intro_capacity": 1}},
                "introductions": [met("bob", "zoe", "proposed", introduced_on="2024-12-01")],
            },
            {},
            "has its capacity used up by open introductions",
        ),
    ):
        held = {"bob": {"crm": "certified"}}
        team = answer(
            {"capabilities": ["crm"], "lead": "ann", **asked},
            **{"partners": "ann", "partner_capabilities": held, **rows},
        )
        assert set(roles(team)) == {"ann"}
        assert team.uncovered[0].nearest.why_not == why


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ({"partners": {"ann": {"participates": False}}}, "the lead 'ann' has opted out"),
        ({"partners": {"ann": {"status": "closed"}}}, "the lead 'ann' is closed"),
        (
            {"restrictions": {"ann": {"bob": "exclusive"}}},
            "the lead 'ann' is bound exclusively to 'bob'",
        ),
    ],
)
def test_a_lead_that_takes_no_part_is_refused(answer, rows, why):
    with pytest.raises(RequirementError, match=why):
        answer(BOTH, **{**ROWS, **rows})


def test_an_excluded_lead_is_refused(answer):
    with pytest.raises(RequirementError, match="both the lead and excluded"):
        answer({**BOTH, "exclude": ["ann"]}, **ROWS)
