from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.lists.results.rows import empty_rows, rows
from ecosystem_graph.ranking import Probability
from ecosystem_graph.ranking.value.accepting import constant_acceptance
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.ranking.value.winning import assumed_winning
from ecosystem_graph.signals import GraphFeatures, PairFeatures


def row_of(graph, partner, collaborator):
    """The row of one pair."""
    sources, targets = graph.index.positions([partner, collaborator]).reshape(2, 1)
    new = np.array([False])
    ranked = RankedLists(sources, targets, np.array([1], dtype=np.int32), np.array([-1.5]), new)
    return rows(GraphFeatures(graph), ranked).row(0, named=True)


def test_a_row_holds_both_partners_what_each_brings_and_the_evidence(make_graph):
    graph = make_graph(
        wins=["ann bob cy", "bob cy dan", "bob dan"],
        partners={"bob": {"name": "Bob Ltd"}},
        capabilities={"crm": {}, "erp": {}, "iam": {"name": "Identity"}},
        deal_requirements={"d-1": "crm iam", "d-2": "erp iam"},
        partner_capabilities={"ann": {"crm": "certified"}, "dan": {"erp": "certified"}},
    )
    row = row_of(graph, "ann", "dan")
    assert row["partner_id"] == "ann"
    assert row["rank"] == 1
    assert row["collaborator_id"] == "dan"
    assert row["score"] == -1.5
    assert row["gaps_filled"] == ["erp"]
    assert row["brings"] == ["crm"]
    assert 0 < row["gain"] <= 1
    assert row["evidence"] == [
        "2 shared collaborators: Bob Ltd, cy",
        "both win deals asking for Identity",
        "2 deals won",
    ]
    assert row["flags"] == []


def test_what_a_pair_won_together_comes_first(make_graph):
    graph = make_graph(wins=["ann bob", "ann bob", "ann"])
    assert row_of(graph, "bob", "ann")["evidence"] == ["2 joint wins so far", "3 deals won"]
    assert row_of(make_graph(wins=["ann bob"]), "bob", "ann")["evidence"] == [
        "1 joint win so far",
        "1 deal won",
    ]


def test_a_collaborator_without_joint_wins_is_flagged(make_graph):
    graph = make_graph(partners="dan", wins=["ann bob", "cy"])
    assert row_of(graph, "ann", "dan")["flags"] == ["no_joint_win_yet"]
    assert row_of(graph, "ann", "cy")["flags"] == ["no_joint_win_yet"]
    assert row_of(graph, "dan", "ann")["flags"] == []


def test_columns_that_the_tables_say_nothing_about_are_absent(make_graph):
    row = row_of(make_graph(partners="ann bob"), "ann", "bob")
    who = ["partner_id", "rank", "collaborator_id", "partner_name", "collaborator_name"]
    assert list(row) == [*who, "score", "evidence", "flags"]


@pytest.mark.parametrize("requirements", [{}, {"d-1": "crm"}])
def test_no_rows_have_the_columns_of_rows(make_graph, requirements):
    features = GraphFeatures(make_graph(wins=["ann bob"], deal_requirements=requirements))
    empty, here = empty_rows(features), np.array([0])
    zero = here.astype(float)
    some = rows(features, RankedLists(here, here + 1, here.astype(np.int32), zero, here > 0))
    assert empty.height == 0
    assert empty.schema == some.schema
    assert empty.schema["evidence"] == pl.List(pl.String)


def test_numbers_about_a_pair_are_those_of_its_signals(make_graph):
    graph = make_graph(
        wins=["ann cy", "cy bob"],
        offerings={"ann": ["vpn"], "bob": ["vpn"]},
        csat=[{"partner_id": "bob", "score": 5.0}, {"partner_id": "ann", "score": 3.0}],
    )
    row, features = row_of(graph, "ann", "bob"), GraphFeatures(graph)
    pair = PairFeatures(features, *graph.index.positions(["ann", "bob"]).reshape(2, 1))
    bob = graph.index.position("bob")
    assert row["competition"] == pair.competition[0] > 0.6
    assert "competition rests on 1 line of business on record" in row["evidence"]
    assert row["contested"] == ["vpn"]
    assert row["trust"] == pair.trust[0] > features.relationships.prior.mean
    assert 0 < row["trust_n"] < 1
    assert row["satisfaction"] == features.satisfaction.mean[bob]
    assert row["satisfaction_low"] == features.satisfaction.low[bob] < row["satisfaction"]
    assert row["satisfaction_n"] == 1
    assert row["flags"] == ["head_on_rival"]


def test_a_collaborator_without_answers_is_flagged_and_has_the_mean_of_its_peers(make_graph):
    graph = make_graph(partners="bob", csat=[{"partner_id": "ann"}])
    row = row_of(graph, "ann", "bob")
    assert row["satisfaction_n"] == 0
    assert 0 < row["satisfaction"] < 1
    assert row["flags"] == ["no_joint_win_yet", "no_answers_yet"]


def test_opponents_in_a_tender_are_flagged(make_graph):
    graph = make_graph(
        deals={"won": {"customer_id": "c"}, "lost": {"customer_id": "c", "outcome": "lost"}},
        deal_partners={"won": ["ann", "cy"], "lost": ["bob"]},
        deal_requirements={"won": "crm", "lost": "crm"},
    )
    assert "opposite_sides" in row_of(graph, "bob", "ann")["flags"]


def whole_lists(graph, partner, *collaborators, **more):
    """Rows of one list, with its features."""
    source, *targets = graph.index.positions([partner, *collaborators])
    n = len(targets)
    ranked = RankedLists(
        np.repeat(source, n),
        np.array(targets),
        np.arange(1, n + 1, dtype=np.int32),
        -np.arange(n, dtype=np.float64),
        np.zeros(n, dtype=bool),
        **more,
    )
    return GraphFeatures(graph), ranked


def test_names_are_of_both_and_the_rest_is_of_the_collaborator(make_graph):
    graph = make_graph(
        partners={
            "ann": {"name": "Ann Ltd", "type": "MSP", "tier": "gold", "country": "DE"},
            "bob": {"name": "Bob Ltd", "type": "ISV", "tier": "silver", "country": "FR"},
            "cy": {"name": "Cy Ltd"},
        }
    )
    frame = rows(*whole_lists(graph, "ann", "bob", "cy"))
    assert frame["partner_name"].to_list() == ["Ann Ltd", "Ann Ltd"]
    assert frame["collaborator_name"].to_list() == ["Bob Ltd", "Cy Ltd"]
    assert frame["collaborator_type"].to_list() == ["ISV", None]
    assert frame["collaborator_tier"].to_list() == ["silver", None]
    assert frame["collaborator_country"].to_list() == ["FR", None]
    assert frame["rank"].to_list() == [1, 2]
    assert frame["score"].to_list() == [0.0, -1.0]


def test_a_probability_has_its_interval_and_the_number_of_pairs_behind_it(make_graph):
    chance = Probability(np.array([0.2]), np.array([0.1]), np.array([0.4]), np.array([250]))
    (row,) = rows(*whole_lists(make_graph(partners="ann bob"), "ann", "bob"), chance).to_dicts()
    assert [row[f"probability{end}"] for end in ("", "_low", "_high", "_n")] == [
        *(0.2, 0.1, 0.4),
        250,
    ]


@pytest.mark.parametrize("n", [3, 6])
def test_three_collaborators_five_capabilities_and_five_cells_are_named_at_most(make_graph, n):
    many = [f"k{place}" for place in range(n)]
    graph = make_graph(
        wins=[f"{one} c{place}" for place in range(n) for one in ("ann", "bob")],
        deal_requirements={"d": many},
        partner_capabilities={"bob": {one: "certified" for one in many}},
        offerings={"ann": many, "bob": many},
    )
    row = row_of(graph, "ann", "bob")
    assert row["evidence"][0] == f"{n} shared collaborators: c0, c1, c2"
    assert row["gaps_filled"] == row["contested"] == many[:5]
    assert row["brings"] == []
    assert row_of(graph, "bob", "ann")["brings"] == row["gaps_filled"]


def test_satisfaction_is_in_per_cent_with_the_number_of_answers(make_graph):
    answers = [
        {"partner_id": "bob", "customer_id": f"c-{n}", "score": score}
        for n, score in enumerate((5.0, 4.0, 2.0))
    ]
    graph = make_graph(partners="ann", csat=answers)
    features, ranked = whole_lists(graph, "ann", "bob")
    percent = round(100 * features.satisfaction.mean[ranked.targets[0]])
    assert rows(features, ranked)["evidence"].to_list() == [
        [f"satisfaction {percent} %, 3 answers"]
    ]


@pytest.mark.parametrize(("partner", "collaborator"), [("ann", "bob"), ("bob", "ann")])
def test_few_lines_of_business_are_those_of_the_partner_that_competes_more(
    make_graph, partner, collaborator
):
    # Bob's two lines are all contested, four of ann's six are not.
    graph = make_graph(offerings={"ann": list("abcdef"), "bob": list("ab")})
    assert row_of(graph, partner, collaborator)["evidence"] == [
        "competition rests on 2 lines of business on record"
    ]


def test_three_lines_are_not_few(make_graph):
    graph = make_graph(offerings={"ann": list("abcdef"), "bob": list("abc")})
    assert row_of(graph, "ann", "bob")["evidence"] == []
    assert row_of(graph, "ann", "bob")["flags"] == ["no_joint_win_yet", "head_on_rival"]


def test_a_partner_that_competes_in_less_than_half_is_no_head_on_rival(make_graph):
    graph = make_graph(offerings={"ann": list("abcdef"), "bob": list("fghijk")})
    row = row_of(graph, "ann", "bob")
    assert 0 < row["competition"] < 0.5
    assert row["flags"] == ["no_joint_win_yet"]


def test_what_moved_a_row_and_what_else_is_known_of_it_are_flags_in_order(make_graph):
    moved = {"reciprocal": np.array([True, False]), "diverse": np.array([True, True])}
    features, ranked = whole_lists(make_graph(wins=["ann bob", "cy ann"]), "ann", "bob", "cy")
    met = {"declined": np.array([False, True]), "beyond_learnt": np.array([True, False])}
    flags = rows(features, replace(ranked, moved=moved), met=met)["flags"].to_list()
    assert flags == [["beyond_learnt", "reciprocal", "diverse"], ["declined", "diverse"]]


def test_better_ones_whose_lists_are_full_are_counted(make_graph):
    graph = make_graph(wins=["bob", "cy"], partners={"ann": {}, "dee": {"name": "Dee Ltd"}})
    dee = graph.index.position("dee")
    full = np.array([0, 2]), np.array([-1, dee])
    features, ranked = whole_lists(graph, "ann", "bob", "cy", full=full)
    assert rows(features, ranked)["evidence"].to_list() == [
        ["1 deal won"],
        [
            "1 deal won",
            "instead of 2 that can take no more introductions, the best of them Dee Ltd",
        ],
    ]


def with_benefit(graph, a, b):
    """The row of a pair, with what its introduction adds."""
    features = GraphFeatures(graph)
    benefit = Benefit(features, assumed_winning(), constant_acceptance())
    sources, targets = graph.index.positions([a, b]).reshape(2, 1)
    new = np.array([False])
    ranked = RankedLists(sources, targets, np.array([1], dtype=np.int32), np.array([-1.5]), new)
    frame = rows(features, ranked, benefit=benefit)
    assert empty_rows(features, benefit=benefit).schema == frame.schema
    return frame, benefit, (sources, targets)


UPLIFT = ["uplift", "uplift_low", "uplift_high", "reciprocal_uplift"]


def test_a_row_holds_what_the_introduction_adds_to_both(make_graph):
    graph = make_graph(
        wins=["ann bob", "cy dan"],
        deal_requirements={"d-1": "crm erp", "d-2": "iam"},
        partner_capabilities={"ann": {"crm": "certified"}, "cy": {"erp": "certified"}},
    )
    frame, benefit, (a, b) = with_benefit(graph, "ann", "cy")
    ours, theirs = benefit.uplift(a, b), benefit.uplift(b, a)
    told = frame.select(UPLIFT).row(0)
    assert told == (ours.mean[0], ours.low[0], ours.high[0], theirs.mean[0])
    assert told[1] < told[0] < told[2]
    assert told[0] != told[3]
    place = frame.columns.index("uplift")
    assert frame.columns[place : place + 4] == UPLIFT
    assert frame.columns[place - 1] == "score"


def test_where_nothing_says_what_is_needed_there_is_no_uplift(make_graph):
    frame, benefit, _ = with_benefit(make_graph(wins=["ann bob", "bob cy"]), "ann", "cy")
    assert not benefit.known
    assert not set(UPLIFT) & set(frame.columns)
