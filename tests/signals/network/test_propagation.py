import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.signals.network.propagation import propagated_trust


def weighted(n, density, seed):
    graph = nx.gnp_random_graph(n, density, seed=seed)
    rng = np.random.default_rng(seed)
    for left, right in graph.edges:
        graph[left][right]["weight"] = 0.1 + rng.random()
    return graph, nx.to_scipy_sparse_array(graph, weight="weight", format="csr", dtype=float)


@settings(max_examples=25)
@given(n=st.integers(2, 25), density=st.floats(0.1, 1), seed=st.integers(0, 2**16))
def test_propagated_trust_is_the_personalised_pagerank_of_networkx(n, density, seed):
    graph, ties = weighted(n, density, seed)
    graph.remove_nodes_from([node for node in list(graph) if graph.degree(node) == 0])
    if 0 not in graph:
        return
    theirs = nx.pagerank(graph, alpha=0.7, personalization={0: 1}, tol=1e-12, max_iter=1000)
    ours = propagated_trust(ties, np.zeros(n, dtype=int), np.arange(n), epsilon=1e-10)
    expected = [theirs.get(node, 0.0) for node in range(n)]
    np.testing.assert_allclose(ours, expected, atol=1e-7)


@pytest.mark.parametrize("epsilon", [1e-1, 1e-2, 1e-3])
def test_the_answer_is_never_too_high_and_too_low_by_no_more_than_promised(epsilon):
    _, ties = weighted(40, 0.2, 1)
    targets = np.arange(40)
    exact = propagated_trust(ties, np.full(40, 3), targets, epsilon=1e-12)
    rough = propagated_trust(ties, np.full(40, 3), targets, epsilon=epsilon)
    strength = np.asarray(ties.sum(axis=1)).ravel()
    assert (rough <= exact + 1e-12).all()
    assert (exact - rough <= epsilon * strength + 1e-12).all()
    assert (rough < exact - 1e-9).any()


def test_a_partner_without_ties_trusts_only_itself():
    nobody = csr_array((3, 3), dtype=float)
    assert propagated_trust(nobody, np.zeros(3, int), np.arange(3)).tolist() == [1, 0, 0]


def test_the_order_of_pairs_changes_nothing():
    _, ties = weighted(30, 0.2, 2)
    sources, targets = np.repeat(np.arange(30), 30), np.tile(np.arange(30), 30)
    order = np.random.default_rng(0).permutation(900)
    together = propagated_trust(ties, sources, targets)
    apart = propagated_trust(ties, sources[order], targets[order])
    np.testing.assert_array_equal(apart, together[order])


@pytest.mark.parametrize("wrong", [{"restart": 0.0}, {"restart": 1.0}, {"epsilon": 0.0}])
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="Got"):
        propagated_trust(csr_array((1, 1)), np.zeros(1, int), np.zeros(1, int), **wrong)


@pytest.mark.parametrize("strength", [1e-308, 1e-320])
def test_walks_along_ties_faded_to_next_to_nothing_end(strength):
    ties = csr_array(np.array([[0.0, strength], [strength, 0.0]]))
    trust = propagated_trust(ties, np.array([0, 1, 0]), np.array([1, 0, 1]))
    assert np.isfinite(trust).all()
    assert (trust > 0).all()
    assert (trust < 0.7).all()
    assert trust[0] == trust[2]


def test_a_walk_ends_at_each_step_with_three_in_ten_unless_told_otherwise():
    _, ties = weighted(40, 0.2, 1)
    sources, targets = np.full(40, 3), np.arange(40)
    default = propagated_trust(ties, sources, targets)
    same = propagated_trust(ties, sources, targets, restart=0.3, epsilon=1e-3)
    np.testing.assert_array_equal(default, same)
    for other in ({"restart": 0.31}, {"epsilon": 2e-3}, {"epsilon": 5e-4}):
        assert (propagated_trust(ties, sources, targets, **other) != default).any()


def test_a_walk_is_followed_for_a_hundred_steps():
    """Between two partners: it is at the other after an odd number of steps."""
    pair, there = csr_array([[0.0, 2.0], [2.0, 0.0]]), (np.array([0]), np.array([1]))
    ends = 0.01 * 0.99 ** np.arange(1, 100, 2)
    told = propagated_trust(pair, *there, restart=0.01, epsilon=1e-12)
    np.testing.assert_allclose(told, ends.sum(), rtol=1e-12)


def test_what_waits_below_the_accuracy_counts_in_part():
    """With an accuracy of 1 nothing is passed on twice: 0.7 waits, of which 0.3 ends there."""
    path = csr_array([[0.0, 1.0, 3.0], [1.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
    told = propagated_trust(path, np.zeros(3, int), np.arange(3), epsilon=1.0)
    np.testing.assert_allclose(told, [0.3, 0.3 * 0.7 / 4, 0.3 * 0.7 * 3 / 4])
