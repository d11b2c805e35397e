"""What a team looks like from outside: roles, conflicts, what is missing, clear refusals."""

import json

import pytest

from ecosystem_graph.errors import RequirementError, UnknownPartnerError
from ecosystem_graph.teams import TeamWeights

#: Ann leads and holds nothing; bob and cy hold crm, dan erp.
HELD = {"bob": {"crm": "certified"}, "cy": {"crm": "self_declared"}, "dan": {"erp": "certified"}}
ROWS = {"partners": "ann bob cy dan", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


def roles(team):
    return {member.partner_id: (member.role, member.covers) for member in team.team}


def test_every_capability_gets_its_strongest_owner_and_every_partner_a_role(answer):
    team = answer(BOTH, **ROWS)
    assert roles(team) == {
        "ann": ("lead", ()),
        "bob": ("owner", ("crm",)),
        "dan": ("owner", ("erp",)),
    }
    assert team.uncovered == ()
    assert team.gap == 0.0
    assert team.n_compared == team.n_candidates
    assert team.objective == pytest.approx(sum(team.terms.values()))


def test_the_answer_is_plain_values_in_the_shape_that_is_promised(answer):
    told = json.loads(json.dumps(answer(BOTH, choice={"n_alternatives": 2}, **ROWS).as_dict()))
    promised = {"requirement", "team", "uncovered", "objective", "gap", "alternatives"}
    assert promised < set(told)
    assert told["schema"] == 1
    assert {"partner_id", "role", "covers"} < set(told["team"][0])
    assert set(told["alternatives"][0]["team"][0]) == {"partner_id", "name", "role", "covers"}


def test_without_a_lead_the_owners_are_the_team(answer):
    team = answer({"capabilities": ["crm", "erp"]}, **ROWS)
    assert roles(team) == {"bob": ("owner", ("crm",)), "dan": ("owner", ("erp",))}


def test_a_lead_that_holds_it_all_needs_nobody(answer):
    team = answer({"capabilities": ["crm"], "lead": "bob"}, **ROWS)
    assert roles(team) == {"bob": ("lead", ("crm",))}


def test_the_next_best_teams_differ_and_a_substitute_has_its_price(answer):
    team = answer(BOTH, choice={"n_alternatives": 5}, **ROWS)
    teams = [frozenset(roles(team))]
    teams += [frozenset(m["partner_id"] for m in other.team) for other in team.alternatives]
    assert len(set(teams)) == len(teams)
    assert all(other.objective <= team.objective for other in team.alternatives)
    _, bob, dan = team.team
    assert (bob.substitute.partner_id, bob.substitute.covers) == ("cy", ("crm",))
    best_with_cy = next(
        other.objective
        for other in team.alternatives
        if {m["partner_id"] for m in other.team} == {"ann", "cy", "dan"}
    )
    assert team.objective - bob.substitute.costs == pytest.approx(best_with_cy)
    assert dan.substitute is None


def test_a_filled_team_has_supporters_that_own_nothing(answer):
    team = answer(BOTH, choice={"size": 4}, **ROWS)
    assert roles(team)["cy"] == ("support", ())
    assert {member.partner_id: member.supports for member in team.team}["cy"] == ("crm",)


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


def test_who_does_business_there_comes_first(answer):
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


def met(partner, collaborator, status, **columns):
    return {
        "partner_id": partner,
        "collaborator_id": collaborator,
        "introduced_on": "2024-06-15",
        "status": status,
        **columns,
    }


# Who may not be together


def test_two_that_sell_the_same_in_the_market_are_not_in_one_team(answer):
    rows = {**ROWS, "offerings": {"bob": "vpn", "dan": "vpn"}}
    assert set(roles(answer(BOTH, **rows))) == {"ann", "cy", "dan"}
    places = {"ann": {}, "bob": {"country": "DE"}, "cy": {}, "dan": {"country": "FR"}}
    elsewhere = answer({**BOTH, "territory": "DE"}, **{**rows, "partners": places})
    assert set(roles(elsewhere)) == {"ann", "bob", "dan"}


#: Three that can do the same, of whom nobody knows what they sell.
ALIKE = {
    "partners": "ann",
    "partner_capabilities": {who: ["crm", "erp"] for who in ("bob", "cy")},
}


def test_where_offerings_do_not_say_what_is_sold_competition_is_a_price_and_said(answer):
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


def test_nobody_sells_what_the_lead_sells(answer):
    team = answer(BOTH, **ROWS, offerings={"ann": "vpn", "bob": "vpn", "cy": "vpn"})
    assert set(roles(team)) == {"ann", "dan"}
    (missing,) = team.uncovered
    assert (missing.capability_id, missing.why) == ("crm", "its holders may not join")
    assert missing.nearest.partner_id == "bob"
    assert missing.nearest.why_not == "sells the same product as the lead"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ({"restrictions": {"bob": "dan"}}, "it and {} may not be paired"),
        (
            {
                "partners": {
                    "ann": {},
                    "bob": {"name": "Alder", "country": "DE"},
                    "dan": {"name": "Alder", "country": "DE"},
                }
            },
            "it and Alder are likely one company: one name in one country",
        ),
        ({"offerings": {"bob": "vpn", "dan": "vpn"}}, "it and {} both sell vpn in the market"),
        (
            {"partners": {"ann": {}, "bob": {"parent_id": "eve"}, "dan": {"parent_id": "eve"}}},
            "it and {} are of one family",
        ),
    ],
)
def test_who_comes_nearest_is_said_and_why_it_is_not_in(answer, rows, why):
    held = {"bob": {"crm": "certified"}, "dan": {"erp": "certified"}}
    team = answer(BOTH, **{"partners": "ann", "partner_capabilities": held, **rows})
    (missing,) = team.uncovered
    (owner,) = (member for member in team.team if member.role == "owner")
    assert missing.why == "candidates for it conflict with the team"
    assert missing.nearest.partner_id == {"bob": "dan", "dan": "bob"}[owner.partner_id]
    assert missing.nearest.why_not == why.format(owner.partner_id)


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


def test_who_is_left_out_or_opted_out_or_full_is_not_proposed(answer):
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


# What cannot be


def test_a_team_of_one_covers_what_the_lead_holds(answer):
    team = answer({**BOTH, "lead": "bob", "max_size": 1}, **ROWS)
    assert roles(team) == {"bob": ("lead", ("crm",))}
    (missing,) = team.uncovered
    assert missing.nearest.partner_id == "dan"
    assert missing.nearest.why_not == "the team may have 1 members at most"


def test_what_nobody_holds_is_said_with_who_holds_what_is_near(answer):
    tree = {"crm": {}, "crm-a": {"parent_id": "crm"}, "crm-b": {"parent_id": "crm"}, "odd": {}}
    team = answer(
        {"capabilities": ["crm-a", "odd", "oddd"], "lead": "ann"},
        partners="ann",
        capabilities=tree,
        partner_capabilities={"bob": {"crm-b": "certified"}},
    )
    unheard, near, odd = team.uncovered
    assert (unheard.capability_id, unheard.why) == (
        "oddd",
        "unknown capability. Did you mean 'odd'?",
    )
    assert (near.why, near.nearest.partner_id, near.nearest.holds) == (
        "no partner holds it",
        "bob",
        "crm-b",
    )
    assert odd.nearest is None


def test_an_empty_set_of_candidates_is_an_answer(answer):
    team = answer({"capabilities": ["erp"]}, partners="ann", capabilities={"erp": {}})
    assert team.team == ()
    assert [one.capability_id for one in team.uncovered] == ["erp"]
    assert team.objective == 0.0


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


def test_a_lead_that_is_to_be_left_out_is_refused(answer):
    with pytest.raises(RequirementError, match="both the lead and excluded"):
        answer({**BOTH, "exclude": ["ann"]}, **ROWS)


def test_a_lead_nobody_knows_is_refused(answer):
    with pytest.raises(UnknownPartnerError, match="Did you mean 'ann'"):
        answer({**BOTH, "lead": "annn"}, **ROWS)


def test_capabilities_nobody_has_heard_of_are_refused(answer):
    with pytest.raises(
        RequirementError,
        match=r"no required capability is in the tables: 'crmm'\. Did you mean 'crm'",
    ):
        answer({"capabilities": ["crmm"]}, **ROWS)
