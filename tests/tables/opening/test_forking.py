import subprocess
import sys

import pytest

#: Works on tables in a process, in a child forked from it, or in both.
PROGRAM = """
import os, sys, warnings
warnings.simplefilter("ignore")
import polars as pl
import ecosystem_graph as eg
from ecosystem_graph.errors import ForkedError

frames = {{
    "partners": pl.DataFrame({{"partner_id": ["a", "b"], "name": ["A", "B"]}}),
    "partner_capabilities": pl.DataFrame({{"partner_id": ["a"], "capability_id": ["x"]}}),
}}
{before}
child = os.fork()
if not child:
    try:
        {inside}
    except ForkedError as error:
        print(error, flush=True)
        os._exit(3)
    os._exit(0)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""
GRAPH = 'graph = eg.EcosystemGraph.from_tables(eg.read_tables(frames), "2025-01-01")'
READ = "tables = eg.read_tables(frames)"


def ended(before, inside):
    program = PROGRAM.format(before=before, inside=inside)
    return subprocess.run(
        [sys.executable, "-c", program], timeout=60, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        (READ, READ),
        (READ, 'eg.EcosystemGraph.from_tables(tables, "2025-01-01")'),
        (READ, 'eg.Recommender().fit(tables, "2025-01-01")'),
        (GRAPH, 'eg.Recommender.load("default").recommend(graph)'),
        (GRAPH, 'eg.Recommender.load("default").explain(graph, "a", "b")'),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_forked_from_one_that_worked_on_tables_says_so_and_does_not_wait(before, inside):
    done = ended(before, inside)
    assert done.returncode == 3, done.stderr
    assert "forked from one that had worked on tables" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_forked_before_any_table_was_read_works():
    done = ended("", f"{GRAPH}; eg.Recommender.load('default').recommend(graph)")
    assert done.returncode == 0, done.stderr
