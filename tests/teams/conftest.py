"""Team problems of every shape, their answers by brute force, and small ecosystems."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from ecosystem_graph.recommending.requests.requirement import requirement_from
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.teams import TeamFinder, describe_team, why_not_in_team
from ecosystem_graph.teams.rules.admission import Admission
from ecosystem_graph.teams.solving.problem import DensePairs, TeamProblem

#: Ann leads and holds a little crm; bob holds more of it than cy, and dan erp.
HELD = {
    "ann": {"crm": "inferred"},
    "bob": {"crm": "certified"},
    "cy": {"crm": "self_declared"},
    "dan": {"erp": "certified"},
}
ROWS = {"partners": "ann bob cy dan eve", "partner_capabilities": HELD}
BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


def random_problem(seed, n=12, *, filled=False, lead=True, max_size=4, n_capabilities=4, ties=True):
    """Candidates that each hold a few things, like and dislike each other, and bar some."""
    rng = np.random.default_rng(seed)
    strength = np.where(rng.random((n, n_capabilities)) < 0.35, rng.random((n, n_capabilities)), 0)
    if ties:
        strength = np.ceil(strength * 4) / 4
    bond = np.where(rng.random((n, n)) < 0.5, rng.normal(0, 0.5, (n, n)), 0.0)
    bond = np.triu(bond, 1) + np.triu(bond, 1).T
    barred = np.triu(rng.random((n, n)) < 0.12, 1)
    barred |= barred.T
    if lead:
        barred[0] = barred[:, 0] = False
    return TeamProblem(
        partners=np.arange(n),
        value=np.where(strength > 0, 10.0 + 4.0 * strength, 0.0),
        merit=-4.0 * rng.random(n) - 0.5,
        pairs=DensePairs(bond, barred),
        bond_limit=max(0.0, float(bond.max())),
        max_size=max_size,
        lead=0 if lead else -1,
        filled=filled,
    )


def all_teams(problem):
    """Every team the problem permits, by the rules as a person would check them."""
    bond, barred = problem.pairs.bond, problem.pairs.barred
    for size in range(problem.max_size + 1):
        for team in combinations(range(len(problem)), size):
            if problem.lead >= 0 and problem.lead not in team:
                continue
            if any(barred[a, b] for a, b in combinations(team, 2)):
                continue
            owners, points = set(), 0.0
            for column in problem.value.T:
                able = [one for one in team if column[one] > 0]
                if able:
                    owner = min(able, key=lambda one: (-column[one], one != problem.lead, one))
                    owners.add(owner)
                    points += column[owner]
            if not problem.filled and set(team) - owners - {problem.lead}:
                continue
            points += sum(problem.merit[one] for one in team if one != problem.lead)
            points += sum(bond[a, b] for a, b in combinations(team, 2))
            yield team, points


def best_points(problem):
    teams = list(all_teams(problem))
    largest = max(len(team) for team, _ in teams)
    return max(p for team, p in teams if not problem.filled or len(team) == largest)


@pytest.fixture(scope="session")
def brute():
    return best_points


@pytest.fixture(scope="session")
def teams_of():
    return all_teams


@pytest.fixture(scope="session")
def problem_of():
    return random_problem


@pytest.fixture(scope="session")
def answer(make_graph):
    """The team for a requirement in a small ecosystem: answer({...}, **rows) -> Team."""

    def answer(asked, *, finder=(), choice=(), **rows):
        features, how = GraphFeatures(make_graph(**rows)), dict(finder)
        weights = how.pop("weights", None)
        found = TeamFinder(features, weights=weights, admission=Admission(features, **how))
        need = found.resolved(requirement_from(asked))
        return describe_team(found, found.solution(need, None, **{"seconds": 10.0, **dict(choice)}))

    return answer


@pytest.fixture(scope="session")
def renamed():
    """The same problem with its candidates in another order."""

    def renamed(problem, order):
        terms = problem.pairs
        square = np.ix_(order, order)
        return replace(
            problem,
            value=problem.value[order],
            merit=problem.merit[order],
            pairs=DensePairs(terms.bond[square], terms.barred[square]),
            lead=int(np.flatnonzero(order == problem.lead)[0]) if problem.lead >= 0 else -1,
        )

    return renamed


@pytest.fixture(scope="session")
def asked(make_graph):
    """A finder, its choice and the answer: asked("bob", BOTH, **rows)."""

    def asked(partner, need=BOTH, *, seconds=10.0, size=None, **rows):
        graph = make_graph(**{**ROWS, **rows})
        finder = TeamFinder(GraphFeatures(graph))
        choice = finder.solution(
            finder.resolved(requirement_from(need)), None, seconds=seconds, size=size
        )
        return finder, choice, why_not_in_team(finder, choice, partner, seconds=seconds)

    return asked
