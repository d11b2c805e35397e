import json
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ecosystem_graph.errors import UnknownPartnerError
from ecosystem_graph.graph import Eligibility
from ecosystem_graph.graph.networkx_view import from_networkx, to_networkx

ARRAYS = ("incidence", "requirements", "declared", "inferred", "offerings", "territories")


def assert_same_graph(ours, theirs):
    assert ours.index == theirs.index
    assert ours.index.names.tolist() == theirs.index.names.tolist()
    assert ours.taxonomy.ids.equals(theirs.taxonomy.ids)
    assert ours.taxonomy.names.tolist() == theirs.taxonomy.names.tolist()
    assert ours.taxonomy.parent.tolist() == theirs.taxonomy.parent.tolist()
    assert ours.deals.equals(theirs.deals)
    assert ours.products.tolist() == theirs.products.tolist()
    assert ours.market_codes.tolist() == theirs.market_codes.tolist()
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(ours, name).toarray(), getattr(theirs, name).toarray())
    assert_same_eligibility(Eligibility.from_graph(ours), Eligibility.from_graph(theirs))


def assert_same_eligibility(ours, theirs):
    assert ours.takes_part.tolist() == theirs.takes_part.tolist()
    assert ours.family.tolist() == theirs.family.tolist()
    np.testing.assert_array_equal(ours.forbidden.toarray() > 0, theirs.forbidden.toarray() > 0)


def through_json(view):
    text = json.dumps(nx.node_link_data(view, edges="edges"), allow_nan=False)
    return nx.node_link_graph(json.loads(text), edges="edges")


@pytest.fixture(scope="module")
def chain(make_graph):
    """Ann, Bob, Cy and Di, each of whom has won with the next."""
    return make_graph(
        wins=["ann bob", "bob cy", "cy di"], partners={"ann": {"name": "Ann Inc", "country": "DE"}}
    )


@settings(max_examples=25)
@given(data=st.data())
def test_a_view_goes_through_json_and_reads_back_as_the_same_graph(make_graph, ecosystems, data):
    graph = make_graph(**data.draw(ecosystems))
    assume(graph.n_partners)
    view = to_networkx(graph)
    copy = through_json(view)
    assert nx.utils.graphs_equal(view, copy)
    assert view.graph == copy.graph
    assert_same_graph(from_networkx(copy), graph)


@settings(max_examples=20)
@given(data=st.data())
def test_partners_read_back_from_a_part_are_who_they_were(make_graph, ecosystems, data):
    graph = make_graph(**data.draw(ecosystems))
    assume(graph.n_partners)
    asked = data.draw(st.sets(st.sampled_from(graph.index.ids.tolist()), min_size=1))
    part = from_networkx(to_networkx(graph, asked, hops=0))
    kept = graph.index.positions(sorted(asked))
    assert part.index.ids.tolist() == sorted(asked)
    np.testing.assert_array_equal(
        part.joint_wins.toarray(), graph.joint_wins[kept][:, kept].toarray()
    )
    there = np.flatnonzero(np.isin(graph.taxonomy.ids.to_list(), part.taxonomy.ids.to_list()))
    ours, theirs = part.declared.toarray(), graph.declared.toarray()
    np.testing.assert_array_equal(ours, theirs[kept][:, there])
    # With others of a team left out, those kept are credited with more of what it won with.
    ours, theirs = part.inferred.toarray(), graph.inferred.toarray()[kept]
    assert (ours >= theirs[:, there]).all()
    assert np.count_nonzero(ours) == np.count_nonzero(theirs)
    whole, eligibility = Eligibility.from_graph(graph), Eligibility.from_graph(part)
    a, b = np.indices((len(kept), len(kept))).reshape(2, -1)
    np.testing.assert_array_equal(
        eligibility.permits(a, b), whole.permits(kept[a], kept[b]), strict=True
    )


@settings(max_examples=12)
@given(data=st.data(), half_life_days=st.sampled_from([30.0, 540.0]))
def test_edges_are_the_joint_wins_and_their_weight(make_graph, ecosystems, data, half_life_days):
    graph = make_graph(**data.draw(ecosystems))
    view = to_networkx(graph, half_life_days=half_life_days)
    order = graph.index.ids.tolist()
    for attribute, expected in {
        "joint_wins": graph.joint_wins,
        "tie_strength": graph.joint_win_weight(half_life_days),
    }.items():
        ours = nx.to_numpy_array(view, nodelist=order, weight=attribute)
        np.testing.assert_allclose(ours, expected.toarray())
    for _, _, facts in view.edges(data=True):
        assert len(facts["deals"]) == facts["joint_wins"]
        closed = [view.graph["deals"][deal]["closed_on"] for deal in facts["deals"]]
        assert closed == sorted(closed)
        assert closed[-1] == facts["last_won_on"]


def test_attributes_are_plain_and_those_that_are_empty_are_left_out(make_graph):
    graph = make_graph(
        partners={
            "ann": {"type": "reseller", "joined_on": "2020-02-01", "participates": False},
            "bob": {},
        },
        wins={"d": "ann bob"},
        deals={"d": {"territory": "DE", "amount": 10.0, "currency": "EUR"}},
        deal_requirements={"d": {"crm": 2.0}},
        partner_capabilities={"ann": {"crm": "certified", "erp": "reference"}},
        offerings={"ann": "vpn"},
        territories={"ann": {"DE": 3.0 / 4, "FR": 1.0 / 4}},
    )
    view = to_networkx(graph)
    assert view.nodes["ann"] == {
        "name": "ann",
        "type": "reseller",
        "participates": False,
        "joined_on": "2020-02-01",
        "capabilities": {
            "crm": {"declared": 1.0, "inferred": pytest.approx(0.1464, abs=1e-4)},
            "erp": {"declared": 0.8},
        },
        "offerings": ["vpn"],
        "territories": {"DE": 0.75, "FR": 0.25},
        "deals": ["d"],
    }
    assert view.nodes["bob"] == {
        "name": "bob",
        "capabilities": {"crm": {"inferred": pytest.approx(0.1464, abs=1e-4)}},
        "deals": ["d"],
    }
    assert view.graph == {
        "as_of": "2025-01-01",
        "deals": {
            "d": {
                "closed_on": "2024-06-01",
                "territory": "DE",
                "amount": 10.0,
                "currency": "EUR",
                "requirements": {"crm": 2.0},
                "team_size": 2,
            }
        },
        "capabilities": {"crm": {"name": "crm"}, "erp": {"name": "erp"}},
    }


@pytest.mark.parametrize(
    ("hops", "there"),
    [(0, ["ann"]), (1, ["ann", "bob"]), (2, ["ann", "bob", "cy"]), (9, ["ann", "bob", "cy", "di"])],
)
def test_hops_follow_joint_wins(chain, hops, there):
    assert list(to_networkx(chain, ["ann"], hops=hops)) == there


def test_by_default_partners_come_with_those_they_have_won_with(chain):
    assert list(to_networkx(chain, ["bob"])) == ["ann", "bob", "cy"]


def test_partners_can_be_named_and_one_need_not_be_in_a_list(chain):
    assert list(to_networkx(chain, "Ann Inc", hops=0)) == ["ann"]


def test_somebody_unknown_is_an_error(chain):
    with pytest.raises(UnknownPartnerError, match="no partner 'bib' among 4 partners"):
        to_networkx(chain, ["bib"])


def test_hops_cannot_be_negative(chain):
    with pytest.raises(ValueError, match=r"hops must be 0 or more\. Got -1\."):
        to_networkx(chain, ["ann"], hops=-1)


def test_a_part_carries_only_its_own_deals_and_capabilities_and_what_those_are_part_of(make_graph):
    graph = make_graph(
        wins=["ann bob", "cy di"],
        deal_requirements={"d-2": "ml"},
        capabilities={
            "crm": {"parent_id": "apps"},
            "apps": {"parent_id": "it"},
            "it": {},
            "ml": {},
        },
        partner_capabilities={"ann": "crm"},
    )
    view = to_networkx(graph, ["ann"])
    assert list(view.graph["deals"]) == ["d-1"]
    assert list(view.graph["capabilities"]) == ["apps", "crm", "it"]


def test_asking_for_one_partner_does_not_work_out_everybody_elses_joint_wins(make_graph):
    graph = make_graph(wins=["ann bob", "cy di"])
    to_networkx(graph, ["ann"])
    assert not {"joint_wins", "adjacency", "inferred", "held"} & vars(graph).keys()


def test_a_team_outside_the_view_is_still_counted_but_not_read_back(chain, make_graph):
    graph = make_graph(wins=["ann bob cy"])
    view = to_networkx(graph, ["ann", "bob"], hops=0)
    assert view.graph["deals"]["d-1"]["team_size"] == 3
    assert view.edges["ann", "bob"]["tie_strength"] == pytest.approx(
        graph.joint_win_weight(540.0)[0, 1]
    )
    assert from_networkx(view).team_size.tolist() == [2.0]


def test_siblings_stay_one_family_without_their_parent(make_graph):
    graph = make_graph(
        partners={
            "ann": {"parent_id": "holding"},
            "bob": {"parent_id": "group"},
            "group": {"parent_id": "holding"},
            "cy": {},
        }
    )
    part = from_networkx(to_networkx(graph, ["ann", "bob", "cy"], hops=0))
    assert Eligibility.from_graph(part).family.tolist() == [0, 0, 2]


def test_the_top_of_a_family_stays_at_the_top_without_those_between(make_graph):
    graph = make_graph(partners={"ann": {"parent_id": "mid"}, "mid": {"parent_id": "top"}})
    part = from_networkx(to_networkx(graph, ["ann", "top"], hops=0))
    assert part.tables["partners"]["parent_id"].to_list() == ["top", None]


def test_who_is_bound_to_somebody_outside_the_view_still_takes_no_part(make_graph):
    graph = make_graph(partners="cy", restrictions={"ann": {"bob": "exclusive"}})
    part = from_networkx(to_networkx(graph, ["ann", "cy"], hops=0))
    assert Eligibility.from_graph(part).takes_part.tolist() == [False, True]


def test_partners_can_be_taken_out_of_a_view(chain):
    view = to_networkx(chain)
    view.remove_node("bob")
    graph = from_networkx(view)
    assert graph.index.ids.tolist() == ["ann", "cy", "di"]
    assert graph.joint_wins.toarray().tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_an_earlier_date_hides_what_was_won_since(chain):
    view = to_networkx(chain)
    assert from_networkx(view, as_of="2024-06-02").n_deals == 3
    assert from_networkx(view, as_of="2024-06-01").n_deals == 0


def test_networkx_is_not_loaded_with_the_package():
    code = "import sys, ecosystem_graph.graph; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
