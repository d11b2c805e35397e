"""The contract that every signal keeps, in ecosystems of every shape."""

import numpy as np
import polars.selectors as cs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.signals import SIGNALS, GraphFeatures

AS_OF = "2025-01-01"

#: How far two ways to one number may be apart; the embedding is in single precision.
CLOSE = {"rtol": 1e-9, "atol": 1e-12}
NEAR = {"rtol": 1e-4, "atol": 5e-6}


def all_signals(graph, pairs):
    features = GraphFeatures(graph)
    return {name: signal.values(features, *pairs) for name, signal in SIGNALS.items()}


def assert_same(ours, theirs):
    for name in SIGNALS:
        tolerance = NEAR if name in ("embedding_affinity", "tie_affinity") else CLOSE
        np.testing.assert_allclose(ours[name], theirs[name], **tolerance, err_msg=name)


def assert_identical(ours, theirs):
    for name in SIGNALS:
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


def ids_of(tables):
    return tables["partners"]["partner_id"].sort().to_list()


def relabelled(tables, new):
    """The same tables, partners by other ids."""
    ids = cs.by_name("partner_id", "collaborator_id", require_all=False)
    frames = {name: frame.with_columns(ids.replace(new)) for name, frame in tables.items()}
    return tables.replaced(frames)


def test_a_signal_is_listed_under_its_name_and_says_what_it_tells():
    for name, signal in SIGNALS.items():
        assert signal.name == name
        assert signal.says
        assert signal.unit


def test_what_enters_on_a_log_scale_is_never_negative():
    assert all(">= 0" in signal.unit for signal in SIGNALS.values() if signal.scale == "log")


@settings(max_examples=25)
@given(data=st.data())
def test_a_signal_is_one_finite_number_per_pair_in_its_range(
    make_graph, ecosystems, every_pair, data
):
    graph = make_graph(**data.draw(ecosystems))
    for name, values in all_signals(graph, every_pair(graph.n_partners)).items():
        assert values.shape == (graph.n_partners**2,), name
        assert values.dtype == np.float64, name
        assert np.isfinite(values).all(), name
        unit = SIGNALS[name].unit
        assert values.min() >= 0 or not unit.endswith((">= 0", "0..1")), name
        assert values.max() <= 1 + 1e-12 or not unit.endswith("0..1"), name


@pytest.mark.parametrize("name", SIGNALS)
def test_no_pairs_are_no_numbers(make_graph, name):
    nobody = np.array([], dtype=np.intp)
    features = GraphFeatures(make_graph(wins=["ann bob"]))
    assert SIGNALS[name].values(features, nobody, nobody).shape == (0,)


@settings(max_examples=15)
@given(data=st.data())
def test_the_order_of_pairs_does_not_matter(make_graph, ecosystems, every_pair, data):
    graph = make_graph(**data.draw(ecosystems))
    sources, targets = every_pair(graph.n_partners)
    order = data.draw(st.permutations(range(len(sources))))
    in_order = all_signals(graph, (sources, targets))
    assert_identical(
        all_signals(graph, (sources[order], targets[order])),
        {name: values[order] for name, values in in_order.items()},
    )


@settings(max_examples=15)
@given(data=st.data())
def test_what_is_dated_on_the_day_or_later_changes_nothing(
    make_graph, ecosystems, every_pair, data
):
    rows, day = data.draw(ecosystems), data.draw(st.sampled_from([AS_OF, "2025-06-01"]))
    ann, bob, *others = data.draw(st.permutations(list(rows["partners"])))
    later = {
        "partners": {"new": {"joined_on": day, "country": "DE", "type": "ISV"}},
        "deals": {"later": {"opened_on": day, "closed_on": day, "territory": "DE"}},
        "wins": {"later": [ann, bob, others[0], "new"]},
        "deal_requirements": {"later": "crm iot"},
        "partner_capabilities": {"new": "crm iot"},
        "csat": [{"partner_id": ann, "deal_id": "later", "responded_on": day}],
        "introductions": [{"partner_id": ann, "collaborator_id": bob, "introduced_on": day}],
    }
    both = {**later, **{table: rows[table] | later.get(table, {}) for table in rows}}
    before, after = make_graph(**rows, as_of=AS_OF), make_graph(**both, as_of=AS_OF)
    assert before.index == after.index
    pairs = every_pair(before.n_partners)
    assert_identical(all_signals(after, pairs), all_signals(before, pairs))


@settings(max_examples=15)
@given(data=st.data())
def test_other_ids_in_the_same_order_change_nothing(make_tables, ecosystems, every_pair, data):
    tables = make_tables(**data.draw(ecosystems))
    other = relabelled(tables, {key: f"x{2 * int(key[1:]):03}" for key in ids_of(tables)})
    pairs = every_pair(len(ids_of(tables)))
    ours, theirs = (EcosystemGraph.from_tables(some, AS_OF) for some in (tables, other))
    assert_identical(all_signals(theirs, pairs), all_signals(ours, pairs))


@settings(max_examples=15)
@given(data=st.data())
def test_other_ids_only_relabel_the_answer(make_tables, ecosystems, every_pair, data):
    tables = make_tables(**data.draw(ecosystems))
    ids = ids_of(tables)
    new = dict(zip(ids, data.draw(st.permutations(ids)), strict=True))
    graph = EcosystemGraph.from_tables(tables, AS_OF)
    other = EcosystemGraph.from_tables(relabelled(tables, new), AS_OF)
    moved = other.index.positions([new[key] for key in graph.index.ids])
    sources, targets = every_pair(len(ids))
    assert_same(
        all_signals(other, (moved[sources], moved[targets])), all_signals(graph, (sources, targets))
    )


@settings(max_examples=10)
@given(data=st.data())
def test_what_is_told_of_the_partner_is_told_alike_of_the_collaborator(
    make_graph, ecosystems, every_pair, data
):
    graph = make_graph(**data.draw(ecosystems))
    sources, targets = every_pair(graph.n_partners)
    ours, swapped = all_signals(graph, (sources, targets)), all_signals(graph, (targets, sources))
    own = {f"own_{name}": name for name in ("popularity", "activity", "seats", "team_size")}
    for name, mirrored in {**own, "gain": "reciprocal_gain"}.items():
        np.testing.assert_allclose(ours[name], swapped[mirrored], **CLOSE, err_msg=name)


@pytest.fixture(scope="module")
def features(make_graph):
    return GraphFeatures(make_graph(wins=["a b", "b c", "a c d", "d e", "e f", "b f"]))


def test_topology_and_trust_are_read_from_who_has_won_with_whom(features, every_pair):
    adjacency, ties = features.graph.adjacency.toarray(), features.ties.toarray()
    degree = adjacency.sum(axis=0)
    expected = {
        "common_neighbours": adjacency @ adjacency,
        "adamic_adar": (adjacency / np.log(np.maximum(degree, 2))) @ adjacency,
        "resource_allocation": (adjacency / degree) @ adjacency,
        "tie_strength": ties,
        "shared_tie_strength": ties @ (ties / ties.sum(axis=1, keepdims=True)),
    }
    pairs = every_pair(6)
    for name, values in expected.items():
        assert values.any()
        found = SIGNALS[name].values(features, *pairs)
        np.testing.assert_allclose(found, values[pairs], **CLOSE, err_msg=name)


def test_popularity_is_the_number_of_partners_won_with(make_graph):
    graph = make_graph(partners="loner", wins=["ann bob", "ann bob", "ann cy di"])
    targets = graph.index.positions(["ann", "bob", "cy", "loner"])
    popularity = SIGNALS["popularity"].values(GraphFeatures(graph), np.zeros(4, dtype=int), targets)
    assert popularity.tolist() == [3, 1, 2, 0]
