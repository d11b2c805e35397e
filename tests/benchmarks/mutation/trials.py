"""A mutant is tried: tests run on a copy of the package until one fails."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numba  # noqa: F401  imported once, here: every trial is a fork of this process
import numpy  # noqa: F401
import pytest
import scipy.sparse  # noqa: F401
import sklearn.linear_model  # noqa: F401

from .mutants import Mutant

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 8 << 30


@dataclass(frozen=True)
class Outcome:
    """What killed a mutant (empty for a survivor) and how long that took."""

    killed_by: str
    seconds: float


class Copy:
    """A copy of the checkout in which one module at a time is mutated.

    Compiled loops are kept next to the modules, and a caller keeps the loops it calls: whatever may
    hold a mutated loop is compiled anew.
    """

    def __init__(self, folder: Path) -> None:
        self.clean, self.mutated = folder / "clean", folder / "mutated"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True)
        for name in filter(None, names.stdout.split("\0")):
            (self.clean / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.clean / name)
        for compiled in ROOT.glob("ecosystem_graph/**/__pycache__"):
            shutil.copytree(compiled, self.clean / compiled.relative_to(ROOT))

    def restore(self) -> None:
        shutil.rmtree(self.mutated, ignore_errors=True)
        shutil.copytree(self.clean, self.mutated, copy_function=os.link)

    def apply(self, mutant: Mutant) -> None:
        self.restore()
        module = self.mutated / mutant.path.relative_to(self.clean)
        module.unlink()
        module.write_bytes(mutant.source())
        for stem in {module.stem, *self._callers(module.stem)}:
            for compiled in self.mutated.glob(f"ecosystem_graph/**/__pycache__/{stem}.*"):
                compiled.unlink()

    def _callers(self, stem: str) -> set[str]:
        """Modules with compiled loops that import the module, or a module that does."""
        found, waiting = set(), [stem]
        while waiting:
            name = waiting.pop()
            for path in self.clean.glob("ecosystem_graph/**/*.py"):
                text = path.read_text()
                imports = f".{name} import" in text or f"import {name}\n" in text
                if imports and "arrays.jit import" in text and path.stem not in found:
                    found.add(path.stem)
                    waiting.append(path.stem)
        return found


def tests_of(root: Path, module: Path, reach: str) -> list[str]:
    """Paths of the tests a mutant of the module meets, the quick and near ones first.

    Parameters
    ----------
    root, module : Path
    reach : {"module", "room", "all"}
        The module's own tests; those of its room and the snapshots too; or what builds on it too.
    """
    folder = module.parent.relative_to(root / "ecosystem_graph")
    room = folder.parts[0]
    paths = [
        str(module.relative_to(root)),
        f"tests/{folder}/test_{module.stem}.py",
        f"tests/{room}/test_values.py",
    ]
    if reach != "module":
        paths.append("tests/snapshots")
        paths += sorted(str(p.relative_to(root)) for p in root.glob(f"tests/{room}/**/test_*.py"))
    if reach == "all":
        paths += [
            f"tests/{r}" for r in ("lists", "ranking", "signals", "recommending") if r != room
        ]
    return [path for path in dict.fromkeys(paths) if (root / path).exists()]


class _Watch:
    """Notes the test that failed, and has hypothesis find a failure without making it small."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_sessionstart(self) -> None:
        from hypothesis import Phase, settings  # not before pytest could rewrite its plugin

        quick = {"phases": [Phase.explicit, Phase.generate], "database": None}
        settings.register_profile("mutation", settings(), derandomize=True, **quick)
        settings.load_profile("mutation")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or f"import of {report.nodeid}"


def trial(folder: Path, tests: list[str], limit: int) -> Outcome:
    """Run the tests in a folder until one fails, in a process with so many seconds of processor.

    A mutant that never ends is killed by the limit, as it would be by whoever waits for it.
    """
    note, started = folder.parent / "killed_by", monotonic()
    note.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        _run(folder, tests, note, limit)
    _, status = os.waitpid(child, 0)
    seconds = monotonic() - started
    if os.WIFSIGNALED(status):
        return Outcome(f"signal {signal.Signals(os.WTERMSIG(status)).name}", seconds)
    return Outcome(note.read_text(), seconds)


def _run(folder: Path, tests: list[str], note: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    signal.alarm(10 * limit)  # one that waits uses no processor
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    log = os.open(folder.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    sys.path.insert(0, str(folder))
    watch, code = _Watch(), 1
    try:
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests], plugins=[watch]))
        survived = code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        note.write_text("" if survived else watch.failed or f"pytest, code {code}")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
