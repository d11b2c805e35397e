"""What it takes to rank an ecosystem of any size, beside other tools: `python scale.py`.

Two tables. The first: `synth`, `check`, `train` and `recommend` of the command line, each a process
of its own, at every size, and the power of the size that time grows with. The second: on what was
known a year before the last day on record, `train` and `recommend` beside tools a user could take
instead, each in its own process up to the size it can stand, with nDCG@10 of the lists for the same
1,500 partners against whom they won with in the year that followed; and the same on Horizon 2020 at
2018-01-01. Memory is the peak of all processes of a stage together (a page that several share
counted once), and time that of the whole process, reading the data included; other tools are handed
the graph ready made.

    python tests/benchmarks/scale.py --sizes 1000 10000 100000 1000000 --markdown scale.md

Needs the extra `benchmark`. PecanPy wants numpy 1: `--pecanpy-python PATH` names the interpreter of
an environment that has it (`pip install pecanpy 'numpy<2'`).
"""

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from tempfile import TemporaryDirectory

# Its parts stand beside this script, which is run by its path.
sys.path.insert(0, str(Path(__file__).parent))

from measuring import Cost, cost_of
from peers import PEERS
from scale_report import RANKED, Report, cost_cells, memory_here

HERE = Path(__file__).parent
OURS = "ecosystem-graph"
#: What marks are called of our own lists, and of those that keep to capacities as a run does.
SAME, PUBLISHED = "same question", "as published"
CLI = "from ecosystem_graph.cli import main; main()"


def command(*words):
    """A command of the package, run by this interpreter."""
    return [sys.executable, "-c", CLI, *map(str, words)]


def ranked(data, folder, limit, as_of=()):
    """Costs of training and of recommending; the latter after the former, if that went well."""
    model, run = folder / "model", folder / "run"
    costs = {
        "train": cost_of(command("train", data, "--output", model, "--quiet", *as_of), **limit)
    }
    if not costs["train"].failure:
        words = ("recommend", data, "--model", model, "--output", run, "--quiet", *as_of)
        costs["recommend"] = cost_of(command(*words), **limit)
    return costs


def staged(n_partners, folder, limit, report):
    """Run every stage at a size; true if all went well."""
    data = folder / "data"
    costs = report.stages[n_partners] = {}

    def told(stage, cost):
        costs[stage] = cost
        report.say(f"{n_partners:,} partners, {stage}:", *cost_cells(cost), cost.failure)

    told("synth", cost_of(command("synth", data, "--partners", n_partners, "--quiet"), **limit))
    if not costs["synth"].failure:
        told("check", cost_of(command("check", data, "--quiet"), **limit))
        for stage, cost in ranked(data, folder, limit).items():
            told(stage, cost)
    if "recommend" in costs:
        told(RANKED, costs["train"] + costs["recommend"])
    return not any(cost.failure for cost in costs.values())


def contested(name, data, folder, asked, report, gave_up, cutoff=()):
    """Put one exam to the package and to its peers, and mark the answers."""
    memory = {"gigabytes": asked.gigabytes}
    exam = [sys.executable, str(HERE / "same_exam.py")]
    put = cost_of([*exam, "ask", str(data), str(folder), *cutoff], **memory)
    if put.failure:
        report.say(f"{name}: no exam, {put.failure}")
        return
    told = report.contests[name] = json.loads((folder / "exam.json").read_text())
    own = ranked(data, folder, memory, ("--as-of", told["cutoff"])).values()
    costs = {OURS: sum(own, start=Cost(0, 0, 0))}
    report.say(f"{name}, {OURS}:", *cost_cells(costs[OURS]), costs[OURS].failure)
    for peer in PEERS if asked.peers else ():
        costs[peer] = answered(peer, folder, asked, gave_up.get(peer))
        if costs[peer].failure:
            gave_up.setdefault(peer, f"not run: {costs[peer].failure} at {name}")
        report.say(f"{name}, {peer}:", *cost_cells(costs[peer]), costs[peer].failure)
    marked = cost_of([*exam, "mark", str(folder)], **memory)
    marks = {} if marked.failure else json.loads((folder / "marks.json").read_text())
    for method, cost in costs.items():
        mark = marks.get(SAME if method == OURS else method)
        report.rows.append((name, method, cost, mark))
    report.rows.append((name, f"{OURS}, {PUBLISHED}", None, marks.get(PUBLISHED)))
    report.say(f"{name}, nDCG@10:", marked.failure or marks)


def answered(peer, folder, asked, reason):
    """Cost of a peer's answer, or the reason it is not asked."""
    if reason:
        return Cost(0, 0, 0, reason)
    python = asked.pecanpy_python if peer.startswith("PecanPy") else sys.executable
    words = [HERE / "peers.py", peer, folder / "question.npz", folder / f"{peer}.npy"]
    limit = {"seconds": 60 * asked.minutes, "gigabytes": asked.gigabytes}
    return cost_of([python, *map(str, words)], **limit)


def arguments():
    """What was asked for on the command line."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [1_000, 10_000, 100_000, 1_000_000]
    parser.add_argument("--sizes", type=int, nargs="*", default=sizes, help="partners")
    parser.add_argument("--peers", action=BooleanOptionalAction, default=True)
    parser.add_argument("--real", action=BooleanOptionalAction, default=True, help="Horizon 2020")
    parser.add_argument("--minutes", type=float, default=15, help="a peer's time limit")
    parser.add_argument(
        "--gigabytes", type=float, default=0.9 * memory_here(), help="everybody's memory limit"
    )
    parser.add_argument("--pecanpy-python", default=sys.executable, metavar="PATH")
    parser.add_argument("--folder", type=Path, help="where to work; by default the system's place")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there too")
    return parser.parse_args()


def main():
    """Print both tables."""
    asked, gave_up = arguments(), {}
    report, limit = Report(asked.markdown), {"gigabytes": asked.gigabytes}
    with TemporaryDirectory(dir=asked.folder) as work:
        staged(500, new_folder(work, "warm"), limit, Report(None))  # compiles
        for size in sorted(asked.sizes):
            folder = new_folder(work, str(size))
            if not staged(size, folder, limit, report):
                break
            then = new_folder(work, f"{size}-then")
            contested(f"synthetic, {size:,}", folder / "data", then, asked, report, gave_up)
        if asked.real:
            folder = new_folder(work, "real")
            contested("horizon2020", "horizon2020", folder, asked, report, {}, ["2018-01-01"])
    print(report)


def new_folder(work, name):
    """An empty folder."""
    folder = Path(work) / name
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
