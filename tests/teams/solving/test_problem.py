"""The arithmetic of a team."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.teams.solving.problem import DensePairs, TeamProblem

SHAPES = {
    "filled": st.booleans(),
    "lead": st.booleans(),
    "max_size": st.integers(1, 5),
    "n_capabilities": st.integers(1, 5),
}
PROBLEMS = st.fixed_dictionaries({"seed": st.integers(0, 2**32 - 1), **SHAPES})


def no_pairs(n):
    return DensePairs(np.zeros((n, n)), np.zeros((n, n), dtype=bool))


@pytest.fixture
def three():
    """A lead that is weak in the first thing, and two that are strong in one each."""
    return TeamProblem(
        partners=np.array([4, 7, 9]),
        value=np.array([[11.0, 0.0], [13.0, 0.0], [13.0, 12.0]]),
        merit=np.array([99.0, -1.0, -2.0]),
        pairs=no_pairs(3),
        bond_limit=0.0,
        max_size=3,
        lead=0,
    )


def test_points_are_what_the_owners_bring_and_what_members_cost(three):
    assert three.points(np.array([0])) == 11.0
    assert three.points(np.array([0, 1])) == 13.0 - 1.0
    assert three.points(np.array([0, 2])) == 13.0 + 12.0 - 2.0


def test_the_owner_is_the_strongest_then_the_lead_then_the_first(three):
    assert three.owners(np.array([0, 1])).tolist() == [1, -1]
    assert three.owners(np.array([2, 1, 0])).tolist() == [1, 2]
    equal = TeamProblem(
        np.arange(3), np.ones((3, 1)), np.zeros(3), no_pairs(3), 0.0, max_size=3, lead=2
    )
    assert equal.owners(np.arange(3)).tolist() == [2]


def test_nobody_may_be_idle_unless_the_team_is_filled(three):
    assert three.permits(np.array([0]))
    assert not three.permits(np.array([1, 2]))  # the lead is missing
    assert three.permits(np.array([0, 1, 2]))  # 1 wins the tie, 2 owns the second
    gains, _ = three.additions(np.array([0, 2]), np.arange(3))
    assert (gains[[0, 2]] == -np.inf).all()  # they are in
    assert gains[1] == -1.0


@given(PROBLEMS)
def test_what_a_candidate_adds_is_the_difference_in_points(problem_of, teams_of, shape):
    problem = problem_of(n=8, **shape)
    permitted = {team: points for team, points in teams_of(problem)}
    for team, points in permitted.items():
        places = np.array(team, dtype=np.intp)
        assert problem.permits(places)
        assert problem.points(places) == pytest.approx(points)
        if len(team) == problem.max_size:
            continue
        gains, covered = problem.additions(places, np.arange(8))
        assert (covered >= 0).all()
        for one in range(8):
            larger = tuple(sorted((*team, one)))
            if gains[one] > -np.inf:
                assert permitted[larger] == pytest.approx(points + gains[one])
            elif one not in team:
                assert larger not in permitted


@given(PROBLEMS)
def test_coverage_is_monotone_and_submodular(problem_of, shape):
    problem = problem_of(**shape)
    rng = np.random.default_rng(shape["seed"])
    small = rng.permutation(12)[:3]
    large, one = np.append(small, np.setdiff1d(np.arange(12), small)[:3]), 11
    if one in large:
        large = large[large != one]
        small = small[small != one]

    def added(team):
        return problem.coverage(np.append(team, one)) - problem.coverage(team)

    assert added(small) >= added(large) - 1e-9 >= -2e-9


@given(PROBLEMS)
def test_some_of_the_candidates_are_the_same_candidates(problem_of, shape):
    problem = problem_of(**shape)
    kept = np.array([0, 3, 4, 8, 11])
    fewer = problem.among(kept)
    for team in ([0], [0, 2], [0, 1, 4]):
        places = np.array(team)
        assert fewer.points(places) == pytest.approx(problem.points(kept[places]))
    assert fewer.lead == problem.lead
