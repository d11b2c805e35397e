"""Shared collaborators, against networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.signals.topology import adamic_adar, common_neighbours, resource_allocation


def shared(graph, pairs):
    return [(u, v, len(list(nx.common_neighbors(graph, u, v)))) for u, v in pairs]


@st.composite
def graphs(draw):
    n, density = draw(st.integers(2, 20)), draw(st.floats(0, 1))
    return nx.gnp_random_graph(n, density, seed=draw(st.integers(0, 2**32 - 1)))


@pytest.mark.parametrize(
    ("signal", "theirs"),
    [
        (common_neighbours, shared),
        (adamic_adar, nx.adamic_adar_index),
        (resource_allocation, nx.resource_allocation_index),
    ],
)
@given(graph=graphs())
def test_shared_collaborators_count_as_in_networkx(every_pair, signal, theirs, graph):
    sources, targets = every_pair(len(graph))
    apart = sources != targets
    sources, targets = sources[apart], targets[apart]
    ours = signal(nx.to_scipy_sparse_array(graph, dtype=float, format="csr"), sources, targets)
    pairs = list(zip(sources.tolist(), targets.tolist(), strict=True))
    expected = [score for *_, score in theirs(graph, pairs)]
    np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_a_choosy_shared_collaborator_counts_more():
    star = nx.to_scipy_sparse_array(nx.star_graph(5), dtype=float, format="csr")
    path = nx.to_scipy_sparse_array(nx.path_graph(3), dtype=float, format="csr")
    both = np.array([1]), np.array([2])
    ends = np.array([0]), np.array([2])
    for signal in (adamic_adar, resource_allocation):
        assert signal(star, *both) < signal(path, *ends)
    assert common_neighbours(star, *both) == common_neighbours(path, *ends) == 1
