"""The contract that every signal keeps, in ecosystems of every shape, and how others join them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars.selectors as cs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.errors import SignalError, UnknownSignalError
from ecosystem_graph.signals import (
    ALL_SIGNALS,
    REQUIREMENT_SIGNALS,
    SIGNALS,
    GraphFeatures,
    Signal,
    register_signal,
    registered_signal,
    unregister_signal,
)

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


def test_a_signal_is_listed_under_its_name_with_its_description_and_unit():
    for name, signal in SIGNALS.items():
        assert signal.name == name
        assert signal.description
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
def test_own_signals_of_the_partner_are_those_of_the_collaborator_seen_from_the_other_side(
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


def custom(of=lambda pairs: np.ones(len(pairs.sources)), name="account_overlap", **changes):
    facts = {"description": "accounts of both", "unit": "accounts, >= 0", "group": "accounts"}
    return Signal(name=name, of=of, **{**facts, "scale": "linear", **changes})


def values_of(graph, of, **changes):
    """Values that a registered signal has for ann and bob, ann and cy."""
    with registered_signal(custom(of, **changes)):
        features = GraphFeatures(graph)
        return SIGNALS["account_overlap"].values(features, np.array([0, 0]), np.array([1, 2]))


@pytest.fixture(scope="module")
def trio(make_graph):
    return make_graph(wins=["ann bob", "bob cy"])


def test_a_registered_signal_comes_after_the_built_in_ones_of_pairs():
    before, every = list(SIGNALS), list(ALL_SIGNALS)
    with registered_signal(custom()):
        assert list(SIGNALS) == [*before, "account_overlap"]
        assert list(ALL_SIGNALS) == [*before, "account_overlap", *REQUIREMENT_SIGNALS]
        assert len(ALL_SIGNALS) == len(every) + 1
    assert (list(SIGNALS), list(ALL_SIGNALS)) == (before, every)


def test_the_order_of_registration_does_not_matter():
    one, other = custom(name="one"), custom(name="other")
    with registered_signal(one), registered_signal(other):
        in_order = list(SIGNALS)
    with registered_signal(other), registered_signal(one):
        assert list(SIGNALS) == in_order


def test_a_signal_of_another_process_is_unknown_here():
    assert "account_overlap" not in SIGNALS
    assert SIGNALS.get("account_overlap") is None
    message = "no signal 'account_overlap' is registered in this process. Call register_signal"
    with pytest.raises(UnknownSignalError, match=message) as told:
        SIGNALS["account_overlap"]
    assert str(told.value).startswith("no signal")


@pytest.mark.parametrize("name", ["adamic_adar", "competition", "requirement_cover"])
def test_the_name_of_a_built_in_signal_is_taken(name):
    with pytest.raises(ValueError, match=f"'{name}' is the name of a built-in signal"):
        register_signal(custom(name=name), replace=True)


def test_a_registered_signal_is_replaced_only_when_asked(trio):
    with registered_signal(custom()):
        with pytest.raises(ValueError, match="registered already: pass replace=True"):
            register_signal(custom())
        register_signal(custom(lambda pairs: pairs.targets), replace=True)
        pair = np.array([0]), np.array([2])
        assert SIGNALS["account_overlap"].values(GraphFeatures(trio), *pair).tolist() == [2.0]


def test_only_a_signal_is_registered():
    with pytest.raises(TypeError, match=r"takes a Signal\. Got function"):
        register_signal(lambda pairs: pairs.sources)


def test_only_what_was_registered_is_removed():
    with (
        registered_signal(custom()),
        pytest.raises(UnknownSignalError, match=r"'overlap' was registered\. Registered: account"),
    ):
        unregister_signal("overlap")
    with pytest.raises(UnknownSignalError, match="Registered: none"):
        unregister_signal("adamic_adar")


def test_a_block_that_fails_leaves_nothing_registered():
    with pytest.raises(RuntimeError), registered_signal(custom()):
        raise RuntimeError
    assert "account_overlap" not in SIGNALS


@pytest.mark.parametrize("dtype", [bool, np.int32, np.uint8, np.float32])
def test_numbers_of_any_type_become_floats(trio, dtype):
    values = values_of(trio, lambda pairs: np.array([0, 1], dtype=dtype))
    assert values.dtype == np.float64
    assert values.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("of", "message"),
    [
        (lambda pairs: [0.0, 1.0], "must give a numpy array. Got list"),
        (lambda pairs: np.zeros(3), r"one number per pair, shape \(2,\). Got \(3,\)"),
        (lambda pairs: np.zeros((2, 1)), r"shape \(2,\). Got \(2, 1\)"),
        (lambda pairs: np.array(["a", "b"]), "must give real numbers. Got dtype <U1"),
        (lambda pairs: np.zeros(2, dtype=complex), "real numbers. Got dtype complex128"),
        (lambda pairs: np.array([1.0, np.nan]), "must be finite. Got nan for 'ann' and 'cy', one"),
        (lambda pairs: np.array([np.inf, 1.0]), "must be finite. Got inf for 'ann' and 'bob'"),
    ],
)
def test_values_that_are_not_one_finite_number_per_pair_are_refused(trio, of, message):
    with pytest.raises(SignalError, match=f"signal 'account_overlap'.*{message}"):
        values_of(trio, of)


def test_a_negative_value_is_refused_on_a_log_scale_only(trio):
    negative = np.array([0.0, -2.0])
    assert values_of(trio, lambda pairs: negative).tolist() == [0.0, -2.0]
    with pytest.raises(SignalError, match=r"not negative\. Got -2\.0 for 'ann' and 'cy'"):
        values_of(trio, lambda pairs: negative, scale="log")


def test_an_error_in_the_function_keeps_its_type_and_names_the_signal(trio):
    with pytest.raises(ZeroDivisionError) as told:
        values_of(trio, lambda pairs: 1 / 0)
    assert told.value.__notes__ == [
        "This happened in the function of the signal 'account_overlap'."
    ]


def test_many_threads_register_at_once_and_none_is_lost():
    names = [f"signal_{n}" for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: register_signal(custom(name=name)), names))
        seen = list(threads.map(lambda _: len(list(SIGNALS)) == len(SIGNALS), range(20)))
        assert set(names) <= set(SIGNALS)
        list(threads.map(unregister_signal, names))
    assert all(seen)
    assert not set(names) & set(SIGNALS)
