"""Runs spread over other processes: the same bytes, whoever dies."""

import os
import signal
import subprocess
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError
from threading import Thread
from time import sleep

import polars as pl
import pytest
from dask import config as dask_config
from distributed import Client, LocalCluster

from ecosystem_graph.errors import OutputError
from ecosystem_graph.jobs import Backend, Output, run
from ecosystem_graph.jobs.backend import check_versions
from ecosystem_graph.jobs.recommend_job import THIS_PROCESS
from ecosystem_graph.recommending import Request

AS_OF = date(2025, 1, 1)


@pytest.fixture
def written(taught, tmp_path):
    """Write a run on five circles of ten, in shards of four partners: thirteen of them."""

    def written(name, backend=THIS_PROCESS, model=None, resume=False, **how):
        output = Output(tmp_path / name, resume=resume, shard_size=4)
        request = Request.of(k=3, **how)
        run(taught, request, as_of=AS_OF, model=model, output=output, backend=backend)
        return bytes_of(tmp_path / name)

    return written


def bytes_of(folder):
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "timings.json"
    }


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.fixture
def dask(cluster):
    return Backend("dask", cluster.scheduler_address)


ASKED = {
    "learnt here": {},
    "some, and known as well": {"partners": ["a1", "d3", "e5"], "include_known": True},
    "shared out": {"capacity": 2, "diverse": True},
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_cluster_gives_the_bytes_of_one_machine(written, dask, tmp_path, asked):
    assert written("cluster", dask, **asked) == written("here", **asked)
    assert {path.name for path in tmp_path.iterdir()} == {"cluster", "here"}


@pytest.mark.parametrize("what", ["lists", "rows"])
def test_a_worker_that_is_killed_loses_nothing(written, dask, cluster, tmp_path, what):
    with Client(cluster) as client:
        client.wait_for_workers(2)
        victim = min(client.run(os.getpid).values())
    killed = []

    def kill():
        while not list(tmp_path.glob(f".cluster.unfinished/*/{what}/*")):
            sleep(0.001)
        os.kill(victim, signal.SIGKILL)
        killed.append(victim)

    killer = Thread(target=kill, daemon=True)
    killer.start()
    made = written("cluster", dask)
    killer.join(10)
    assert killed
    assert made == written("here")


def test_what_a_cluster_began_one_machine_ends(written, dask, tmp_path, monkeypatch):
    whole = written("here")
    with monkeypatch.context() as broken:
        broken.setattr("ecosystem_graph.jobs.shards.Shards.settle", None)
        with pytest.raises(TypeError):
            written("run", dask)
    with monkeypatch.context() as broken:
        broken.setattr("ecosystem_graph.jobs.shards.Shards.rank", None)
        assert written("run", resume=True) == whole


def test_what_one_machine_began_a_cluster_ends(written, dask, monkeypatch):
    whole = written("here")
    with monkeypatch.context() as broken:
        broken.setattr("ecosystem_graph.jobs.shards.Shards.describe", None)
        with pytest.raises(TypeError):
            written("run")
    assert written("run", dask, resume=True) == whole


def test_shards_can_be_kept_in_a_folder_that_all_reach(written, dask, tmp_path):
    shared = Backend("dask", dask.scheduler, tmp_path / "shared")
    assert written("cluster", shared) == written("here")
    assert list((tmp_path / "shared").iterdir()) == []


#: A run in a process of its own, with which those that joblib keeps end.
PROGRAM = """
import sys
from datetime import date
from pathlib import Path
from ecosystem_graph import read_tables
from ecosystem_graph.jobs import Backend, Output, run
from ecosystem_graph.recommending import Request

tables, target, backend = sys.argv[1:]
asked = {"as_of": date(2025, 1, 1), "model": "default", "backend": Backend(backend)}
run(read_tables(tables), Request.of(k=6), output=Output(Path(target), shard_size=16), **asked)
"""


def test_processes_on_this_machine_give_the_same_bytes_and_follow_the_ledger(met, tmp_path):
    tables, met_pairs = met
    (tmp_path / "tables").mkdir()
    for name in tables.provided:
        tables[name].write_parquet(tmp_path / "tables" / f"{name}.parquet")
    for backend in ("loky", "threads"):
        words = [tmp_path / "tables", tmp_path / backend, backend]
        subprocess.run([sys.executable, "-c", PROGRAM, *words], check=True)
    assert bytes_of(tmp_path / "loky") == bytes_of(tmp_path / "threads")
    listed = pl.read_parquet(tmp_path / "loky" / "recommendations.parquet")
    pairs = {frozenset(row) for row in listed["partner_id", "collaborator_id"].iter_rows()}
    assert pairs & met_pairs == {frozenset(("e2", "e4"))}  # lost years ago


def test_a_scheduler_that_is_not_there_is_told(written):
    with (
        pytest.raises(
            OutputError,
            match=r"cannot reach the backend dask: .*Check the address of its scheduler",
        ),
        dask_config.set({"distributed.comm.timeouts.connect": "1s"}),
    ):
        written("run", Backend("dask", "tcp://127.0.0.1:1"), model="default")


class Elsewhere:
    """A cluster of two workers, an old one and one without the package."""

    def run(self, *_, **__):
        return {"tcp://b:2": PackageNotFoundError("ecosystem-graph"), "tcp://a:1": "0.0.1"}


def test_workers_of_another_version_are_refused():
    with pytest.raises(OutputError, match=r"(?s)workers must have .*a:1: 0\.0\.1.*b:2: not inst"):
        check_versions(Elsewhere())


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"backend": "multiprocessing"}, "backend must be one of .*Got 'multiprocessing'"),
        ({"backend": "spark"}, "backend must be one of dask, loky, .*threads. Got 'spark'"),
        ({"scheduler": "tcp://here:1"}, "scheduler is for the backend dask. Got it with 'threads'"),
    ],
)
def test_who_cannot_be_reached_is_refused(how, message):
    with pytest.raises(ValueError, match=message):
        Backend(**how)
