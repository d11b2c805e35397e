"""The smallest strength that would bring a partner into a team."""

from dataclasses import replace

import numpy as np
import pytest

from ecosystem_graph.teams.solving.exact import exact_team

#: Bob holds crm more strongly than cy, by little.
WEAKER = {
    "ann": {"crm": "inferred"},
    "bob": {"crm": "reference"},
    "cy": {"crm": "self_declared"},
    "dan": {"erp": "certified"},
}


def test_the_strength_named_brings_it_in_and_a_hundredth_less_does_not(asked):
    finder, choice, told = asked("cy", partner_capabilities=WEAKER)
    change = told.change
    place = int(np.flatnonzero(choice.problem.partners == 2)[0])
    assert change.capability_id == "crm"
    assert change.instead_of == pytest.approx(choice.strength[place, 0], abs=1e-4)

    def members(strength):
        held = choice.strength.copy()
        held[place, 0] = strength
        problem = replace(choice.problem, value=finder.value(choice.requirement, held))
        return exact_team(problem.among(np.arange(len(problem))), seconds=10.0).team

    assert place in members(change.strength)
    assert place not in members(change.strength - 0.01)


def test_without_a_proof_no_change_is_named(asked):
    _, _, told = asked("cy", partner_capabilities=WEAKER, seconds=0)
    assert told.answer == "worth_less"
    assert told.change is None
    assert told.gap is None
