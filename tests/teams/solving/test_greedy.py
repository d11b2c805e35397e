"""Greedy teams, exchanges, and how near they come to the best there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.teams.solving.exact import exact_team
from ecosystem_graph.teams.solving.greedy import (
    exchanged,
    exchanges,
    greedy_team,
    next_best,
    searched,
)

SEEDS = st.integers(0, 2**32 - 1)


def plain_greedy(problem):
    """Greedy that looks at everybody each time."""
    team = problem.first
    while len(team) < problem.max_size:
        gains, covered = problem.additions(team, np.arange(len(problem)))
        if not problem.filled:
            gains[covered <= 0] = -np.inf
        if gains.max() == -np.inf or (gains.max() <= 1e-9 and not problem.filled):
            break
        team = np.append(team, gains.argmax())
    return team


@settings(max_examples=40)
@given(SEEDS, st.booleans(), st.booleans())
def test_lazy_greedy_is_greedy(problem_of, seed, filled, lead):
    problem = problem_of(seed, n=300, filled=filled, lead=lead, max_size=6)
    assert greedy_team(problem).tolist() == plain_greedy(problem).tolist()


@given(SEEDS)
def test_greedy_coverage_is_within_its_guarantee(problem_of, brute, seed):
    """Facility location alone, nobody barred, everybody welcome: 1 - 1/e of the best."""
    problem = problem_of(seed, n=9, filled=True, lead=False, max_size=3)
    problem.merit[:] = 0.0
    problem.pairs.bond[:] = 0.0
    problem.pairs.barred[:] = False
    assert problem.points(greedy_team(problem)) >= (1 - np.exp(-1)) * brute(problem) - 1e-9


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_no_exchange_betters_a_team_that_was_exchanged(problem_of, seed, filled):
    problem = problem_of(seed, n=20, filled=filled)
    start = greedy_team(problem)
    team = exchanged(problem, start)
    assert problem.permits(team)
    assert problem.points(team) >= problem.points(start)
    for other, points in exchanges(problem, team, 3):
        assert problem.permits(other)
        assert points == pytest.approx(problem.points(other))
        assert points <= problem.points(team) + 1e-9


@settings(max_examples=25)
@given(SEEDS)
def test_next_best_teams_differ_and_come_in_order(problem_of, seed):
    problem = problem_of(seed, n=15)
    teams = searched(problem)
    others = next_best(problem, teams, 4)
    everybody = [tuple(sorted(team)) for team in [teams[0], *others]]
    assert len(set(everybody)) == len(everybody)
    points = [problem.points(np.array(team, dtype=np.intp)) for team in everybody]
    assert points == sorted(points, reverse=True)
    assert all(problem.permits(np.array(team, dtype=np.intp)) for team in everybody)


@settings(max_examples=25)
@given(SEEDS)
def test_another_order_of_the_candidates_makes_no_other_team(problem_of, renamed, seed):
    problem = problem_of(seed, n=20, ties=False)
    order = np.random.default_rng(seed).permutation(20)
    best, other = searched(problem)[0], searched(renamed(problem, order))[0]
    assert best.tolist() == np.sort(order[other]).tolist()


def test_searched_teams_are_within_five_percent_of_the_best(problem_of):
    """Instances of each size, their gaps against the exact optimum."""
    gaps = []
    for seed in range(60):
        problem = problem_of(seed, n=16, lead=seed % 3 > 0, max_size=3 + seed % 3)
        best = exact_team(problem, seconds=20.0)
        assert best.points == pytest.approx(best.bound)
        gaps.append(1.0 - problem.points(searched(problem)[0]) / best.points)
    assert max(gaps) <= 0.05
    assert np.median(gaps) <= 0.01
    assert min(gaps) >= -1e-9
