import subprocess
import sys

import numpy as np
import pytest

from ecosystem_graph.jobs.stages import Stages, memory_of_all_processes

MEGABYTE = 1_000_000


def test_a_stage_ends_where_the_next_begins():
    with Stages() as stages:
        stages("first")
        stages.rows = 7
        stages("second")
        stages("second", 1, 2)
        stages("third", 1, 2)
    assert [(stage.name, stage.rows) for stage in stages.done] == [
        ("first", 7),
        ("second", None),
        ("third", None),
    ]


def test_what_is_told_while_a_stage_goes_on_is_passed_on():
    calls, ended = [], []
    with Stages(lambda *call: calls.append(call), ended.append) as stages:
        stages("first")
        stages("first", 1, 2)
    assert calls == [("first",), ("first", 1, 2)]
    assert [stage.name for stage in ended] == ["first"]


def test_the_peak_is_of_the_stage_it_was_in():
    with Stages() as stages:
        stages("little")
        stages("much")
        much = np.ones(40 * MEGABYTE)
        stages("after")
        del much
    little, much, _ = (stage.peak_memory_bytes for stage in stages.done)
    assert much - little > 250 * MEGABYTE


def test_memory_of_children_counts():
    code = "print(flush=True); input(); x = b'1' * 200_000_000; print(flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as child:
        child.stdout.readline()
        before = memory_of_all_processes()  # with the child: what is shared counts once in both
        child.stdin.write(b"\n")
        child.stdin.flush()
        child.stdout.readline()
        grown = memory_of_all_processes() - before
        child.communicate(b"\n")
    assert grown > 150 * MEGABYTE


def test_a_stage_that_fails_is_not_measured():
    stages = Stages()

    def fail():
        with stages:
            stages("first")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert stages.done == []


def test_progress_is_told_as_how_far_a_stage_is():
    calls = []
    with Stages(lambda *call: calls.append(call)) as stages:
        for stage in ("counting", "counting again"):
            stages(stage)
            for _ in range(2):
                stages(stage, 3, 6)
    assert calls == [
        ("counting",),
        ("counting", 3, 6),
        ("counting", 6, 6),
        ("counting again",),
        ("counting again", 3, 6),
        ("counting again", 6, 6),
    ]
