"""How fast every signal is worked out: `python tests/benchmarks/signal_speed.py [PARTNERS]`.

A synthetic ecosystem, 50 candidates for each partner: half of them reached over a shared
collaborator, half anybody. What a signal reads of the whole graph is worked out before the clock
starts and timed on its own; the pairs go through in shards, on every core, as when ranking.
"""

import sys
from time import perf_counter

import numpy as np

from ecosystem_graph import EcosystemGraph, read_tables
from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.synthetic import synthetic

CANDIDATES = 50


def candidates(graph, rng):
    """Targets of every partner, shape (n_partners, 50)."""
    n, half = graph.n_partners, CANDIDATES // 2
    anybody = rng.integers(0, n, (n, CANDIDATES))
    walk = np.repeat(np.arange(n), half).reshape(n, half)
    pointers, columns = graph.adjacency.indptr, graph.adjacency.indices
    for _ in range(2):
        degree = np.diff(pointers)[walk]
        step = pointers[walk] + (rng.random(walk.shape) * degree).astype(np.int64)
        walk = np.where(degree > 0, columns[np.minimum(step, len(columns) - 1)], walk)
    anybody[:, :half] = walk
    return anybody


def main(n_partners=100_000):
    """Print one line per signal."""
    rng = np.random.default_rng(0)
    graph = EcosystemGraph.from_tables(read_tables(synthetic(n_partners, seed=0).tables))
    features, targets = GraphFeatures(graph), candidates(graph, rng)
    everybody = np.arange(graph.n_partners)
    print(f"{graph!r}\n{targets.size:,} pairs")
    print(f"{'signal':<22}{'once, s':>9}{'pairs, s':>10}{'pairs/s':>14}")
    for name, signal in SIGNALS.items():

        def values(shard, signal=signal):
            return signal.values(features, np.repeat(shard, CANDIDATES), targets[shard].ravel())

        started = perf_counter()
        values(everybody[:1])
        once = perf_counter() - started
        started = perf_counter()
        for _ in map_chunks(values, everybody):
            pass
        seconds = perf_counter() - started
        print(f"{name:<22}{once:>9.2f}{seconds:>10.2f}{targets.size / seconds:>14,.0f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
