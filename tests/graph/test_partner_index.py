import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.errors import UnknownPartnerError
from ecosystem_graph.graph.partner_index import PartnerIndex

ids = st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=8, unique=True)


@given(partner_ids=ids)
def test_positions_follow_the_order_of_the_ids(partner_ids):
    index = PartnerIndex(partner_ids)
    assert index.ids.tolist() == sorted(partner_ids)
    assert index.positions(sorted(partner_ids)).tolist() == list(range(len(partner_ids)))


@given(partner_ids=ids, data=st.data())
def test_the_order_of_the_rows_changes_nothing(partner_ids, data):
    names = {partner_id: f"name of {partner_id}" for partner_id in partner_ids}
    shuffled = data.draw(st.permutations(partner_ids))
    ours = PartnerIndex(shuffled, [names[partner_id] for partner_id in shuffled])
    theirs = PartnerIndex(names, names.values())
    assert ours == theirs
    assert ours.names.tolist() == theirs.names.tolist() == [names[i] for i in sorted(names)]


def test_a_partner_goes_by_its_id_or_its_exact_name():
    index = PartnerIndex(["p-2", "p-1"], names=["Zeta", "Acme"])
    assert index.positions(["p-2", "Acme", "Zeta"]).tolist() == [1, 0, 1]


def test_an_id_wins_over_the_name_of_another():
    assert PartnerIndex(["a", "b"], names=["b", "a"]).position("a") == 0


def test_one_partner_need_not_be_in_a_list():
    assert PartnerIndex(["p-1", "p-2"]).positions("p-2").tolist() == [1]


def test_nobody_asked_for_is_nobody_found():
    found = PartnerIndex(["a"]).positions([])
    assert found.shape == (0,)
    assert found.dtype == np.intp


def test_a_name_that_several_bear_is_not_enough():
    index = PartnerIndex(["p-1", "p-2", "p-3"], names=["Acme", "Bolt", "Acme"])
    with pytest.raises(UnknownPartnerError) as error:
        index.position("Acme")
    assert str(error.value) == "the name 'Acme' belongs to 2 partners (p-1, p-3). Use the id."


def test_a_partner_is_found_by_another_of_its_ids(make_graph):
    graph = make_graph(
        partners={"p-1": {"name": "Acme"}, "p-2": {"name": "old-2"}},
        aliases=[
            {"system": "crm", "value": "old-1", "partner_id": "p-1"},
            {"system": "erp", "value": "old-1", "partner_id": "p-1"},
            {"system": "crm", "value": "old-2", "partner_id": "p-1"},
            {"system": "distinct", "value": "far", "partner_id": "p-1"},
        ],
    )
    assert graph.index.positions(["old-1", "old-2"]).tolist() == [0, 0]
    with pytest.raises(UnknownPartnerError):
        graph.index.position("far")


@pytest.mark.parametrize(
    ("typo", "hint"),
    [
        ("acmee", "Did you mean 'acme'?"),
        ("ACME", "Did you mean 'acme'?"),
        ("Bolt Ltd.", "Did you mean 'BOLT LTD'?"),
        ("q", "Ids and exact names are accepted."),
        ("", "Ids and exact names are accepted."),
    ],
)
def test_somebody_unknown_gets_near_matches(typo, hint):
    index = PartnerIndex(["acme", "p-2"], names=["Acme Corporation", "BOLT LTD"])
    with pytest.raises(UnknownPartnerError) as error:
        index.position(typo)
    assert str(error.value) == f"no partner {typo!r} among 2 partners. {hint}"


def test_everybody_unknown_is_told_at_once():
    with pytest.raises(UnknownPartnerError) as error:
        PartnerIndex(["acme"]).positions(["acne", "acme", "zzz"])
    assert str(error.value).splitlines() == [
        "no partner 'acne' among 1 partners. Did you mean 'acme'?",
        "no partner 'zzz' among 1 partners. Ids and exact names are accepted.",
    ]


def test_an_id_stands_for_one_partner_only():
    with pytest.raises(ValueError, match="partner ids must be unique"):
        PartnerIndex(["a", "b", "a"])


def test_indexes_are_equal_when_their_ids_are():
    assert PartnerIndex(["a", "b"]) == PartnerIndex(["b", "a"], names=["Bob", "Ann"])
    assert PartnerIndex(["a", "b"]) != PartnerIndex(["a", "c"])
    assert PartnerIndex(["a"]) != ["a"]
