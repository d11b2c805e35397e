"""The tables of a scale benchmark, and the machine it ran on."""

import os
import platform
import sys
from pathlib import Path

import psutil
from growth import DASH, exponent, exponents_between, markdown, power_text, seconds_text

STAGES = ("synth", "check", "train", "recommend")
RANKED = "train + recommend"


class Report:
    """The figures so far, told again in full after every one."""

    def __init__(self, path):
        self.path = path
        self.stages = {}  # size -> stage -> cost
        self.contests = {}  # ecosystem -> what was asked
        self.rows = []  # ecosystem, method, cost, mark

    def say(self, *words):
        """Tell on stderr what was just measured, and keep the table."""
        print(*words, file=sys.stderr, flush=True)
        if self.path:
            self.path.write_text(str(self) + "\n", encoding="utf-8")

    def __str__(self):
        """Both tables, and the machine."""
        parts = [[machine()], self.by_stage(), self.powers(), self.by_method()]
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    def by_stage(self):
        """The table of sizes and stages."""
        header = ["partners", "stage", ">wall", ">CPU", ">peak memory", ">grows with size to the"]
        between = {stage: self.between(stage) for stage in (*STAGES, RANKED)}
        rows = [
            [f"{n:,}", stage, *cost_cells(cost), power_text(between[stage][n])]
            for n, costs in self.stages.items()
            for stage, cost in costs.items()
        ]
        return markdown(header, rows) if rows else []

    def series(self, stage):
        """Sizes at which a stage came to its end, and the seconds it took."""
        done = {n: costs.get(stage) for n, costs in self.stages.items()}
        return {n: cost.wall for n, cost in done.items() if cost and not cost.failure}

    def between(self, stage):
        """Exponent from the size before to each."""
        series = self.series(stage)
        told = exponents_between([*series], [*series.values()]) if series else []
        return dict.fromkeys(self.stages) | dict(zip(series, told, strict=False))

    def powers(self):
        """One line: exponents from 10,000 partners up."""
        told = {stage: exponent(*columns(self.series(stage))) for stage in (RANKED, *STAGES)}
        known = [f"{stage} {power:.2f}" for stage, power in told.items() if power is not None]
        line = f"From 10,000 partners up, time grows with size to the: {', '.join(known)}."
        return [line] if known else []

    def by_method(self):
        """The table of methods, ecosystem by ecosystem."""
        header = ["ecosystem", "method", ">wall", ">CPU", ">peak memory", ">nDCG@10", "remark"]
        rows = [
            [name, method, *cost_cells(cost), mark_text(mark), remark(cost)]
            for name, method, cost, mark in self.rows
        ]
        about = [
            f"{name}: as of {one['cutoff']}, {one['partners']:,} partners, {one['linked']:,} of "
            f"them in {one['pairs']:,} pairs that won together; {one['sources']:,} lists marked."
            for name, one in self.contests.items()
        ]
        return [*markdown(header, rows), "", *about] if rows else []


def columns(series):
    """Keys and values of a dict as two lists."""
    return [*series], [*series.values()]


def cost_cells(cost):
    """Wall time, CPU time and memory; dashes for what was not run."""
    if cost is None or not cost.wall:
        return [DASH] * 3
    wall, cpu = map(seconds_text, (cost.wall, cost.cpu))
    return [f"> {wall}" if cost.failure else wall, cpu, f"{cost.memory:.2f} GB"]


def remark(cost):
    """Why it came to nothing, in the words of one cell."""
    return cost.failure.replace("|", "/")[:80] if cost else ""


def mark_text(mark):
    """A mark, or a dash where there is none."""
    return DASH if mark is None else f"{mark:.3f}"


def machine():
    """What it all ran on, in one line."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), model)
    return (
        f"{os.cpu_count()} cores ({model}), {memory_here():.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def memory_here():
    """Gigabytes of the machine."""
    return psutil.virtual_memory().total / 2**30
