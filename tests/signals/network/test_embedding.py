"""The embedding against an exact decomposition, and on communities that were planted."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.arrays.fingerprints import mixed
from ecosystem_graph.signals.network import embedding
from ecosystem_graph.signals.network.embedding import Embedding, truncated_svd


def adjacency_of(graph):
    return nx.to_scipy_sparse_array(graph, dtype=float, format="csr")


def damped(adjacency):
    degree = np.maximum(adjacency.sum(axis=1), 1) ** -0.25
    return adjacency.toarray() * np.outer(degree, degree)


def affinities(embedding, every_pair):
    n = len(embedding.seeking)
    return embedding.affinity(*every_pair(n)).reshape(n, n)


@pytest.fixture(scope="module")
def circles():
    """Two circles of twenty that mostly win among themselves."""
    return adjacency_of(nx.planted_partition_graph(2, 20, 0.5, 0.05, seed=1))


@given(n=st.integers(1, 12), density=st.floats(0, 1), seed=st.integers(0, 2**16))
def test_with_a_dimension_per_partner_it_is_the_damped_adjacency(every_pair, n, density, seed):
    adjacency = adjacency_of(nx.gnp_random_graph(n, density, seed=seed))
    ours = affinities(truncated_svd(adjacency, n_components=n, random_state=0), every_pair)
    np.testing.assert_allclose(ours, damped(adjacency), atol=2e-6)
    assert (ours[adjacency.toarray() == 0] == 0).all()


@pytest.mark.parametrize("n", [12, 30])
def test_rounding_errors_bring_nobody_near(every_pair, n):
    for seed in range(60):
        adjacency = adjacency_of(nx.gnp_random_graph(n, 0.05, seed=seed))
        near = affinities(truncated_svd(adjacency, n_components=64, random_state=0), every_pair)
        np.testing.assert_array_equal(near != 0, adjacency.toarray() != 0)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("n_components", [1, 2, 3])
def test_no_array_of_that_rank_is_nearer(circles, every_pair, n_components, exact, monkeypatch):
    monkeypatch.setattr(embedding, "_EXACT", 1_024 if exact else 0)
    exact = damped(circles)
    best = np.sqrt((np.linalg.svd(exact, compute_uv=False)[n_components:] ** 2).sum())
    ours = affinities(truncated_svd(circles, n_components, random_state=0), every_pair)
    assert np.linalg.norm(exact - ours) == pytest.approx(best, rel=0.01)


def test_those_of_one_circle_are_nearer_though_they_never_won_together(circles, every_pair):
    near = affinities(truncated_svd(circles, n_components=2, random_state=0), every_pair)
    circle = np.repeat([0, 1], 20)
    new = (circles.toarray() == 0) & ~np.eye(40, dtype=bool)
    same = np.equal.outer(circle, circle)
    assert np.quantile(near[new & same], 0.05) > np.quantile(near[new & ~same], 0.95)


def test_one_seed_gives_one_answer(circles, monkeypatch):
    monkeypatch.setattr(embedding, "_EXACT", 0)
    one, same, other = (
        truncated_svd(circles, n_components=5, random_state=seed) for seed in (7, 7, 8)
    )
    np.testing.assert_array_equal(one.seeking, same.seeking)
    np.testing.assert_array_equal(one.found, same.found)
    assert not np.array_equal(one.seeking, other.seeking)


@pytest.mark.parametrize("n_components", [1, 4, 64])
def test_who_never_won_with_anybody_is_near_nobody(circles, every_pair, n_components):
    loners = np.zeros((3, 3))
    adjacency = csr_array(
        np.block([[circles.toarray(), np.zeros((40, 3))], [np.zeros((3, 40)), loners]])
    )
    near = affinities(truncated_svd(adjacency, n_components, random_state=0), every_pair)
    assert (near[40:] == 0).all()
    assert (near[:, 40:] == 0).all()
    assert near[:40, :40].any()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_where_nobody_won_together_everybody_is_nowhere(every_pair, n):
    near = affinities(truncated_svd(csr_array((n, n)), 64, random_state=0), every_pair)
    np.testing.assert_array_equal(near, np.zeros((n, n)))


def test_pairs_worked_on_at_a_time_do_not_matter(circles, every_pair):
    vectors = truncated_svd(circles, n_components=4, random_state=0)
    pairs = every_pair(40)
    one_by_one = vectors.affinity(*pairs, block=7)
    np.testing.assert_allclose(one_by_one, vectors.affinity(*pairs), rtol=1e-5)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("n_components", [3, 5, 16])
def test_another_order_of_partners_changes_nobodys_affinities(
    circles, every_pair, n_components, exact, monkeypatch
):
    monkeypatch.setattr(embedding, "_EXACT", 1_024 if exact else 0)
    order = np.random.default_rng(0).permutation(40)
    fingerprints = mixed(np.arange(40))
    plain = truncated_svd(circles, n_components, 0, fingerprints)
    moved = truncated_svd(circles[order][:, order], n_components, 0, fingerprints[order])
    expected = affinities(plain, every_pair)[np.ix_(order, order)]
    np.testing.assert_allclose(affinities(moved, every_pair), expected, atol=2e-5)


@pytest.mark.parametrize("n_components", [1, 7, 30])
def test_of_equally_long_directions_chance_keeps_none(every_pair, n_components):
    """Thirty pairs that won with nobody else: all are as near to each other, or none is."""
    pairs = adjacency_of(nx.from_edgelist((2 * n, 2 * n + 1) for n in range(30)))
    near = affinities(truncated_svd(pairs, n_components), every_pair)
    together = near[pairs.toarray() > 0]
    np.testing.assert_allclose(together, together[0], atol=1e-6)


def weighted(*weights):
    """Pairs that won with nobody else; a tie of weight w, damped, is one of its square root."""
    graph = nx.Graph()
    graph.add_weighted_edges_from((2 * n, 2 * n + 1, w) for n, w in enumerate(weights))
    return adjacency_of(graph)


@pytest.mark.parametrize(("n_components", "kept"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (9, 3)])
def test_directions_are_kept_up_to_where_the_next_is_shorter(every_pair, n_components, kept):
    """Each pair has two directions of one length, 3, 2 and 1: both are kept, or neither."""
    near = affinities(truncated_svd(weighted(4, 9, 1), n_components), every_pair)
    expected = np.zeros((6, 6))
    for place, length in [(2, 3.0), (0, 2.0), (4, 1.0)][:kept]:
        expected[place, place + 1] = expected[place + 1, place] = length
    np.testing.assert_allclose(near, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("n_components", "n_near"), [(49, 0), (50, 60), (59, 60), (60, 60), (1_000, 60)]
)
def test_at_most_ten_more_directions_are_kept(every_pair, n_components, n_near):
    near = affinities(truncated_svd(weighted(*[1] * 30), n_components), every_pair)
    assert np.count_nonzero(near) == n_near


@pytest.mark.parametrize(("n_components", "n_near"), [(20, 2), (52, 62), (51, 2)])
def test_where_the_next_fall_is_too_far_those_before_the_last_are_kept(
    every_pair, n_components, n_near
):
    near = affinities(truncated_svd(weighted(9, *[1] * 30), n_components), every_pair)
    assert np.count_nonzero(near) == n_near


def test_affinities_below_a_hundred_thousandth_are_none():
    found = np.array([[1.1e-5], [0.9e-5], [-1.1e-5], [-0.9e-5], [0.5]], dtype=np.float32)
    vectors = Embedding(np.ones((5, 1), dtype=np.float32), found)
    near = vectors.affinity(np.zeros(5, dtype=np.intp), np.arange(5))
    np.testing.assert_allclose(near, [1.1e-5, 0, -1.1e-5, 0, 0.5], rtol=1e-6)


def test_an_affinity_is_between_the_one_that_seeks_and_the_one_that_is_found():
    seeking = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32)
    found = np.array([[5.0, 6.0], [7.0, 8.0]], dtype=np.float32)
    near = Embedding(seeking, found).affinity(np.array([0, 1]), np.array([1, 0]))
    assert near.tolist() == [1 * 7 + 2 * 8, 3 * 5 + 4 * 6]


@pytest.mark.parametrize("rows", [16_384, 7])
@pytest.mark.parametrize("n_components", [100, 70])
def test_with_as_many_projections_as_partners_nothing_is_lost(
    every_pair, n_components, rows, monkeypatch
):
    """Eighty and a hundred columns of signs: more than the bits of one number."""
    monkeypatch.setattr(embedding, "_EXACT", 0)
    monkeypatch.setattr(embedding, "_ROWS", rows)
    graph = nx.gnp_random_graph(min(n_components + 10, 100), 0.2, seed=2)
    adjacency = adjacency_of(graph)
    ours = affinities(truncated_svd(adjacency, n_components), every_pair)
    lengths = np.linalg.svd(damped(adjacency), compute_uv=False)
    lost = np.linalg.norm(lengths[n_components:])
    assert np.linalg.norm(damped(adjacency) - ours) == pytest.approx(lost, abs=1e-4)


@pytest.mark.parametrize("n_components", [3, 8])
def test_a_graph_of_fewer_directions_than_asked_for_is_found_by_projections(
    every_pair, n_components, monkeypatch
):
    """Everybody of one third won with everybody of the others: three directions in all."""
    monkeypatch.setattr(embedding, "_EXACT", 0)
    thirds = adjacency_of(nx.complete_multipartite_graph(20, 15, 10))
    vectors = truncated_svd(thirds, n_components)
    assert vectors.seeking.shape == vectors.found.shape == (45, n_components)
    np.testing.assert_allclose(affinities(vectors, every_pair), damped(thirds), atol=1e-5)


def test_fewer_directions_are_those_that_more_begin_with(circles, monkeypatch):
    """The vectors for seeking stand at right angles, of length 1, the longest direction first."""
    monkeypatch.setattr(embedding, "_EXACT", 0)
    vectors = truncated_svd(circles, 4)
    angles = vectors.seeking.T @ vectors.seeking
    np.testing.assert_allclose(angles, np.eye(4), atol=1e-5)
    lengths = np.linalg.norm(vectors.found, axis=0)
    expected = np.linalg.svd(damped(circles), compute_uv=False)[:4]
    np.testing.assert_allclose(lengths, expected, rtol=2e-3)
    assert (np.diff(lengths) < 0).all()
