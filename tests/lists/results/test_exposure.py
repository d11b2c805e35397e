"""How appearances spread over partners and groups of them."""

import json

import numpy as np
import pytest

from ecosystem_graph.lists.results.exposure import exposure, gini, top_share


@pytest.fixture(scope="module")
def graph(make_graph):
    """Four partners: ann and bob won together, five times; cy won alone, dee never."""
    return make_graph(
        partners={
            "ann": {"type": "MSP;ISV", "country": "DE"},
            "bob": {"type": "ISV", "country": "DE"},
            "cy": {"type": "MSP", "country": None},
            "dee": {"type": None, "country": "FR"},
        },
        wins=["ann bob"] * 5 + ["cy"],
    )


@pytest.fixture(scope="module")
def summary(graph):
    """Ann stands in three lists, dee in one."""
    ann, dee = graph.index.positions(["ann", "dee"])
    return exposure(graph, np.array([ann, dee, ann, ann]), np.ones(4, dtype=bool))


def test_the_summary_of_all_partners_is_in_shares(summary):
    assert summary["share_never_recommended"] == 0.5
    assert summary["maximal_load"] == 3
    assert summary["top_1_percent_share"] == 0.75
    # Half the mean absolute difference of (0, 0, 1, 3) over their mean.
    assert summary["gini"] == pytest.approx((2 * (1 + 1 + 3 + 3 + 2) / 16) / 2)


def test_a_partner_of_several_types_counts_in_each(summary):
    types = summary["by"]["type"]
    assert {name: group["partners"] for name, group in types.items()} == {
        "ISV": 2,
        "MSP": 2,
        "unknown": 1,
    }
    assert types["ISV"]["share_of_appearances"] == types["MSP"]["share_of_appearances"] == 0.75
    assert types["ISV"]["mean_appearances"] == 1.5
    assert types["unknown"]["share_never_recommended"] == 0.0


def test_shares_of_groups_by_country_and_history_add_up_to_all_appearances(summary):
    for kind in ("country", "history"):
        groups = summary["by"][kind].values()
        assert sum(group["partners"] for group in groups) == 4
        assert sum(group["share_of_appearances"] for group in groups) == pytest.approx(1)


def test_history_is_joint_wins_in_order_of_size(summary):
    assert {name: group["partners"] for name, group in summary["by"]["history"].items()} == {
        "0": 2,
        "5-19": 2,
    }
    assert list(summary["by"]["history"]) == ["0", "5-19"]


def test_a_column_that_is_empty_for_all_is_left_out(summary):
    assert "tier" not in summary["by"]


def test_partners_that_cannot_appear_are_not_counted(graph):
    eligible = graph.index.ids != "cy"
    summary = exposure(graph, graph.index.positions(["ann"]), eligible)
    assert summary["share_never_recommended"] == pytest.approx(2 / 3)
    assert "unknown" not in summary["by"]["country"]


def test_it_can_be_written_as_json_and_holds_for_empty_lists(graph):
    nobody = exposure(graph, np.zeros(0, dtype=np.intp), np.ones(4, dtype=bool))
    assert json.loads(json.dumps(nobody)) == nobody
    assert nobody["gini"] == nobody["top_1_percent_share"] == nobody["maximal_load"] == 0
    assert nobody["share_never_recommended"] == 1
    none = exposure(graph, np.zeros(0, dtype=np.intp), np.zeros(4, dtype=bool))
    assert none["maximal_load"] == 0


def test_one_that_takes_all_and_all_that_share_alike_are_the_two_ends():
    assert gini(np.array([0, 0, 0, 9])) == 0.75
    assert gini(np.array([2, 2, 2, 2])) == 0.0
    assert top_share(np.full(200, 3)) == 0.01


@pytest.mark.parametrize(
    ("n_wins", "group"),
    [(0, "0"), (1, "1-4"), (4, "1-4"), (5, "5-19"), (19, "5-19"), (20, "20+"), (30, "20+")],
)
def test_history_is_one_of_four_sizes(make_graph, n_wins, group):
    graph = make_graph(partners="ann bob", wins=["ann", "ann"] + ["ann bob"] * n_wins)
    summary = exposure(graph, np.array([0, 1, 1]), np.ones(2, dtype=bool))
    assert summary["by"]["history"] == {
        group: {
            "partners": 2,
            "share_never_recommended": 0.0,
            "share_of_appearances": 1.0,
            "mean_appearances": 1.5,
        }
    }


def test_the_first_of_those_most_listed_is_named(make_graph):
    graph = make_graph(partners={"ann": {}, "bob": {"name": "Bob Ltd"}, "cy": {}})
    eligible = np.array([False, True, True])
    summary = exposure(graph, np.array([1, 2, 2, 1]), eligible)
    assert summary["most_listed"] == {"partner_id": "bob", "name": "Bob Ltd"}
    assert exposure(graph, np.array([2]), eligible)["most_listed"]["partner_id"] == "cy"
    assert exposure(graph, np.array([], dtype=int), eligible)["most_listed"] is None


def test_the_most_shown_are_a_share_of_partners_rounded_up():
    appearances = np.array([5, 0, 1, 4])
    assert [top_share(appearances, share) for share in (0.01, 0.25, 0.26, 0.5, 1.0)] == [
        *(0.5, 0.5, 0.9, 0.9, 1.0)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_gini_is_half_the_mean_difference_over_the_mean(seed):
    shown = np.random.default_rng(seed).integers(0, 9, 12)
    by_hand = np.abs(shown[:, None] - shown).mean() / shown.mean() / 2
    assert gini(shown) == pytest.approx(by_hand)
