"""Compiling is a stage of its own, and done once."""

from datetime import date

import pytest

from ecosystem_graph.jobs import compiling, run
from ecosystem_graph.jobs import recommend_job as batch


@pytest.fixture
def cold(monkeypatch):
    """A process that finds no machine code."""
    done = []
    monkeypatch.setattr(batch, "is_compiled", lambda: bool(done))
    monkeypatch.setattr(batch, "compile_loops", lambda: done.append("compiled"))
    return done


def test_the_first_run_compiles_in_a_stage_of_its_own_and_the_second_does_not(cold, make_tables):
    ask = {"as_of": date(2025, 1, 1), "model": "default"}
    tables = make_tables(wins=["ann bob", "bob cy"])
    first = list(run(tables, **ask).timings)
    assert first[0] == "compiling (first run only)"
    assert list(run(tables, **ask).timings) == first[1:]
    assert cold == ["compiled"]


def test_where_nothing_can_be_kept_it_is_said(cold, make_tables, monkeypatch):
    monkeypatch.setattr(batch, "code_folder", lambda: None)
    done = run(make_tables(wins=["ann bob"]), as_of=date(2025, 1, 1), model="default")
    assert next(iter(done.timings)) == "compiling (nowhere to keep it)"


def test_what_was_compiled_is_found_again(monkeypatch, tmp_path):
    compiling.compile_loops()
    assert compiling.is_compiled()

    class Unused:
        py_func, signatures = compiling._LOOP.py_func, ()

        class stats:
            cache_path = compiling._LOOP.stats.cache_path

    monkeypatch.setattr(compiling, "_LOOP", Unused)
    assert compiling.is_compiled()
    monkeypatch.setattr(Unused.stats, "cache_path", str(tmp_path))
    assert not compiling.is_compiled()
    monkeypatch.setattr(Unused.stats, "cache_path", None)
    assert not compiling.is_compiled()
    assert compiling.code_folder() is None
