"""Attack the package with what nobody sane would hand it, and count what is not an answer.

    python tests/benchmarks/attack.py --inputs 100000 --models 2000 --ecosystems 1000 --seed 1

Needs the extra `test`. Inputs are tables that were corrupted on their way: as CSV in every dress,
as Parquet, or as dataframes. Each is checked and read; of some that are sound everything is asked.
Models are folders of the model that ships after an accident. Ecosystems are sound, of every odd
shape, and asked everything. A tally of answers and refusals comes first, then every kind of
failure: errors that are not the package's own, processes that crash or do not end, promises that do
not hold. Each comes with the numbers of some trials, of which

    python tests/benchmarks/attack.py --remake inputs 4711 --seed 1 --keep DIR

makes the trial again and keeps its files in DIR.
"""

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter

from attacks.trials import TRIALS, trial
from attacks.workers import outcomes

SHOWN = 5


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=0)
    parser.add_argument("--models", type=int, default=0)
    parser.add_argument("--ecosystems", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first trial")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=60, help="seconds a trial may take")
    parser.add_argument(
        "--share", type=float, default=0.05, help="of sound inputs asked everything"
    )
    parser.add_argument("--remake", nargs=2, metavar=("KIND", "NUMBER"))
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


def attack(kind, n, asked):
    """Run the trials of one kind, tell how they went; how many failed."""
    results, failures, started = Counter(), defaultdict(list), perf_counter()
    numbers = range(asked.first, asked.first + n)
    given = (asked.seed, numbers, asked.workers, asked.limit, asked.share)
    for number, outcome in outcomes(kind, *given):
        results[outcome.result] += 1
        if outcome.fault:
            failures[outcome.fault, outcome.place].append((number, outcome))
    took = perf_counter() - started
    print(f"\n{n:,} {kind}, seed {asked.seed}: {took:,.0f} s, {n / took:,.0f} a second")
    for result, times in results.most_common():
        print(f"  {times:>9,}  {result}")
    for (fault, place), hit in sorted(failures.items(), key=lambda item: -len(item[1])):
        print(f"\n{len(hit):,} x {fault}: {place}")
        for number, outcome in sorted(hit, key=lambda pair: pair[0])[:SHOWN]:
            print(f"    --remake {kind} {number}  {outcome.input[:200]!r}")
    return sum(map(len, failures.values()))


def main():
    asked = options()
    if asked.remake:
        kind, number = asked.remake
        outcome = trial(kind, asked.seed, int(number), asked.share, asked.keep)
        print(f"{outcome.result}: {outcome.place}\n{outcome.input[:3_000]}\n{outcome.trace}")
        return bool(outcome.fault)
    return bool(
        sum(attack(kind, getattr(asked, kind), asked) for kind in TRIALS if getattr(asked, kind))
    )


if __name__ == "__main__":
    sys.exit(main())
