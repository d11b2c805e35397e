import importlib.util

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.evaluation.baselines import methods as baselines
from ecosystem_graph.evaluation.baselines.full_ranking import rank_all
from ecosystem_graph.evaluation.baselines.methods import (
    BASELINES,
    History,
    adamic_adar,
    available_baselines,
    common_neighbours,
    personalized_pagerank,
    popularity,
    recent_popularity,
    resource_allocation,
)

needs_implicit = pytest.mark.skipif(
    importlib.util.find_spec("implicit") is None, reason="implicit is an optional extra"
)


def history_of(graph: nx.Graph) -> History:
    """One won deal per edge, and one won alone per partner, which links nobody."""
    n = len(graph)
    wins = np.zeros((n, graph.number_of_edges() + n))
    for deal, (a, b) in enumerate(graph.edges):
        wins[[a, b], deal] = 1.0
    wins[:, graph.number_of_edges() :] = np.eye(n)
    return History.from_wins(csr_array(wins), np.zeros(wins.shape[1]))


@st.composite
def graphs(draw):
    n, density = draw(st.integers(2, 20)), draw(st.floats(0, 1))
    return nx.gnp_random_graph(n, density, seed=draw(st.integers(0, 2**32 - 1)))


def scores_of(name, history, sources, seed=0):
    return BASELINES[name](history, np.random.default_rng(seed))(np.asarray(sources))


def pairs_of(graph):
    return [(u, v) for u in graph for v in graph if u != v]


def test_partners_are_linked_once_by_any_number_of_shared_wins():
    wins = csr_array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    expected = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    adjacency = History.from_wins(wins, np.zeros(3)).adjacency
    np.testing.assert_array_equal(adjacency.toarray(), expected)
    assert adjacency.nnz == 2


@pytest.mark.parametrize(
    ("baseline", "theirs"),
    [
        (adamic_adar, nx.adamic_adar_index),
        (resource_allocation, nx.resource_allocation_index),
        (
            common_neighbours,
            lambda g, pairs: [(u, v, len(list(nx.common_neighbors(g, u, v)))) for u, v in pairs],
        ),
    ],
)
@given(graph=graphs())
def test_neighbourhood_scores_agree_with_networkx(baseline, theirs, graph):
    scores = baseline(history_of(graph), np.random.default_rng(0))(np.arange(len(graph)))
    for u, v, score in theirs(graph, pairs_of(graph)):
        np.testing.assert_allclose(scores[u, v], score, atol=1e-12)


@settings(max_examples=30)
@given(graph=graphs())
def test_personalized_pagerank_agrees_with_networkx(graph):
    scorer = personalized_pagerank(history_of(graph), np.random.default_rng(0))
    scores = scorer(np.arange(len(graph)))
    for source in graph:
        theirs = nx.pagerank(graph, alpha=0.7, personalization={source: 1}, tol=1e-12)
        np.testing.assert_allclose(scores[source], [theirs[v] for v in graph], atol=3e-6)


@pytest.mark.parametrize("n_leaves", [200, 1_001])
def test_personalized_pagerank_of_a_hub_ends_and_adds_up_to_one(n_leaves):
    scores = scores_of("personalized_pagerank", history_of(nx.star_graph(n_leaves)), [0, 1])
    np.testing.assert_allclose(scores.sum(axis=1), 1.0, atol=1e-6)
    # Half of what leaves the hub comes back to it: h = r + (1 - r) (1 - h).
    np.testing.assert_allclose(scores[0, 0], 1 / 1.7, atol=1e-6)


def test_personalized_pagerank_does_not_depend_on_its_blocks(monkeypatch):
    history = history_of(nx.karate_club_graph())
    whole = scores_of("personalized_pagerank", history, range(34))
    monkeypatch.setattr(baselines, "WALKS_AT_ONCE", 5)
    np.testing.assert_allclose(
        scores_of("personalized_pagerank", history, range(34)), whole, atol=3e-6
    )


@given(graph=graphs())
def test_popularity_is_the_number_of_collaborators(graph):
    scores = popularity(history_of(graph), np.random.default_rng(0))(np.array([0, 1]))
    np.testing.assert_array_equal(scores, [[graph.degree(v) for v in graph]] * 2)


def test_recent_popularity_halves_a_joint_win_each_year_and_ignores_wins_alone():
    wins = csr_array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    history = History.from_wins(wins, np.array([365.0, 730.0, 0.0]))
    scores = recent_popularity(history, np.random.default_rng(0))(np.array([2]))
    np.testing.assert_allclose(scores, [[0.5, 0.75, 0.25]])


@pytest.mark.parametrize("name", available_baselines())
def test_a_baseline_scores_every_partner_the_same_whatever_else_is_asked(name):
    history = history_of(nx.karate_club_graph())
    scorer = BASELINES[name](history, np.random.default_rng(0))
    scores = scorer(np.array([5, 33, 0]))
    assert scores.shape == (3, 34)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(scorer(np.array([33])), scores[[1]], atol=3e-6)
    assert scorer(np.array([], dtype=np.intp)).shape == (0, 34)


@pytest.mark.parametrize("name", available_baselines())
def test_the_same_seed_gives_the_same_scores(name):
    history = history_of(nx.karate_club_graph())
    first, second = (scores_of(name, history, range(34), seed=7) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", available_baselines())
def test_a_history_without_joint_wins_is_no_obstacle(name):
    assert np.isfinite(scores_of(name, history_of(nx.empty_graph(4)), range(4))).all()


def test_chance_follows_the_seed():
    history = history_of(nx.path_graph(9))
    assert (scores_of("random", history, [0]) != scores_of("random", history, [0], seed=1)).all()


@needs_implicit
def test_als_finds_two_planted_blocks():
    graph = nx.stochastic_block_model([100, 100], [[0.3, 0.0], [0.0, 0.3]], seed=0)
    history, block = history_of(graph), np.repeat([0, 1], 100)
    scorer = BASELINES["implicit_als"](history, np.random.default_rng(0))
    ranked = rank_all(scorer, np.arange(200), history.adjacency, np.ones(200, bool), k=10)
    assert (block[ranked] == block[:, np.newaxis]).mean() > 0.9  # strangers alone: about 0.4


def test_als_is_left_out_where_implicit_is_not_installed(monkeypatch):
    monkeypatch.setattr(baselines, "find_spec", lambda name: None)
    assert set(BASELINES) - set(available_baselines()) == {"implicit_als"}
