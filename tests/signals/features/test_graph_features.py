"""What is worked out once per graph, by hand on the smallest ecosystem that shows it."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from time import sleep
from weakref import ref

import numpy as np
import pytest

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.features.feature import features_of
from ecosystem_graph.signals.network import embedding

AS_OF = date(2025, 1, 1)


def years_ago(years):
    return {"closed_on": str(AS_OF - timedelta(days=365 * years))}


@pytest.fixture
def history(make_graph):
    """Ann won alone a year ago, with Bob and Cy two years ago; Di never won."""
    return GraphFeatures(
        make_graph(
            partners="di",
            wins={"alone": "ann", "three": "ann bob cy"},
            deals={"alone": years_ago(1), "three": years_ago(2)},
            as_of=AS_OF,
        )
    )


def test_activity_counts_wins_each_halved_every_year(history):
    np.testing.assert_allclose(history.activity, [0.5 + 0.25, 0.25, 0.25, 0])


def test_seats_count_those_met_each_halved_every_year(history):
    np.testing.assert_allclose(history.seats, [2 * 0.25, 2 * 0.25, 2 * 0.25, 0])


def test_those_met_again_count_again(make_graph):
    once, twice = make_graph(wins=["ann bob"]), make_graph(wins=["ann bob", "ann bob"])
    np.testing.assert_allclose(GraphFeatures(twice).seats, 2 * GraphFeatures(once).seats)


def test_the_mean_team_size_is_over_the_deals_won(history):
    np.testing.assert_allclose(history.mean_team_size, [(1 + 3) / 2, 3, 3, 0])


def test_shares_of_ties_add_up_to_one_for_whoever_has_any(make_graph):
    graph = make_graph(partners="di", wins=["ann bob", "ann bob", "ann cy"])
    shares = GraphFeatures(graph, half_life_days=1e12).tie_shares.toarray()
    np.testing.assert_allclose(shares[0], [0, 2 / 3, 1 / 3, 0])
    np.testing.assert_allclose(shares.sum(axis=1), [1, 1, 1, 0])


def test_needs_are_those_of_joint_deals_each_once_however_heavy(make_graph):
    graph = make_graph(
        wins={"joint": "ann bob", "alone": "ann"},
        deal_requirements={"joint": {"crm": 9.0, "erp": 1.0}, "alone": "iam"},
    )
    delivered = GraphFeatures(graph, half_life_days=1e12).delivered.toarray()
    np.testing.assert_allclose(delivered, [[1, 1, 0], [1, 1, 0]])


@pytest.mark.parametrize(("n_deals", "counted"), [(1, 5), (5, 5), (8, 8)])
def test_a_need_is_divided_by_the_deals_that_had_it_five_at_least(make_graph, n_deals, counted):
    wins = {"joint": "ann bob"} | {f"d{n}": "cy" for n in range(n_deals - 1)}
    graph = make_graph(wins=wins, deal_requirements=dict.fromkeys(wins, "crm"))
    share = GraphFeatures(graph, half_life_days=1e12).delivered_share.toarray()
    np.testing.assert_allclose(share[0], 1 / counted)


def test_the_half_life_reaches_ties_needs_and_demand(make_graph):
    graph = make_graph(
        wins={"old": "ann bob", "new": "ann bob"},
        deals={"old": years_ago(2), "new": years_ago(1)},
        deal_requirements={"old": "crm", "new": "erp"},
        as_of=AS_OF,
    )
    features = GraphFeatures(graph, half_life_days=365)
    np.testing.assert_allclose(features.ties.toarray()[0, 1], 0.25 + 0.5)
    np.testing.assert_allclose(features.delivered.toarray()[0], [0.25, 0.5])
    np.testing.assert_allclose(features.demand.toarray()[0], [1 / 3, 2 / 3])


def test_the_seed_and_the_dimensions_reach_the_embedding(make_graph, monkeypatch):
    monkeypatch.setattr(embedding, "_EXACT", 0)
    ring = make_graph(wins=[[f"p{n}", f"p{(n + 1) % 9}"] for n in range(9)])
    one = GraphFeatures(ring, n_components=2, random_state=0).embedding
    other = GraphFeatures(ring, n_components=2, random_state=1).embedding
    assert one.seeking.shape == one.found.shape == (9, 2)
    assert not np.array_equal(one.seeking, other.seeking)


def test_what_is_computed_ahead_is_what_is_computed_when_it_is_read(history):
    alone = GraphFeatures(history.graph)
    history.work_out()
    ahead = {name for name, one in features_of(GraphFeatures).items() if one.ahead}
    assert {"demand", "walks", "markets", "topics"} <= ahead <= vars(history).keys()
    for name in ("demand", "gaps", "met_types", "topics"):
        ours, theirs = getattr(history, name), getattr(alone, name)
        np.testing.assert_array_equal(ours.toarray(), theirs.toarray())
    np.testing.assert_array_equal(history.new_collaborators, alone.new_collaborators)


@pytest.mark.parametrize("name", features_of(GraphFeatures))
def test_a_feature_names_the_features_that_it_reads(history, name):
    fresh = GraphFeatures(history.graph)
    getattr(fresh, name)
    features, needed, waiting = features_of(GraphFeatures), set(), [name]
    while waiting:
        needed.add(one := waiting.pop())
        waiting += features[one].needs
    assert vars(fresh).keys() & features.keys() == needed


def test_what_is_derived_is_computed_once_per_graph(history):
    calls = []

    def n_partners(features):
        calls.append(features)
        return features.graph.n_partners

    other = GraphFeatures(history.graph)
    assert history.derived(n_partners) == history.derived(n_partners) == 4
    assert other.derived(n_partners) == 4
    assert calls == [history, other]


def test_what_is_derived_is_computed_once_whichever_threads_ask(history):
    calls = []

    def slow(features):
        calls.append(None)
        sleep(0.05)
        return len(calls)

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: history.derived(slow), range(8))) == {1}


def test_what_is_derived_ends_with_its_graph(history):
    features = GraphFeatures(history.graph)
    kept = ref(features.derived(lambda _: threading.Event()))
    assert kept() is not None
    del features
    gc.collect()
    assert kept() is None
