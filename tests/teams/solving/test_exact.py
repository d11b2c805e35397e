"""The exact stage against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.teams.solving.exact import exact_team


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.integers(1, 5))
def test_the_exact_team_is_the_best_of_all(problem_of, brute, seed, lead, max_size):
    problem = problem_of(seed, n=10, lead=lead, max_size=max_size)
    found = exact_team(problem, seconds=20.0)
    assert problem.permits(found.team)
    assert found.points == pytest.approx(problem.points(found.team))
    assert found.points == pytest.approx(found.bound)
    assert found.points == pytest.approx(brute(problem), abs=1e-5)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_a_filled_team_is_the_best_of_its_size(problem_of, teams_of, seed):
    problem = problem_of(seed, n=9, filled=True, max_size=4)
    found = exact_team(problem, seconds=20.0)
    full = [points for team, points in teams_of(problem) if len(team) == 4]
    assert (found is None) == (not full)
    if full:
        assert found.points == pytest.approx(max(full), abs=1e-5)


def test_teams_that_do_not_count_are_passed_over(problem_of, teams_of):
    problem = problem_of(3, n=9)
    in_order = sorted((points for _, points in teams_of(problem)), reverse=True)
    seen = []
    for points in in_order[:5]:
        seen.append(exact_team(problem, seconds=20.0, other_than=tuple(seen)).team)
        assert problem.points(seen[-1]) == pytest.approx(points, abs=1e-5)


def test_out_of_time_there_is_no_answer_or_a_bound_that_holds(problem_of):
    problem = problem_of(1, n=60, lead=False, max_size=6, n_capabilities=6)
    best = exact_team(problem, seconds=60.0)
    for seconds in (1e-4, 0.02, 0.1):
        found = exact_team(problem, seconds=seconds)
        if found is not None:
            assert problem.permits(found.team)
            assert found.points <= best.points + 1e-6 <= found.bound + 2e-6


def test_no_team_at_all_is_none(problem_of):
    problem = problem_of(0, n=3, filled=True, max_size=3)
    problem.pairs.barred[:] = ~np.eye(3, dtype=bool)
    assert exact_team(problem, seconds=5.0) is None
