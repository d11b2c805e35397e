"""The commands as a program: exit codes, and the same bytes on any machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIO = {"wins": ["ann bob", "bob cy"]}
DAY = ("--as-of", "2025-01-01")


def program(*arguments, **environment):
    command = Path(sys.executable).parent / "ecosystem-graph"
    return subprocess.run(
        [command, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_the_program_tells_done_error_and_wrong_usage_apart(folder):
    data = folder(**TRIO)
    assert program("check", data).returncode == 0
    wrong = program("check", data / "nowhere")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("Error: no folder")
    assert program("check").returncode == 2


@pytest.mark.slow
def test_no_hash_seed_and_no_number_of_cores_changes_a_byte(rich, tmp_path):
    machines = {
        "one": {"PYTHONHASHSEED": "1", "LOKY_MAX_CPU_COUNT": "1", "POLARS_MAX_THREADS": "1"},
        "two": {"PYTHONHASHSEED": "2", "LOKY_MAX_CPU_COUNT": "2", "POLARS_MAX_THREADS": "2"},
    }
    for name, environment in machines.items():
        done = program("recommend", rich, *DAY, "--output", tmp_path / name, **environment)
        assert done.returncode == 0, done.stderr
    for name in ("recommendations.parquet", "run.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
