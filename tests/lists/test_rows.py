import numpy as np
import polars as pl
import pytest

from ecosystem_graph.lists.ranked_lists import RankedLists
from ecosystem_graph.lists.rows import empty_rows, rows
from ecosystem_graph.signals import GraphFeatures, PairFeatures


def row_of(graph, partner, collaborator):
    """What an answer says about one pair."""
    sources, targets = graph.index.positions([partner, collaborator]).reshape(2, 1)
    new = np.array([False])
    ranked = RankedLists(sources, targets, np.array([1], dtype=np.int32), np.array([-1.5]), new)
    return rows(GraphFeatures(graph), ranked).row(0, named=True)


def test_a_row_says_who_brings_what_and_why(make_graph):
    graph = make_graph(
        wins=["ann bob cy", "bob cy dan", "bob dan"],
        partners={"bob": {"name": "Bob Ltd"}},
        capabilities={"crm": {}, "erp": {}, "iam": {"name": "Identity"}},
        deal_requirements={"d-1": "crm iam", "d-2": "erp iam"},
        partner_capabilities={"ann": {"crm": "certified"}, "dan": {"erp": "certified"}},
    )
    told = row_of(graph, "ann", "dan")
    assert told["partner_id"] == "ann"
    assert told["rank"] == 1
    assert told["collaborator_id"] == "dan"
    assert told["score"] == -1.5
    assert told["gaps_filled"] == ["erp"]
    assert told["brings"] == ["crm"]
    assert 0 < told["gain"] <= 1
    assert told["evidence"] == [
        "2 shared collaborators: Bob Ltd, cy",
        "both win deals asking for Identity",
        "2 deals won",
    ]
    assert told["flags"] == []


def test_what_a_pair_won_together_comes_first(make_graph):
    graph = make_graph(wins=["ann bob", "ann bob", "ann"])
    assert row_of(graph, "bob", "ann")["evidence"] == ["2 joint wins so far", "3 deals won"]
    assert row_of(make_graph(wins=["ann bob"]), "bob", "ann")["evidence"] == [
        "1 joint win so far",
        "1 deal won",
    ]


def test_who_has_never_won_with_anybody_is_flagged(make_graph):
    graph = make_graph(partners="dan", wins=["ann bob", "cy"])
    assert row_of(graph, "ann", "dan")["flags"] == ["no_joint_win_yet"]
    assert row_of(graph, "ann", "cy")["flags"] == ["no_joint_win_yet"]
    assert row_of(graph, "dan", "ann")["flags"] == []


def test_columns_that_the_tables_say_nothing_about_are_absent(make_graph):
    told = row_of(make_graph(partners="ann bob"), "ann", "bob")
    who = ["partner_id", "rank", "collaborator_id", "partner_name", "collaborator_name"]
    assert list(told) == [*who, "score", "evidence", "flags"]


@pytest.mark.parametrize("requirements", [{}, {"d-1": "crm"}])
def test_no_rows_have_the_columns_of_rows(make_graph, requirements):
    features = GraphFeatures(make_graph(wins=["ann bob"], deal_requirements=requirements))
    nobody, here = empty_rows(features), np.array([0])
    zero = here.astype(float)
    some = rows(features, RankedLists(here, here + 1, here.astype(np.int32), zero, here > 0))
    assert nobody.height == 0
    assert nobody.schema == some.schema
    assert nobody.schema["evidence"] == pl.List(pl.String)


def test_numbers_about_a_pair_are_those_of_its_signals(make_graph):
    graph = make_graph(
        wins=["ann cy", "cy bob"],
        offerings={"ann": ["vpn"], "bob": ["vpn"]},
        csat=[{"partner_id": "bob", "score": 5.0}, {"partner_id": "ann", "score": 3.0}],
    )
    told, features = row_of(graph, "ann", "bob"), GraphFeatures(graph)
    pair = PairFeatures(features, *graph.index.positions(["ann", "bob"]).reshape(2, 1))
    bob = graph.index.position("bob")
    assert told["competition"] == pair.competition[0] > 0.6
    assert "competition rests on 1 line of business on record" in told["evidence"]
    assert told["contested"] == ["vpn"]
    assert told["trust"] == pair.trust[0] > features.relationships.prior.mean
    assert 0 < told["trust_n"] < 1
    assert told["satisfaction"] == features.satisfaction.mean[bob]
    assert told["satisfaction_low"] == features.satisfaction.low[bob] < told["satisfaction"]
    assert told["satisfaction_n"] == 1
    assert told["flags"] == ["head_on_rival"]


def test_who_no_customer_spoke_of_is_flagged_with_the_mean_of_its_peers(make_graph):
    graph = make_graph(partners="bob", csat=[{"partner_id": "ann"}])
    told = row_of(graph, "ann", "bob")
    assert told["satisfaction_n"] == 0
    assert 0 < told["satisfaction"] < 1
    assert told["flags"] == ["no_joint_win_yet", "no_answers_yet"]


def test_who_stood_on_opposite_sides_of_a_tender_is_flagged(make_graph):
    graph = make_graph(
        deals={"won": {"customer_id": "c"}, "lost": {"customer_id": "c", "outcome": "lost"}},
        deal_partners={"won": ["ann", "cy"], "lost": ["bob"]},
        deal_requirements={"won": "crm", "lost": "crm"},
    )
    assert "opposite_sides" in row_of(graph, "bob", "ann")["flags"]
