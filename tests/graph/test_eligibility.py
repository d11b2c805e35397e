import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.graph import Eligibility


def permitted(graph):
    """Every ordered pair of partner ids that may be proposed."""
    sources, targets = np.indices((graph.n_partners, graph.n_partners)).reshape(2, -1)
    permits = Eligibility.from_graph(graph).permits(sources, targets)
    pairs = zip(graph.index.ids[sources[permits]], graph.index.ids[targets[permits]], strict=True)
    return {f"{a} {b}" for a, b in pairs}


def left_out(graph):
    return Eligibility.from_graph(graph).left_out


def test_anybody_else_may_be_proposed_by_default(make_graph):
    graph = make_graph(partners="ann bob")
    assert permitted(graph) == {"ann bob", "bob ann"}
    assert left_out(graph) == {}


def test_having_won_together_is_no_reason_to_be_kept_apart(make_graph):
    assert permitted(make_graph(wins=["ann bob"])) == {"ann bob", "bob ann"}


def test_who_opted_out_is_with_nobody(make_graph):
    graph = make_graph(
        partners={"ann": {"participates": False}, "bob": {"participates": True}, "cy": {}}
    )
    assert permitted(graph) == {"bob cy", "cy bob"}
    assert left_out(graph) == {"partners that opted out": 1}


@pytest.mark.parametrize("status", ["inactive", "suspended", "closed"])
def test_who_is_not_active_is_with_nobody(make_graph, status):
    graph = make_graph(partners={"ann": {"status": status}, "bob": {"status": "active"}, "cy": {}})
    assert permitted(graph) == {"bob cy", "cy bob"}
    assert left_out(graph) == {"partners not active": 1}


def test_a_partner_is_left_out_for_one_reason_only(make_graph):
    graph = make_graph(
        partners={"ann": {"status": "closed", "participates": False}},
        restrictions={"ann": {"bob": "exclusive"}},
    )
    assert left_out(graph) == {"partners that opted out": 1}


def test_do_not_pair_holds_both_ways_and_for_these_two_only(make_graph):
    graph = make_graph(partners="cy", restrictions={"ann": {"bob": "do_not_pair"}})
    assert permitted(graph) == {"ann cy", "cy ann", "bob cy", "cy bob"}
    assert left_out(graph) == {"pairs not to be paired": 1}


def test_do_not_pair_said_by_both_is_one_pair(make_graph):
    graph = make_graph(restrictions={"ann": "bob", "bob": "ann"})
    assert permitted(graph) == set()
    assert left_out(graph) == {"pairs not to be paired": 1}


def test_who_is_exclusive_is_in_nobodys_list_and_has_none(make_graph):
    graph = make_graph(partners="cy", restrictions={"ann": {"bob": "exclusive"}})
    assert permitted(graph) == {"bob cy", "cy bob"}
    assert left_out(graph) == {"partners bound exclusively": 1}


def test_who_is_exclusive_to_somebody_yet_to_join_is_bound_all_the_same(make_graph):
    graph = make_graph(
        partners={"bob": {"joined_on": "2025-01-01"}, "cy": {}, "di": {}},
        restrictions={"ann": {"bob": "exclusive"}},
    )
    assert permitted(graph) == {"cy di", "di cy"}


@pytest.mark.parametrize("kind", ["do_not_pair", "exclusive"])
@pytest.mark.parametrize(
    ("valid", "holds"),
    [
        ({}, True),
        ({"valid_from": "2025-01-01"}, True),
        ({"valid_from": "2025-01-02"}, False),
        ({"valid_to": "2025-01-01"}, True),
        ({"valid_to": "2024-12-31"}, False),
    ],
)
def test_a_restriction_holds_on_the_days_it_is_valid(make_graph, kind, valid, holds):
    graph = make_graph(restrictions={"ann": {"bob": {"kind": kind, **valid}}}, as_of="2025-01-01")
    assert permitted(graph) == (set() if holds else {"ann bob", "bob ann"})


def test_a_chain_of_parents_is_one_family(make_graph):
    graph = make_graph(
        partners={
            "child": {"parent_id": "parent"},
            "parent": {"parent_id": "grandparent"},
            "other": {},
        }
    )
    family = {"child", "parent", "grandparent"}
    assert permitted(graph) == {f"{one} other" for one in family} | {
        f"other {one}" for one in family
    }
    assert left_out(graph) == {"pairs of one family": 3}


def test_siblings_are_one_family_though_their_parents_are_yet_to_join(make_graph):
    later = {"joined_on": "2025-01-01"}
    graph = make_graph(
        partners={
            "ann": {"parent_id": "bigger"},
            "bigger": {"parent_id": "biggest", **later},
            "biggest": later,
            "bob": {"parent_id": "biggest"},
            "cy": {"parent_id": "bigger"},
        }
    )
    assert graph.index.ids.tolist() == ["ann", "bob", "cy"]
    assert permitted(graph) == set()


def test_apart_are_families_those_not_to_be_paired_and_everybody_and_itself(make_graph):
    graph = make_graph(
        partners={"bob": {"parent_id": "ann"}, "cy": {"parent_id": "ann"}, "di": {}, "eve": {}},
        restrictions={"di": ["ann"]},
    )
    expected = np.eye(5, dtype=bool)
    expected[:3, :3] = True
    expected[0, 3] = expected[3, 0] = True
    np.testing.assert_array_equal(Eligibility.from_graph(graph).apart().toarray() > 0, expected)


@settings(max_examples=12)
@given(data=st.data())
def test_who_may_be_paired_is_mutual_and_never_with_oneself(make_graph, ecosystems, data):
    pairs = permitted(make_graph(**data.draw(ecosystems)))
    assert pairs == {" ".join(reversed(pair.split())) for pair in pairs}
    assert not any(len(set(pair.split())) == 1 for pair in pairs)


def test_no_pairs_are_no_answers(make_graph):
    nobody = np.array([], dtype=np.intp)
    permits = Eligibility.from_graph(make_graph(restrictions={"ann": "bob"})).permits
    assert permits(nobody, nobody).shape == (0,)


def test_who_is_likely_one_company_is_not_proposed_to_itself(make_graph):
    graph = make_graph(
        partners={
            "ann": {"name": "Alder", "country": "DE"},
            "bob": {"name": "ALDER GmbH", "country": "DE"},
            "cy": {"name": "Alder", "country": "FR"},
        }
    )
    assert permitted(graph) == {"ann cy", "cy ann", "bob cy", "cy bob"}
    assert left_out(graph) == {"pairs that are likely one company": 1}
