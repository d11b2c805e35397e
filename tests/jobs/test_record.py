"""The record of a run: an id that follows from what it says, wherever its inputs lie."""

import pytest

from ecosystem_graph.jobs.record import known_left_out, sealed_record

MODEL = {"name": "models/acme", "why": "asked for"}


@pytest.fixture
def sealed(make_tables, make_graph):
    tables, graph = make_tables(wins=["ann bob"]), make_graph(wins=["ann bob"])

    def sealed(parameters=(), model=MODEL, source="acme", **facts):
        made = tables.replaced({}, source=source)
        return sealed_record(made, graph, dict(parameters), model, counts={}, left_out={}, **facts)

    return sealed


def test_the_id_is_of_everything_but_where_things_lie(sealed):
    record = sealed()
    assert len(record["run_id"]) == 16
    assert sealed(source="elsewhere")["run_id"] == record["run_id"]
    assert sealed(model={**MODEL, "name": "moved"})["run_id"] == record["run_id"]
    others = [
        sealed({"k": 3}),
        sealed(model={**MODEL, "weights": "0123"}),
        sealed(exposure={"gini": 0.5}),
    ]
    assert len({record["run_id"], *(other["run_id"] for other in others)}) == 4


def test_a_record_begins_with_its_id_and_its_schema(sealed):
    assert list(sealed())[:4] == ["run_id", "schema", "source", "as_of"]


def test_what_filters_and_tables_left_out_is_counted_by_reason(make_tables, make_graph):
    rows = {
        "wins": ["ann bob"],
        "deals": {"gone": {"outcome": "withdrawn"}, "bare": {"outcome": "lost"}},
        "restrictions": {"ann": {"cy": "do_not_pair"}},
        "partners": "cy",
    }
    graph = make_graph(**rows)
    from ecosystem_graph.graph import Eligibility

    counts = known_left_out(make_tables(**rows), graph, Eligibility.from_graph(graph))
    assert counts["withdrawn deals"] == 1
    assert counts["deals without a partner (they tell of demand alone)"] == 1
