"""What a command costs: wall time, CPU time and peak memory of all its processes together."""

import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from time import perf_counter, sleep

import psutil

#: Seconds between two looks at the clock; those at the memory take a tenth of the time, no more.
PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of all cores, gigabytes at the worst moment, why it came to nothing.

    `failure` is empty if the command did its work.
    """

    wall: float
    cpu: float
    memory: float
    failure: str = ""

    def __add__(self, then):
        """The cost of one after the other."""
        return Cost(
            self.wall + then.wall,
            self.cpu + then.cpu,
            max(self.memory, then.memory),
            self.failure or then.failure,
        )


def cost_of(command, *, seconds=float("inf"), gigabytes=float("inf")):
    """Run a command to its end, or to a limit of time or memory, and say what it took."""
    with tempfile.TemporaryFile() as errors:
        started = perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        watched = Watched(process.pid)
        over, status, due = "", None, started
        while status is None:
            now = perf_counter()
            if now >= due and not over:
                watched.look()
                due = perf_counter() + 9 * (perf_counter() - now)
                over = limit_passed(now - started, seconds, watched.peak, gigabytes)
            if over:
                watched.end()
            sleep(PAUSE)
            status, usage = ended(process)
        wall = perf_counter() - started
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines()
    failure = over or ("" if status == 0 else (lines or [f"exit status {status}"])[-1])
    # The system counts what ended between two looks; a look, what nobody waited for.
    cpu = max(usage.ru_utime + usage.ru_stime, watched.cpu)
    return Cost(wall, cpu, max(watched.peak, largest_of(usage)), failure)


def largest_of(usage):
    """Gigabytes a process held at most, or 0 where that says more of the process that began it.

    A new process begins with the peak of the one it was forked from.
    """
    inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**30 if sys.platform == "darwin" else 2**20
    return usage.ru_maxrss / unit if usage.ru_maxrss > inherited else 0.0


def limit_passed(wall, seconds, memory, gigabytes):
    """Which limit a command is over; empty within both."""
    if wall > seconds:
        return f"over {seconds / 60:g} min"
    return f"over {gigabytes:.3g} GB" if memory > gigabytes else ""


def ended(process):
    """Exit status of a process and of what it used, or None and None while it runs."""
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    if not pid:
        return None, None
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage


class Watched:
    """A process and those it started: the peak of their memory, and the CPU time of each."""

    def __init__(self, pid):
        self.root = psutil.Process(pid)
        self.peak = 0.0
        self._seconds = {}

    @property
    def cpu(self):
        """Seconds of all processes that were ever seen."""
        return sum(self._seconds.values())

    def look(self):
        """Take down what the processes hold and have used by now."""
        total = 0
        for process in self.family():
            try:
                total += held(process)
                times = process.cpu_times()
                self._seconds[process.pid] = times.user + times.system
            except psutil.Error:
                continue
        self.peak = max(self.peak, total / 2**30)

    def family(self):
        """The process and its descendants, as far as they are alive."""
        try:
            return [self.root, *self.root.children(recursive=True)]
        except psutil.Error:
            return []

    def end(self):
        """Stop the process and its descendants at once."""
        for process in self.family():
            try:
                process.kill()
            except psutil.Error:
                continue


def held(process):
    """Bytes a process holds, a page shared by several counted in parts where the system tells."""
    memory = process.memory_full_info()
    return getattr(memory, "pss", memory.rss)
