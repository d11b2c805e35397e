"""Seconds of a warm call for one partner, filtered and not: `filter_speed.py [PARTNERS]`.

Both are asked in one process, turn by turn, of an invented ecosystem of 5,000 partners unless
another number is given. A call with a filter should take twice as long at most.
"""

import sys
import time
from statistics import median

from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.synthetic import synthetic

TURNS = 15


def seconds(call):
    """How long a call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def main(n_partners=5_000):
    """Print the median of both, and how many times as long the filtered call takes."""
    graph = EcosystemGraph.from_tables(read_tables(synthetic(n_partners, 1).tables), "2026-01-01")
    model, asked = Recommender.load("default"), graph.index.ids[:1]
    first = str(graph.market_codes[0])
    calls = {
        "without": lambda: model.recommend(graph, asked),
        "with a filter": lambda: model.recommend(graph, asked, territories=[first]),
    }
    for call in calls.values():
        call()
    times = {name: [] for name in calls}
    for _ in range(TURNS):
        for name, call in calls.items():
            times[name].append(seconds(call))
    plain, filtered = (median(taken) for taken in times.values())
    print(f"{n_partners:,} partners: {plain:.3f} s without, {filtered:.3f} s with a filter")
    print(f"{filtered / plain:.2f} times as long")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
