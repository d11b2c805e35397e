"""Whose lists new events touch."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, load_dataset
from ecosystem_graph.jobs import run
from ecosystem_graph.recommending import Request
from ecosystem_graph.recommending.requests.changed import changed_since

AS_OF, DAY = date(2025, 1, 1), date(2024, 12, 1)


@pytest.fixture(scope="module")
def demo():
    return load_dataset("channel-demo")


def names(graph, positions):
    return graph.index.ids[positions].tolist()


def test_a_new_deal_touches_its_members_and_those_they_work_with(make_tables):
    tables = make_tables(
        wins=["ann bob", "bob cal", "cal dan"],
        deals={"d-1": {"closed_on": "2024-12-05"}},
    )
    graph = EcosystemGraph.from_tables(tables, AS_OF)
    assert names(graph, changed_since(graph, tables, DAY)) == ["ann", "bob", "cal"]
    assert names(graph, changed_since(graph, tables, date(2024, 12, 6))) == []
    earlier = EcosystemGraph.from_tables(tables, "2024-12-05")
    assert names(earlier, changed_since(earlier, tables, DAY)) == []


@pytest.mark.parametrize(
    ("deal", "changed"),
    [
        ({"outcome": "open", "closed_on": "2024-12-05"}, []),
        ({"outcome": "open", "opened_on": "2024-12-05"}, ["ann", "bob"]),
    ],
)
def test_the_day_an_open_deal_is_expected_to_close_is_no_event(make_tables, deal, changed):
    tables = make_tables(wins={"d": "ann bob", "e": "cy"}, deals={"d": deal})
    graph = EcosystemGraph.from_tables(tables, AS_OF)
    assert names(graph, changed_since(graph, tables, DAY)) == changed


def test_every_kind_of_event_counts(demo):
    graph = EcosystemGraph.from_tables(demo, AS_OF)
    answered = demo["csat"].filter(
        (pl.col("responded_on") >= DAY) & (pl.col("responded_on") < AS_OF)
    )
    begun = demo["partner_capabilities"].filter(
        (pl.col("valid_from") >= DAY) & (pl.col("valid_from") < AS_OF)
    )
    touched = set(names(graph, changed_since(graph, demo, DAY)))
    for rows in (answered, begun):
        assert rows.height
        assert set(rows["partner_id"]) & set(graph.index.ids) <= touched
    assert len(touched) < graph.n_partners


@pytest.mark.slow
def test_lists_made_anew_are_those_of_a_full_run(demo):
    whole = demo.replaced(
        {"partners": demo["partners"].with_columns(intro_capacity=pl.lit(None, pl.Int64))}
    )
    full = run(whole, as_of=AS_OF, model="default")
    anew = run(whole, Request(changed_since=DAY), as_of=AS_OF, model="default")
    asked = anew.record["parameters"]["partners"]
    assert 0 < anew.recommendations["partner_id"].n_unique() < 2_000
    assert anew.recommendations.equals(
        full.recommendations.filter(pl.col("partner_id").is_in(asked))
    )
    assert anew.record["parameters"]["changed_since"] == "2024-12-01"
    assert np.isin(anew.recommendations["partner_id"].unique(), asked).all()


def test_partners_are_named_in_one_way(demo):
    with pytest.raises(ValueError, match="changed_since"):
        run(demo, Request(partners=["p-0001"], changed_since=DAY), as_of=AS_OF)
