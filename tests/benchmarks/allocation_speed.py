"""What it takes to allocate, and what is lost: `python tests/benchmarks/allocation_speed.py`.

By default 1,000,000 partners with 50 candidates each, lists of 10, drawn by a popularity that is
Pareto distributed (exponent 1.2): `allocation_speed.py PARTNERS CAPACITY [CAPACITY ...]` sets other
sizes. Printed are wall time, peak memory of the process, the worth of the lists, that of greedy
assignment by worth, and on the first 5,000 partners how far either is from the exact optimum by
linear programming.
"""

import resource
import sys
from time import perf_counter

import numpy as np
from numba import njit
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from ecosystem_graph.lists.allocation.assignment import allocated
from ecosystem_graph.lists.reranking.exposure_price import congestion_prices

CANDIDATES, K, SUBSET = 50, 10, 5_000


def market(n_partners, rng):
    """Pairs and their worth: the more popular the likelier, and some of it chance."""
    fame = rng.pareto(1.2, n_partners) + 1
    drawn = np.cumsum(fame / fame.sum())
    targets = np.searchsorted(drawn[:-1], rng.random((n_partners, CANDIDATES)))
    targets.sort(axis=1)
    again = np.zeros(targets.shape, dtype=bool)
    again[:, 1:] = targets[:, 1:] == targets[:, :-1]
    sources = np.repeat(np.arange(n_partners), CANDIDATES)[~again.ravel()]
    targets = targets[~again]
    log_odds = 0.7 * np.log(fame)[targets] - 6
    log_odds += rng.normal(size=n_partners)[sources] + rng.normal(size=len(targets))
    return sources, targets, 1 / (1 + np.exp(-log_odds))


@njit
def greedily(order, sources, targets, room, wanted):
    stands = np.zeros(len(order), np.bool_)
    for pair in order:
        if room[targets[pair]] and wanted[sources[pair]]:
            room[targets[pair]] -= 1
            wanted[sources[pair]] -= 1
            stands[pair] = True
    return stands


def greedy(sources, targets, worth, capacity):
    order, wanted = np.argsort(-worth, kind="stable"), np.full(sources.max() + 1, K)
    return greedily(order, sources, targets, capacity.copy(), wanted)


def optimum(sources, targets, worth, capacity):
    """Greatest worth within capacity, by linear programming."""
    pairs, ones = np.arange(len(sources)), np.ones(len(sources))
    of_source = csr_array((ones, (sources, pairs)))
    of_target = csr_array((ones, (targets, pairs)), shape=(len(capacity), len(pairs)))
    rows = vstack([of_source, of_target]).tocsr()
    limits = np.concatenate([np.full(of_source.shape[0], K), capacity])
    binding = np.diff(rows.indptr) > limits
    told = linprog(-worth, rows[binding], limits[binding], bounds=(0, 1), method="highs-ds")
    return -told.fun


def compared(pairs, capacity):
    """Allocate; print time and worth beside greedy's, and the memory used so far."""
    sources, targets, worth = pairs
    started = perf_counter()
    stands = allocated(*pairs, capacity, K)
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    assert (np.bincount(targets[stands], minlength=len(capacity)) <= capacity).all()
    listed = np.bincount(sources[stands], minlength=sources.max() + 1)
    total, others = worth[stands].sum(), worth[greedy(*pairs, capacity)].sum()
    print(
        f"{seconds:8.1f} s {peak:6.2f} GB  worth {total:14.2f}, greedy {others:14.2f} "
        f"({1 - others / total:.2%} less)  "
        f"short {(listed < K).sum():,}, empty {(listed == 0).sum():,}",
        flush=True,
    )
    return total, others


def priced(pairs, n_partners):
    """Price congestion; print how long that takes."""
    sources, targets, worth = pairs
    scores = np.log(worth / (1 - worth))
    started = perf_counter()
    prices = congestion_prices(sources, targets, scores, K, n_partners, strength=0.2)
    print(f"congestion prices: {perf_counter() - started:.1f} s, highest {prices.max():.2f}")


def main(n_partners=1_000_000, *capacities):
    """Print the figures at some capacities."""
    pairs = market(n_partners, np.random.default_rng(0))
    print(f"{n_partners:,} partners, {len(pairs[0]):,} pairs, lists of {K}")
    few = market(min(SUBSET, n_partners), np.random.default_rng(1))
    allocated(*few, np.full(len(pairs[0]), 5), K)  # compiles
    congestion_prices(*few, K, len(few[0]), strength=0.2)  # compiles
    priced(pairs, n_partners)
    for capacity in capacities or (400, 100, 20, 10):
        print(f"capacity {capacity}")
        compared(pairs, np.full(n_partners, capacity))
        room = np.full(min(SUBSET, n_partners), capacity)
        total, others = compared(few, room)
        best = optimum(*few, room)
        print(
            f"         {len(room):,} partners: {1 - total / best:.5%} below the exact optimum "
            f"{best:.2f}, greedy {1 - others / best:.2%}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
