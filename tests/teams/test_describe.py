"""A solution described: roles, owners, alternatives and substitutes."""

import pytest

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


def test_without_a_lead_the_owners_are_the_team(answer):
    team = answer({"capabilities": ["crm", "erp"]}, **ROWS)
    assert roles(team) == {"bob": ("owner", ("crm",)), "dan": ("owner", ("erp",))}


def test_a_lead_that_holds_everything_is_a_team_of_one(answer):
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


def test_an_empty_set_of_candidates_is_an_answer(answer):
    team = answer({"capabilities": ["erp"]}, partners="ann", capabilities={"erp": {}})
    assert team.team == ()
    assert [one.capability_id for one in team.uncovered] == ["erp"]
    assert team.objective == 0.0
