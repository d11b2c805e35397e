import pytest

from ecosystem_graph.report.team_why_not_text import team_why_not_text
from ecosystem_graph.teams import TeamWhyNot
from ecosystem_graph.teams.reasons.strength_change import StrengthChange

WITH_CY = (
    {"partner_id": "ann", "role": "lead", "covers": []},
    {"partner_id": "cy", "role": "owner", "covers": ["crm"]},
)


@pytest.fixture
def text_of(make_graph):
    graph = make_graph(
        partners={"ann": {}, "cy": {"name": "Cy Ltd"}},
        capabilities={"crm": {"name": "Customer relations"}},
    )

    def text_of(answer, **facts):
        return team_why_not_text(TeamWhyNot("cy", "Cy Ltd", answer, **facts), graph)

    return text_of


def test_a_member_is_in_the_team_with_its_role(text_of):
    text = text_of("in_team", role="owner", covers=("crm",))
    assert text == "Cy Ltd (cy) is in the team: owner of Customer relations."


def test_a_rule_that_keeps_it_out_is_the_whole_answer(text_of):
    text = text_of("kept_out", why="it and ann may not be paired")
    assert text == "Cy Ltd (cy) is not in the team: it and ann may not be paired."


@pytest.mark.parametrize(
    ("answer", "difference", "compared"),
    [
        ("worth_less", -1.5, "1.50 points worse"),
        ("worth_less", 0.0, "equally good, and ties are broken by partner id"),
        ("worth_less", 2.0, "of 2 members only"),
        ("not_compared", 2.0, "2.00 points better, but the search for the best team missed it"),
    ],
)
def test_the_best_team_with_it_is_compared_with_the_team(text_of, answer, difference, compared):
    terms = {"coverage": difference, "trust": 0.004}
    text = text_of(answer, team=WITH_CY, difference=difference, terms=terms)
    shown = f" (coverage {difference:+.2f})" if difference else ""
    first, second = text.replace("\n     ", " ").splitlines()
    assert first == f"Cy Ltd (cy) is not in the team: the best team with it is {compared}{shown}."
    assert second == "With it: ann, lead; Cy Ltd (cy), owner of Customer relations."


def test_the_strength_that_would_bring_it_in_is_named(text_of):
    change = StrengthChange("crm", 0.75, 0.5)
    text = text_of("worth_less", team=WITH_CY, difference=-1.0, terms={}, change=change)
    assert text.splitlines()[-1] == (
        "A strength of 0.75 in Customer relations instead of 0.50 would bring it in, all else "
        "equal."
    )
