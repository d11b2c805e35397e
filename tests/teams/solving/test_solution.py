"""The best teams found: greedy, search and proof together, substitutes, and solving again."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.teams.solving.greedy import greedy_team, searched
from ecosystem_graph.teams.solving.solution import shortlisted, solved


@given(st.integers(0, 2**32 - 1), st.booleans(), st.integers(1, 11))
def test_a_wanted_candidate_is_in_every_team_searched(problem_of, seed, lead, wanted):
    problem = replace(problem_of(seed, lead=lead), wanted=wanted)
    for team in searched(problem):
        assert wanted in team
        assert problem.permits(team)
        assert len(set(team.tolist())) == len(team)


@pytest.mark.parametrize("seed", range(5))
def test_with_a_proof_the_best_team_is_the_best_of_all(problem_of, brute, seed):
    problem = problem_of(seed, n=9)
    teams, bound, n_compared = solved(problem, seconds=20.0, n_alternatives=3, shortlist=40)
    points = [problem.points(team) for team in teams]
    assert points[0] == pytest.approx(brute(problem), abs=1e-5)
    assert bound == pytest.approx(points[0], abs=1e-5)
    assert points == sorted(points, reverse=True)
    assert len({frozenset(team.tolist()) for team in teams}) == len(teams)
    assert n_compared == 9


def test_without_time_nothing_is_proven(problem_of):
    teams, bound, _ = solved(problem_of(1), seconds=0.0, shortlist=40)
    assert bound is None
    assert len(teams) == 1


@pytest.mark.parametrize("n", [4, 7])
def test_a_shortlist_holds_the_picks_of_greedy_in_order_of_place(problem_of, n):
    problem = problem_of(3, n=12)
    picked = greedy_team(problem)
    kept = shortlisted(problem, picked, n)
    assert len(kept) == max(n, len(picked))
    assert np.isin(picked, kept).all()
    assert (np.diff(kept) > 0).all()


def test_all_candidates_are_compared_where_they_are_few(problem_of):
    problem = problem_of(3, n=6)
    assert shortlisted(problem, greedy_team(problem), 40).tolist() == list(range(6))


def test_a_substitute_costs_the_points_of_exchanging_the_member(asked):
    _, solution, _ = asked("cy")
    problem, team = solution.problem, solution.teams[0]
    bob = int(np.flatnonzero(problem.partners == 1)[0])
    place, costs = solution.substitute(bob)
    exchanged = np.append(team[team != bob], place)
    assert problem.partners[place] == 2
    assert costs == pytest.approx(problem.points(team) - problem.points(exchanged))
    assert costs > 0


def test_the_gap_is_the_share_of_the_bound_that_is_missing(asked):
    _, solution, _ = asked("cy")
    points = solution.problem.points(solution.teams[0])
    assert replace(solution, bound=None).gap is None
    assert replace(solution, bound=points).gap == 0.0
    assert replace(solution, bound=2 * points).gap == pytest.approx(0.5)


def test_solving_again_without_the_owner_of_a_capability_leaves_it_open(asked):
    _, solution, _ = asked("cy")
    value = solution.problem.value.copy()
    value[:, 1] = 0.0
    again = solution.again(replace(solution.problem, value=value), seconds=5.0)
    assert again.problem.partners[again.teams[0]].tolist() == [0, 1]
    assert solution.problem.partners[solution.teams[0]].tolist() == [0, 1, 3]
