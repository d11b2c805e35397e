"""What decides where scores do not: the gap, the other's, customers, then chance; no name does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.ranking.tie_breaking import best_of_lists, by_gap_filled, by_position
from ecosystem_graph.signals import GraphFeatures

NAMES = ["ann", "bob", "cy", "di", "eve", "fay", "gus", "hal"]


def order_for(graph, source, names):
    """Names in the order that a tie between them is broken in."""
    targets = graph.index.positions(names)
    sources = np.full(len(names), graph.index.position(source))
    places = by_gap_filled(GraphFeatures(graph), sources, targets)
    return [names[place] for place in np.argsort(places)]


def test_whoever_fills_more_of_the_gap_comes_first_then_who_gains_more_in_return(make_graph):
    held = {"ann": "crm", "bob": "crm erp iam", "cy": "erp", "di": "crm erp iam", "eve": "crm"}
    held = {name: dict.fromkeys(words.split(), "certified") for name, words in held.items()}
    graph = make_graph(partner_capabilities=held)
    assert order_for(graph, "ann", ["eve", "cy", "di"]) == ["di", "cy", "eve"]
    # Both lack nothing that bob has; what ann and eve hold he has himself.
    assert order_for(graph, "cy", ["eve", "bob"]) == ["bob", "eve"]


def test_then_happier_customers_come_first(make_graph):
    csat = [{"partner_id": name, "score": score} for name, score in {"cy": 2.0, "bob": 5.0}.items()]
    graph = make_graph(partners="ann bob cy", csat=csat)
    assert order_for(graph, "ann", ["cy", "bob"]) == ["bob", "cy"]


def test_then_chance_that_is_another_for_each_and_the_same_every_time(make_graph):
    graph = make_graph(partners=" ".join(NAMES))
    first = {}
    for name in NAMES:
        others = [other for other in NAMES if other != name]
        first[name] = order_for(graph, name, others)[0]
        assert order_for(graph, name, others[::-1])[0] == first[name]
    assert len(set(first.values())) >= 3


def test_chance_is_that_of_the_two_names_whoever_else_is_there(make_graph):
    alone = order_for(make_graph(partners="ann bob cy di"), "di", ["ann", "bob", "cy"])
    among = order_for(make_graph(partners=" ".join(NAMES)), "di", ["ann", "bob", "cy"])
    assert alone == among


@given(
    scores=st.lists(st.lists(st.integers(0, 2), max_size=6), min_size=1, max_size=4),
    k=st.integers(1, 7),
    seed=st.integers(0, 2**16),
)
def test_ties_alone_are_broken_and_the_best_stay(scores, k, seed):
    sources = np.repeat(np.arange(len(scores)), [len(row) for row in scores])
    targets = np.concatenate([np.arange(len(row)) for row in scores]).astype(np.intp)
    flat = np.array([score for row in scores for score in row], dtype=float)
    chance = np.random.default_rng(seed).random((len(scores), 6))

    def order(a, b):
        return np.argsort(np.argsort(chance[a, b]))

    listed = best_of_lists(sources, targets, flat, k, order)
    expected = sorted(
        range(len(flat)), key=lambda i: (sources[i], -flat[i], chance[sources[i], targets[i]])
    )
    rank = {source: 0 for source in range(len(scores))}
    kept = []
    for place in expected:
        rank[sources[place]] += 1
        if rank[sources[place]] <= k:
            kept.append(place)
    assert listed.tolist() == kept


def test_nobody_is_asked_where_no_scores_are_equal():
    def nobody(sources, targets):
        pytest.fail("there is no tie")

    scores = np.array([3.0, 1.0, 2.0, 1.0])
    pairs = np.array([0, 0, 0, 1]), np.array([1, 2, 3, 0])
    assert best_of_lists(*pairs, scores, 2, nobody).tolist() == [0, 2, 3]
    assert best_of_lists(*pairs, scores, 2, by_position).tolist() == [0, 2, 3]
