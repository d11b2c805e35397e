"""Why a partner is not in a team: every answer once, the best team with it against brute force."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.errors import UnknownPartnerError
from ecosystem_graph.teams import describe_team, why_not_in_team
from ecosystem_graph.teams.solving.exact import exact_team
from ecosystem_graph.teams.solving.solution import solved

#: Ann leads and holds a little crm; bob holds more of it than cy, and dan erp.
HELD = {
    "ann": {"crm": "inferred"},
    "bob": {"crm": "certified"},
    "cy": {"crm": "self_declared"},
    "dan": {"erp": "certified"},
}
ROWS = {"partners": "ann bob cy dan eve", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.integers(1, 4), st.integers(1, 8))
def test_the_best_team_with_somebody_is_the_best_of_all_with_it(
    problem_of, teams_of, seed, lead, max_size, wanted
):
    problem = replace(problem_of(seed, n=9, lead=lead, max_size=max_size), wanted=wanted)
    points = [points for team, points in teams_of(problem) if wanted in team]
    assert problem.permits(problem.first) == bool(points)
    found = exact_team(problem, seconds=20.0)
    assert (found is None) == (not points)
    if points:
        teams, bound, n_compared = solved(problem, seconds=20.0, shortlist=40)
        assert n_compared == 9
        assert wanted in teams[0]
        assert problem.permits(teams[0])
        for reached in (found.points, bound, problem.points(teams[0])):
            assert reached == pytest.approx(max(points), abs=1e-5)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_a_filled_team_with_somebody_is_the_best_of_its_size(problem_of, teams_of, seed, wanted):
    problem = replace(problem_of(seed, n=9, filled=True), wanted=wanted)
    full = [points for team, points in teams_of(problem) if len(team) == 4 and wanted in team]
    found = exact_team(problem, seconds=20.0)
    assert (found is None) == (not full)
    if full:
        assert wanted in found.team
        assert found.points == pytest.approx(max(full), abs=1e-5)


def test_who_is_in_the_team_is_told_with_its_role(asked):
    _, _, told = asked("bob")
    assert (told.answer, told.role, told.covers) == ("in_team", "owner", ("crm",))
    assert asked("ann")[2].role == "lead"


def test_a_partner_nobody_knows_is_refused_with_near_matches(asked):
    with pytest.raises(UnknownPartnerError, match="Did you mean"):
        asked("bobb")


def test_a_partner_goes_by_its_exact_name_too(asked):
    _, _, told = asked("Cy's", partners={"cy": {"name": "Cy's"}})
    assert (told.partner_id, told.name) == ("cy", "Cy's")


@pytest.mark.parametrize(
    ("rows", "need", "why"),
    [
        ({"partners": {"cy": {"participates": False}}}, {}, "has opted out"),
        ({"restrictions": {"ann": "cy"}}, {}, "may not be paired with the lead"),
        (
            {
                "partners": {
                    "ann": {"name": "Alder", "country": "DE"},
                    "cy": {"name": "ALDER GmbH", "country": "DE"},
                }
            },
            {},
            "is likely one company with the lead: one name in one country",
        ),
        ({"partners": {"cy": {"parent_id": "ann"}}}, {}, "is of the lead's family"),
        (
            {"offerings": {"ann": "vpn", "cy": "vpn"}},
            {},
            "sells the same product as the lead",
        ),
        ({"partners": {"cy": {"intro_capacity": 0}}}, {}, "has no introductions left"),
        ({}, {"exclude": ["cy"]}, "is excluded"),
    ],
)
def test_the_hard_rule_that_keeps_somebody_out_is_named(asked, rows, need, why):
    _, _, told = asked("cy", {**BOTH, **need}, **rows)
    assert (told.answer, told.why) == ("kept_out", why)
    assert told.team == ()


def test_who_holds_nothing_that_is_asked_for_has_nothing_to_own(asked):
    _, _, told = asked("eve")
    assert told.answer == "owns_nothing"
    assert told.why == "it holds no required capability"


def test_beside_a_lead_that_holds_it_all_there_is_nothing_to_own(asked):
    _, _, told = asked("cy", {"capabilities": ["crm"], "lead": "bob"})
    assert told.answer == "owns_nothing"
    assert told.why == "the lead holds its capabilities at least as strongly"


def test_a_lead_that_is_all_the_team_may_have_leaves_no_seat(asked):
    assert asked("cy", {**BOTH, "max_size": 1})[2].answer == "no_seat"


def test_the_best_team_with_somebody_is_told_and_the_terms_add_up(asked):
    finder, choice, told = asked("cy")
    assert told.answer == "worth_less"
    assert [(one["partner_id"], one["covers"]) for one in told.team] == [
        ("ann", []),
        ("cy", ["crm"]),
        ("dan", ["erp"]),
    ]
    assert told.covers == ("crm",)
    assert told.gap == 0.0
    assert told.difference < 0
    assert told.difference == pytest.approx(sum(told.terms.values()), abs=1e-9)
    best = describe_team(finder, choice)
    assert told.objective == pytest.approx(best.objective + told.difference)
    # Cy instead of bob: the difference is what bob holds more strongly, and nothing else.
    weight = finder.weights.strength
    held = {one: choice.strength[choice.problem.partners == one, 0][0] for one in (1, 2)}
    assert told.terms["coverage"] == pytest.approx(weight * (held[2] - held[1]), abs=1e-5)


def test_a_member_that_bars_somebody_is_named(asked):
    _, _, told = asked("cy", offerings={"cy": "vpn", "dan": "vpn"})
    assert told.why == "it and dan both sell vpn in the market"
    assert "dan" not in {one["partner_id"] for one in told.team}


def test_a_team_that_would_not_be_filled_is_no_better_for_its_points(asked):
    rows = {"restrictions": {"cy": "bob dan"}}
    _, _, told = asked("cy", size=3, **rows)
    assert told.answer == "worth_less"
    assert len(told.team) == 2


def test_a_better_team_that_the_search_missed_is_reported(asked):
    finder, choice, _ = asked("bob")
    alone = replace(choice, teams=[choice.problem.first])
    told = why_not_in_team(finder, alone, "bob")
    assert told.answer == "not_compared"
    assert told.difference > 0
    assert told.change is None


def test_an_equally_good_team_has_a_difference_of_zero(asked):
    equal = {**HELD, "cy": {"crm": "certified"}}
    _, _, told = asked("cy", partner_capabilities=equal)
    assert (told.answer, told.difference) == ("worth_less", 0.0)
