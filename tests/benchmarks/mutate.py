"""Mutate signals, ranking and lists, and list what the tests let pass.

    python tests/benchmarks/mutate.py --mutants 300 --seed 1 --first 0 --last 50

draws 300 mutants from all of the three folders, runs the first fifty, and prints every survivor
with its line before and after, and the share that was killed. Each mutant is one small change that
alters a value: another sign, constant, comparison, operator or side, a dropped term, an inverted
condition. It is made in a copy in a temporary folder; the tests of its module run first, then
those of its folder and the snapshots, then those of what builds on it, until one fails. On a busy
machine `--tests module --show` looks fast, and `--again` takes what that let pass further.

Neither mutmut 3 nor cosmic-ray fits: mutmut changes functions only, and so no constant of a module,
and wraps them in ways numba cannot compile; cosmic-ray runs one command for all mutants, knows no
arguments to swap, and would find loops compiled before. Mutants that no test can kill because they
change no value are listed in mutation/equivalent.toml with the reason, and are not drawn.
"""

import argparse
import random
import re
import tempfile
import tomllib
from collections import Counter
from itertools import islice
from pathlib import Path

from mutation.mutants import Mutant, mutants
from mutation.trials import Copy, tests_of, trial

ROOMS = ("signals", "ranking", "lists")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutants", type=int, default=300, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--first",
        type=int,
        default=0,
        help="number of the first to run; 0 also tries the tests unchanged",
    )
    parser.add_argument("--last", type=int, help="number after the last to run")
    parser.add_argument("--only", default="", help="part of the path of modules to mutate")
    parser.add_argument(
        "--limit", type=int, default=600, help="seconds of processor for one mutant"
    )
    parser.add_argument("--tests", choices=("module", "room", "all"), default="all")
    parser.add_argument("--again", type=Path, help="run the survivors of a report of --show")
    parser.add_argument("--show", action="store_true", help="print every mutant's end")
    return parser.parse_args()


class Package:
    """All mutants of a copy of the package, equivalent ones left out."""

    def __init__(self, root: Path, only: str) -> None:
        self.root = root
        folder = root / "ecosystem_graph"
        paths = [path for room in ROOMS for path in sorted((folder / room).rglob("*.py"))]
        self.mutants = [m for path in paths if only in str(path) for m in mutants(path)]
        listed = tomllib.loads((Path(__file__).parent / "mutation" / "equivalent.toml").read_text())
        self.equivalent = {
            (mutant["module"], mutant["before"], after)
            for mutant in listed["mutant"]
            for after in mutant["after"]
        }

    def key(self, mutant: Mutant) -> tuple[str, str, str]:
        return mutant.path.name, *mutant.change()

    def drawn(self, n: int, seed: int) -> list[Mutant]:
        """Some at random."""
        shuffled = random.Random(seed).sample(self.mutants, len(self.mutants))
        return list(islice((m for m in shuffled if self.key(m) not in self.equivalent), n))

    def survivors_in(self, report: str) -> list[Mutant]:
        """Those that survived in an earlier report, as far as their lines are still there."""
        told = re.findall(r"/(\w+\.py):\d+\n    - (.*)\n    \+ (.*)\n    \d+ s, SURVIVED", report)
        return [m for m in self.mutants if self.key(m) in set(told) - self.equivalent]


def main() -> None:
    asked = options()
    survivors, killers = [], Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        package = Package(copy.clean, asked.only)
        if asked.again:
            chosen = package.survivors_in(asked.again.read_text())
        else:
            chosen = package.drawn(asked.mutants, asked.seed)[asked.first : asked.last]
        if asked.first == 0 and not asked.again:
            check_unchanged(copy, asked.limit)
        for number, mutant in enumerate(chosen, asked.first):
            copy.apply(mutant)
            tests = tests_of(copy.clean, mutant.path, asked.tests)
            outcome = trial(copy.mutated, tests, asked.limit)
            report = f"  {number} {described(mutant, copy.clean)}"
            if asked.show:
                end = outcome.killed_by or "SURVIVED"
                print(report, f"    {outcome.seconds:.0f} s, {end}", sep="\n", flush=True)
            if outcome.killed_by:
                killers[outcome.killed_by.split("::")[0]] += 1
            else:
                survivors.append(report)
    print(f"\nkilled {len(chosen) - len(survivors)} of {len(chosen)}; by")
    for killer, times in killers.most_common():
        print(f"  {times:>4}  {killer}")
    print("\nsurvivors", *survivors or ["  none"], sep="\n")


def check_unchanged(copy: Copy, limit: int) -> None:
    """Stop if the tests fail without a mutation, for then every mutant would seem killed."""
    copy.restore()
    failing = trial(copy.mutated, [f"tests/{room}" for room in ROOMS], limit).killed_by
    if failing:
        raise SystemExit(f"Without a mutation the tests fail already: {failing}")


def described(mutant: Mutant, root: Path) -> str:
    before, after = mutant.change()
    return f"{mutant.path.relative_to(root)}:{mutant.line}\n    - {before}\n    + {after}"


if __name__ == "__main__":
    main()
