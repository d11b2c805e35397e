"""How fast teams are formed, and how near greedy comes to the best: `python team_speed.py [DATA]`.

First 200 invented problems: what greedy, and greedy with exchanges, lack of the optimum. Then the
model that ships, on Horizon 2020 as it stands unless another dataset is named: after loading, one
team at a time for the needs of its latest deals, without proof and with; then 1,000 of them.
"""

import sys
from statistics import median
from time import perf_counter

import numpy as np

from ecosystem_graph import EcosystemGraph, load_dataset
from ecosystem_graph.errors import RequirementError
from ecosystem_graph.recommending import GraphRanker, load_model
from ecosystem_graph.recommending.requests.requirement import requirement_from, requirement_of_deal
from ecosystem_graph.teams import TeamFinder, describe_team
from ecosystem_graph.teams.solving.exact import exact_team
from ecosystem_graph.teams.solving.greedy import greedy_team, searched
from ecosystem_graph.teams.solving.problem import DensePairs, TeamProblem

INSTANCES = 200


def latest_needs(graph, finder, n):
    """What the latest deals with a lead asked for."""
    latest = np.argsort(graph.age_days, kind="stable")
    needs = []
    for deal_id in graph.deals["deal_id"].gather(latest):
        try:
            asked = requirement_of_deal(graph, deal_id)
            content = {**asked.as_dict(), "exclude": []}
            given = {name: value for name, value in content.items() if value is not None}
            needs.append(finder.resolved(requirement_from(given)))
        except RequirementError:
            continue
        if needs[-1].lead < 0:
            needs.pop()
        if len(needs) == n:
            break
    return needs


def speed(data):
    """Print seconds per team."""
    graph = EcosystemGraph.from_tables(load_dataset(data))
    model = load_model("default")
    started = perf_counter()
    ranker = GraphRanker(model, graph)
    finder = TeamFinder(ranker.features, ranker.requirement_ranker)
    needs = latest_needs(graph, finder, 1_000)
    describe_team(finder, finder.solution(needs[0], finder.joining(needs[:1])[0], seconds=5.0))
    print(f"{graph!r}\nloading and the first team: {perf_counter() - started:.1f} s", flush=True)
    for seconds in (0.0, 5.0):
        spent, gaps = [], []
        for need in needs[:100]:
            started = perf_counter()
            (joining,) = finder.joining([need])
            choice = finder.solution(need, joining, seconds=seconds, n_alternatives=3)
            describe_team(finder, choice)
            spent.append(perf_counter() - started)
            gaps.append(choice.gap)
        proof = "with proof" if seconds else "without proof"
        proven = sum(gap == 0.0 for gap in gaps)
        print(
            f"one team of 3 alternatives {proof}: median {median(spent):.3f} s, 95 % "
            f"{np.quantile(spent, 0.95):.3f} s, most {max(spent):.3f} s"
            + (f"; {proven} of {len(gaps)} proven best" if seconds else ""),
            flush=True,
        )
    started = perf_counter()
    for need, joining in zip(needs, finder.joining(needs), strict=True):
        describe_team(finder, finder.solution(need, joining, n_alternatives=3))
    print(f"{len(needs):,} requirements: {perf_counter() - started:.1f} s", flush=True)


def invented(seed):
    """A problem of 40 candidates, 2 to 6 capabilities and 3 to 6 seats."""
    rng = np.random.default_rng(seed)
    n, m, seats = 40, int(rng.integers(2, 7)), int(rng.integers(3, 7))
    strength = np.where(rng.random((n, m)) < 0.3, rng.random((n, m)), 0.0)
    bond = np.triu(np.where(rng.random((n, n)) < 0.5, rng.normal(0, 0.3, (n, n)), 0.0), 1)
    barred = np.triu(rng.random((n, n)) < 0.1, 1)
    barred[0] = False
    return TeamProblem(
        partners=np.arange(n),
        value=np.where(strength > 0, 10.0 + 4.0 * strength, 0.0),
        merit=-4.0 * rng.random(n) - 0.5,
        pairs=DensePairs(bond + bond.T, barred | barred.T),
        bond_limit=float(bond.max()),
        max_size=seats,
        lead=0,
    )


def gaps():
    """Print what the heuristics lack of the optimum."""
    lacking = {"greedy": [], "greedy and exchanges": []}
    for seed in range(INSTANCES):
        problem = invented(seed)
        best = exact_team(problem, seconds=60.0).points
        for name, team in (
            ("greedy", greedy_team(problem)),
            ("greedy and exchanges", searched(problem)[0]),
        ):
            lacking[name].append(1.0 - problem.points(team) / best)
    for name, gap in lacking.items():
        print(
            f"{name}: median {np.median(gap):.2%}, 95 % {np.quantile(gap, 0.95):.2%}, most "
            f"{max(gap):.2%} below the optimum of {INSTANCES} problems; "
            f"{np.mean(np.array(gap) < 1e-9):.0%} are optimal",
            flush=True,
        )


if __name__ == "__main__":
    gaps()
    speed(*sys.argv[1:] or ["horizon2020"])
