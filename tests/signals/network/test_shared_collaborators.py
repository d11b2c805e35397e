"""One sweep gives what five separate sums would."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.graph.networkx_view import to_networkx
from ecosystem_graph.signals import GraphFeatures, PairFeatures
from ecosystem_graph.signals.network.shared_collaborators import Walks, shared_collaborators

EXACT = {"rtol": 1e-12, "atol": 1e-300}


def shared_ties(ties, sources, targets):
    walks = Walks.along(csr_array(ties), np.zeros(np.count_nonzero(ties)))
    return shared_collaborators(walks, sources, targets).tie_strength


def dense_shared(ties):
    """Two steps by strength and by share, over all pairs."""
    total = ties.sum(axis=1, keepdims=True)
    return ties @ (ties / np.where(total > 0, total, 1.0))


@st.composite
def ties(draw, n):
    """A symmetric array with a zero diagonal."""
    values = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, 3.0])
    upper = np.triu(
        draw(st.lists(values, min_size=n * n, max_size=n * n).map(np.array)).reshape(n, n), 1
    )
    return upper + upper.T


@settings(max_examples=25)
@given(data=st.data())
def test_each_sum_is_what_it_is_alone(make_graph, ecosystems, every_pair, data):
    graph = make_graph(**data.draw(ecosystems))
    features = GraphFeatures(graph)
    pairs = every_pair(graph.n_partners)
    found = PairFeatures(features, *pairs).shared
    adjacency, ties = graph.adjacency.toarray(), features.ties.toarray()
    belief = np.zeros(adjacency.shape)
    belief[adjacency.nonzero()] = features.relationships.belief(graph.adjacency)
    degree = adjacency.sum(axis=0)
    expected = {
        "number": adjacency @ adjacency,
        "log_damped": (adjacency / np.log(np.maximum(degree, 2))) @ adjacency,
        "degree_damped": (adjacency / np.maximum(degree, 1)) @ adjacency,
        "tie_strength": dense_shared(ties),
        "vouched": belief @ ties,
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(found, name), values[pairs], **EXACT, err_msg=name)


def test_the_classical_sums_are_those_of_networkx(make_graph):
    rng = np.random.default_rng(3)
    wins = [sorted(rng.choice(list("abcdefghij"), 3, replace=False)) for _ in range(12)]
    graph = make_graph(wins=wins)
    view = to_networkx(graph)
    pairs = np.triu_indices(graph.n_partners, 1)
    ids = [tuple(graph.index.ids[[a, b]]) for a, b in zip(*pairs, strict=True)]
    found = PairFeatures(GraphFeatures(graph), *pairs).shared
    damped = [score for *_, score in nx.adamic_adar_index(view, ids)]
    shared = [score for *_, score in nx.resource_allocation_index(view, ids)]
    np.testing.assert_allclose(found.log_damped, damped, **EXACT)
    np.testing.assert_allclose(found.degree_damped, shared, **EXACT)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [0, 0, 2, 0]])
def test_pairs_may_stand_in_any_order_and_more_than_once(order):
    full = Walks.along(csr_array(np.ones((4, 4)) - np.eye(4)), np.full(12, 0.5))
    sources, targets = np.array([0, 0, 1, 1]), np.array([1, 1, 0, 3])
    once = shared_collaborators(full, sources, targets)
    again = shared_collaborators(full, sources[order], targets[order])
    np.testing.assert_array_equal(again.number, once.number[order])
    np.testing.assert_array_equal(again.vouched, once.vouched[order])


def test_it_is_the_same_from_either_end(make_graph):
    """Many targets are walked to from the source, one is walked from, a hub is looked up in."""
    rng = np.random.default_rng(0)
    some = [f"p{n:02}" for n in range(40)]
    wins = [list(rng.choice(some, 4, replace=False)) for _ in range(40)]
    wins += [["a", other] for other in ("p01", "p02")] + [["hub", other] for other in some]
    features = GraphFeatures(make_graph(wins=wins))
    n = features.graph.n_partners
    everybody = np.zeros(20 * n, dtype=np.intp), np.tile(np.arange(n), 20)
    at_once = PairFeatures(features, *everybody).shared
    one_by_one = [
        PairFeatures(features, np.array([0]), np.array([target])).shared for target in range(n)
    ]
    for name in ("number", "log_damped", "degree_damped", "tie_strength", "vouched"):
        alone = np.concatenate([getattr(part, name) for part in one_by_one])
        np.testing.assert_array_equal(getattr(at_once, name), np.tile(alone, 20), err_msg=name)


@pytest.mark.parametrize("asks", ["the small one", "the hubs"])
@pytest.mark.parametrize("crowded", [False, True])
def test_a_hub_is_looked_up_in_wherever_its_collaborators_stand(crowded, asks):
    """Spread over all positions, or thousands of positions away from all but one of them."""
    rng = np.random.default_rng(1)
    n, hubs = 3_000, [5, 1_500, 2_999]
    places = np.arange(2_600, 2_900) if crowded else np.arange(0, n, 10)
    wins = np.zeros((n, n), dtype=np.float32)
    for hub in hubs:
        wins[hub, rng.choice(places, 200, replace=False)] = 1.0
    wins[7, [*rng.choice(places, 4, replace=False), 0, 1]] = 1.0
    wins = np.maximum(wins, wins.T)
    np.fill_diagonal(wins, 0.0)
    ties = csr_array(wins.astype(float))
    sources, targets = np.full(3, 7), np.array(hubs)
    if asks == "the hubs":
        sources, targets = targets, sources
    found = shared_collaborators(Walks.along(ties, np.full(ties.nnz, 0.5)), sources, targets)
    shared = (wins[sources] * wins[targets]).sum(axis=1)
    assert shared.max() > 0
    np.testing.assert_array_equal(found.number, shared)
    np.testing.assert_array_equal(found.vouched, 0.5 * shared)
    damped = wins[sources] * wins[targets] / np.log(np.maximum(wins.sum(axis=0), 2))
    np.testing.assert_allclose(found.log_damped, damped.sum(axis=1), rtol=1e-6)


def test_a_shared_collaborator_passes_on_the_share_of_its_ties():
    ann, bob, cy = range(3)
    chain = np.zeros((4, 4))
    chain[ann, bob] = chain[bob, ann] = 2.0
    chain[bob, cy] = chain[cy, bob] = 1.0
    chain[bob, 3] = chain[3, bob] = 5.0
    found = shared_ties(chain, np.array([ann]), np.array([cy]))
    np.testing.assert_allclose(found, [2.0 * 1.0 / (2.0 + 1.0 + 5.0)])


@given(data=st.data(), n=st.integers(1, 7))
def test_shared_ties_are_two_steps_over_all_shared_collaborators(every_pair, data, n):
    dense = data.draw(ties(n))
    ours = shared_ties(dense, *every_pair(n)).reshape(n, n)
    np.testing.assert_allclose(ours, dense_shared(dense), atol=1e-12)
    np.testing.assert_allclose(ours, ours.T, atol=1e-12)
    assert (ours <= dense.sum(axis=1, keepdims=True) + 1e-12).all()


@given(data=st.data(), n=st.integers(3, 7), weight=st.sampled_from([0.1, 1.0, 10.0]))
def test_winning_with_a_collaborator_brings_nearer_whom_it_has_won_with(data, n, weight):
    dense = data.draw(ties(n))
    ann, bob = 0, 1
    closer = dense.copy()
    closer[ann, bob] += weight
    closer[bob, ann] += weight
    sources, targets = np.zeros(n - 2, dtype=int), np.arange(2, n)
    before = shared_ties(dense, sources, targets)
    after = shared_ties(closer, sources, targets)
    assert (after >= before - 1e-12).all()
    assert (after > before)[dense[bob, 2:] > 0].all()


def test_a_shared_collaborator_that_turns_to_others_ties_the_two_less():
    chain = np.array([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0] * 4])
    turned = chain.copy()
    turned[1, 3] = turned[3, 1] = 2.0
    ends = np.array([0]), np.array([2])
    assert shared_ties(chain, *ends) == 0.5
    assert shared_ties(turned, *ends) == 0.25


def test_a_choosy_shared_collaborator_counts_more():
    star = nx.to_scipy_sparse_array(nx.star_graph(5), dtype=float, format="csr")
    path = nx.to_scipy_sparse_array(nx.path_graph(3), dtype=float, format="csr")
    in_star = shared_collaborators(Walks.along(star, np.ones(10)), np.array([1]), np.array([2]))
    in_path = shared_collaborators(Walks.along(path, np.ones(4)), np.array([0]), np.array([2]))
    assert in_star.log_damped < in_path.log_damped
    assert in_star.degree_damped < in_path.degree_damped
    assert in_star.number == in_path.number == 1


@pytest.fixture(scope="module")
def mixed():
    """Rows of a few entries, about as many as a row with an index has, and hundreds; in doubles."""
    rng = np.random.default_rng(4)
    n = 700
    sizes = [1, 2, 3, 7, 8, 9, 16, 31, 60, 62, 63, 64, 65, 66, 100, 250, 255, 256, 257, 512, 640]
    dense = np.zeros((n, n))
    for row, size in enumerate([*sizes, *sizes]):
        others = rng.choice(np.arange(2 * len(sizes), n), size, replace=False)
        dense[row, others] = rng.uniform(0.1, 2.0, size)
    dense = np.maximum(dense, dense.T)
    ties = csr_array(dense)
    belief = rng.uniform(size=ties.nnz)
    in_full = np.zeros_like(dense)
    in_full[ties.nonzero()] = belief
    return dense, in_full, Walks.along(ties, belief), 2 * len(sizes)


def summed(dense, belief, sources, targets):
    """The five sums by their definitions, over full arrays."""
    together = (dense > 0).astype(float)
    degree = together.sum(axis=0)
    damped = 1 / np.log(np.maximum(degree, 2)), 1 / np.maximum(degree, 1)
    ours, theirs = together[sources], together[targets]
    share = dense[targets] / np.maximum(dense.sum(axis=0), 1e-300)
    return {
        "number": (ours * theirs).sum(axis=1),
        "log_damped": (ours * theirs * damped[0]).sum(axis=1),
        "degree_damped": (ours * theirs * damped[1]).sum(axis=1),
        "tie_strength": (dense[sources] * share).sum(axis=1),
        "vouched": (belief[sources] * dense[targets]).sum(axis=1),
    }


def assert_summed(mixed, sources, targets):
    dense, belief, walks, _ = mixed
    found = shared_collaborators(walks, sources, targets)
    for name, values in summed(dense, belief, sources, targets).items():
        np.testing.assert_allclose(getattr(found, name), values, rtol=1e-9, err_msg=name)


def test_pairs_of_rows_of_any_two_lengths_asked_about_alone(mixed):
    n = mixed[-1]
    for source in range(n):
        for target in range(0, n, 2):
            assert_summed(mixed, np.array([source]), np.array([target]))


@pytest.mark.parametrize("n_targets", [2, 5, 700])
def test_rows_of_any_length_asked_about_with_several(mixed, n_targets):
    rng = np.random.default_rng(5)
    for source in range(mixed[-1]):
        targets = rng.permutation(700)[:n_targets]
        assert_summed(mixed, np.full(n_targets, source), targets)


def test_sources_take_turns_and_none_leaves_a_mark_for_the_next(mixed):
    rng = np.random.default_rng(6)
    sources = np.sort(rng.integers(mixed[-1], size=2_000))
    assert_summed(mixed, sources, rng.integers(700, size=2_000))
    assert_summed(mixed, sources[::-1], rng.integers(mixed[-1], size=2_000))
