import networkx as nx
import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.graph.networkx_reading import tables_from_view


def test_every_table_is_read_from_its_attributes():
    view = nx.Graph(
        as_of="2025-01-01",
        deals={"d": {"closed_on": "2024-05-01", "requirements": {"crm": 2.0}}},
        capabilities={"crm": {"name": "CRM"}},
        restrictions=[{"partner_id": "a", "collaborator_id": "b", "kind": "do_not_pair"}],
    )
    view.add_node("a", name="Ann", capabilities={"crm": {"declared": 1.0}}, deals=["d"])
    view.add_node("b", name="Bob", offerings=["tool"], territories={"DE": 0.5}, deals=["d"])
    tables = tables_from_view(view)
    assert tables["partners"]["name"].to_list() == ["Ann", "Bob"]
    assert tables["partner_capabilities"]["evidence"].to_list() == ["certified"]
    assert tables["offerings"].row(0)[:2] == ("b", "tool")
    assert tables["territories"]["share"].to_list() == [0.5]
    assert tables["deals"]["outcome"].to_list() == ["won"]
    assert tables["deal_partners"]["partner_id"].to_list() == ["a", "b"]
    assert tables["deal_requirements"]["weight"].to_list() == [2.0]
    assert tables["capabilities"]["name"].to_list() == ["CRM"]
    assert tables["restrictions"]["kind"].to_list() == ["do_not_pair"]
    assert tables.default_as_of().isoformat() == "2025-01-01"


def test_everything_that_a_bare_graph_lacks_is_listed():
    bare = nx.Graph()
    bare.add_edge("ann", "bob", joint_wins=3)
    bare.add_edge("bob", 7, joint_wins=1)
    with pytest.raises(ValueError, match="cannot be read as an ecosystem") as error:
        tables_from_view(bare)
    assert str(error.value) == (
        "the graph cannot be read as an ecosystem: it has 1 node keys that are not partner ids "
        "(text) (7); 3 nodes without 'name' ('ann', 'bob', 7); 2 edges between partners without "
        "common 'deals', from which joint wins are read ('ann' - 'bob', 'bob' - 7). "
        "The documentation of to_networkx lists the attributes that are read."
    )


def test_a_deal_without_facts_or_without_a_date_is_listed():
    view = nx.Graph(deals={"e": {"amount": 3.0}})
    view.add_node("ann", name="Ann", deals=["d"])
    with pytest.raises(ValueError, match=r"attribute 'deals' \('d'\); 1 deals without 'closed_on'"):
        tables_from_view(view)


def test_a_declared_strength_must_be_that_of_some_evidence():
    view = nx.Graph()
    view.add_node("ann", name="Ann", capabilities={"crm": {"declared": 0.7}})
    with pytest.raises(ValueError, match=r"none of 1.0 \(certified\), .* \(0.7 of 'ann' in 'crm'"):
        tables_from_view(view)


def test_values_that_no_table_allows_are_a_data_error():
    view = nx.Graph(as_of="2025-01-01")
    view.add_node("ann", name="Ann", status="asleep")
    with pytest.raises(DataError, match="status 'asleep' is not allowed"):
        tables_from_view(view)
