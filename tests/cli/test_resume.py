"""Runs that are killed, stopped or starved, in processes of their own."""

import random
import signal
import subprocess
import sys
from time import perf_counter, sleep

import polars as pl
import pytest

DAY = ("--as-of", "2025-01-01")

#: The command line with shards of five partners, so that there are many of them.
SMALL = """
import sys
from functools import partial
from ecosystem_graph import jobs
jobs.Output = partial(jobs.Output, shard_size=5)
from ecosystem_graph.cli import main
main()
"""


def begun(*arguments):
    words = [sys.executable, "-c", SMALL, *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def bytes_of(folder):
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "timings.json"
    }


def once_there(process, folder, pattern, count):
    """Wait until so many files are there, or the process has ended."""
    started = perf_counter()
    while process.poll() is None and len(list(folder.glob(pattern))) < count:
        assert perf_counter() - started < 60
        sleep(0.002)


def test_a_run_killed_again_and_again_ends_as_one_that_was_not(ask, rich, tmp_path):
    run = tmp_path / "run"
    asked = ("recommend", rich, *DAY, "--model", "default", "--quiet", "--output")
    words = (*asked, run)
    whole = begun(*asked, tmp_path / "whole")
    whole.communicate()
    rng = random.Random(0)
    moments = [("lists/*.npz", rng.randint(1, 6)), ("rows/*.arrow", rng.randint(1, 6))]
    for what, count in moments:
        process = begun(*words, "--resume")
        once_there(process, tmp_path, f".run.unfinished/*/{what}", count)
        sleep(rng.random() / 100)
        process.kill()
        process.communicate()
        assert not run.exists()
    final = begun(*words, "--resume")
    _, error = final.communicate()
    assert final.returncode == 0, error
    assert bytes_of(run) == bytes_of(tmp_path / "whole")
    assert {path.name for path in tmp_path.iterdir()} == {"run", "whole"}


def test_a_run_stopped_from_the_keyboard_says_how_it_goes_on(ask, rich, tmp_path):
    words = ("recommend", rich, *DAY, "--model", "default", "--output", tmp_path / "run")
    process = begun(*words)
    once_there(process, tmp_path, ".run.unfinished/*/lists/*.npz", 1)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    assert process.returncode == 130
    assert "stopped: use the same command with --resume to continue" in error
    assert "Traceback" not in error
    assert not (tmp_path / "run").exists()
    done = ask(*words, "--resume", "--overwrite")
    assert done.exit_code in (0, 1)  # in shards of another size it is another plan
    assert done.exit_code == 0 or "partners_in_a_shard: was 5, is 4096" in done.stderr


def test_a_run_that_got_its_name_and_died_is_finished(ask, rich, tmp_path, monkeypatch):
    words = ("recommend", rich, *DAY, "--model", "default", "--output", tmp_path / "run")
    with monkeypatch.context() as broken:
        broken.setattr("shutil.rmtree", lambda *_, **__: None)
        ask(*words)
    before = bytes_of(tmp_path / "run")
    assert len(list(tmp_path.iterdir())) == 2
    done = ask(*words, "--resume")
    assert done.exit_code == 0
    assert "is finished: nothing to resume" in done.stderr
    assert bytes_of(tmp_path / "run") == before
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


def test_each_stage_is_told_in_one_line(ask, rich, tmp_path):
    done = ask(
        "recommend", rich, *DAY, "--model", "default", "--output", tmp_path / "run", "--resume"
    )
    lines = [line for line in done.stderr.splitlines() if " at peak" in line]
    assert [line.split(":")[0] for line in lines] == [
        "reading the tables",
        "building the graph",
        "reading the model",
        "deriving signals",
        "ranking",
        "describing",
        "writing",
    ]
    assert "nothing to resume in" in done.stderr
    rows = pl.read_parquet(tmp_path / "run" / "recommendations.parquet").height
    assert lines[-1].endswith(f"MB at peak, {rows} rows")


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        (("synth", "{}/invented", "--partners", "20"), ["drawing partners", "writing tables"]),
        (("train", "{rich}", *DAY, "--output", "{}/model"), ["learning from the past"]),
        (("check", "{rich}"), ["checking"]),
    ],
)
def test_every_command_of_the_way_tells_its_stages_unless_quiet(ask, rich, tmp_path, words, stages):
    words = [word.format(tmp_path, rich=rich) for word in words]
    quiet = [word.replace(str(tmp_path), f"{tmp_path}/quiet") for word in words]
    told = [line.split(":")[0] for line in ask(*words).stderr.splitlines() if " at peak" in line]
    assert [stage for stage in told if stage in stages] == stages
    assert ask(*quiet, "--quiet").stderr == ""


def test_only_a_run_that_is_written_can_be_resumed(ask, rich):
    done = ask("recommend", rich, "--resume")
    assert done.exit_code == 2
    assert "needs --output" in done.stderr
