"""Ties worked out by hand, and what a further win does to them."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.trust import shared_tie_strength, tie_strength

AS_OF = date(2025, 1, 1)
NEVER = 1e12  # days, as a half-life: age does not matter


def days_ago(days):
    return {"closed_on": str(AS_OF - timedelta(days=days))}


def strength(graph, sources, targets, half_life_days=NEVER):
    return tie_strength(GraphFeatures(graph, half_life_days=half_life_days).ties, sources, targets)


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


@pytest.mark.parametrize("size", [2, 3, 6])
def test_a_win_of_many_ties_each_two_of_them_less(make_graph, pair, size):
    team = [f"p{n}" for n in range(size)]
    graph = make_graph(wins=[team])
    np.testing.assert_allclose(strength(graph, *pair(graph, "p0", "p1")), [1 / (size - 1)])


@pytest.mark.parametrize(("age", "left"), [(100, 0.5), (200, 0.25), (50, 0.5**0.5)])
def test_a_tie_halves_with_every_half_life(make_graph, pair, age, left):
    graph = make_graph(wins={"d": "ann bob"}, deals={"d": days_ago(age)}, as_of=AS_OF)
    tie = strength(graph, *pair(graph, "ann", "bob"), half_life_days=100)
    np.testing.assert_allclose(tie, [left])


def test_wins_add_up(make_graph, pair):
    graph = make_graph(
        wins={"d-1": "ann bob", "d-2": "ann bob cy"},
        deals={"d-1": days_ago(100), "d-2": days_ago(200)},
        as_of=AS_OF,
    )
    tie = strength(graph, *pair(graph, "bob", "ann"), half_life_days=100)
    np.testing.assert_allclose(tie, [0.5 + 0.25 / 2])


def test_those_new_to_each_other_have_no_tie(make_graph, pair):
    graph = make_graph(wins=["ann bob", "bob cy", "ann"])
    assert strength(graph, *pair(graph, "ann", "cy")) == 0


@settings(max_examples=20)
@given(data=st.data())
def test_another_win_ties_its_team_closer_and_nobody_else(make_graph, every_pair, data):
    everybody = ["ann", "bob", "cy", "di"]
    teams = st.lists(st.sampled_from(everybody), unique=True, min_size=2)
    wins, another = data.draw(st.lists(teams, max_size=4)), data.draw(teams)
    before = make_graph(partners=everybody, wins=wins)
    after = make_graph(partners=everybody, wins=[*wins, another])
    pairs = every_pair(4)
    more = strength(after, *pairs) - strength(before, *pairs)
    won = np.isin(everybody, another)
    expected = np.outer(won, won) * (1 - np.eye(4)) / (len(another) - 1)
    np.testing.assert_allclose(more.reshape(4, 4), expected, atol=1e-9)


def test_a_shared_collaborator_passes_on_the_share_of_its_ties():
    ann, bob, cy = range(3)
    chain = np.zeros((4, 4))
    chain[ann, bob] = chain[bob, ann] = 2.0
    chain[bob, cy] = chain[cy, bob] = 1.0
    chain[bob, 3] = chain[3, bob] = 5.0
    found = shared_tie_strength(csr_array(chain), np.array([ann]), np.array([cy]))
    np.testing.assert_allclose(found, [2.0 * 1.0 / (2.0 + 1.0 + 5.0)])


@given(data=st.data(), n=st.integers(1, 7))
def test_shared_ties_are_two_steps_over_all_shared_collaborators(every_pair, data, n):
    dense = data.draw(ties(n))
    ours = shared_tie_strength(csr_array(dense), *every_pair(n)).reshape(n, n)
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
    before = shared_tie_strength(csr_array(dense), sources, targets)
    after = shared_tie_strength(csr_array(closer), sources, targets)
    assert (after >= before - 1e-12).all()
    assert (after > before)[dense[bob, 2:] > 0].all()


def test_a_shared_collaborator_that_turns_to_others_ties_the_two_less():
    chain = np.array([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0] * 4])
    turned = chain.copy()
    turned[1, 3] = turned[3, 1] = 2.0
    ends = np.array([0]), np.array([2])
    assert shared_tie_strength(csr_array(chain), *ends) == 0.5
    assert shared_tie_strength(csr_array(turned), *ends) == 0.25
