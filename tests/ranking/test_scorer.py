"""A pair has one score in one list and one probability, whoever asks and whatever else is asked."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from ecosystem_graph.ranking import Calibration, CandidateFinder, Scorer, feature_matrix
from ecosystem_graph.signals import GraphFeatures

STEPS = Calibration(
    above=np.array([-5.0, -3.0, -2.0]),
    probability=np.array([0.1, 0.2, 0.3]),
    low=np.array([0.05, 0.15, 0.25]),
    high=np.array([0.15, 0.25, 0.35]),
    n=np.array([200, 300, 400]),
)


@pytest.fixture
def scorer(make_graph, any_ranker):
    ids = [f"p{n:02}" for n in range(30)]
    graph = make_graph(wins=[list(pair) for pair in pairwise(ids)] + [ids[:6], ids[9:14]])
    finder = CandidateFinder(GraphFeatures(graph), n_candidates=20)
    return Scorer(finder, any_ranker, "new", STEPS)


def test_the_score_of_a_pair_is_that_of_the_list(scorer):
    pairs, scores = scorer.candidates(np.arange(30))
    order = np.random.default_rng(0).permutation(len(pairs))
    again = scorer.log_odds(pairs.sources[order], pairs.targets[order])
    np.testing.assert_array_equal(again, scores[order])


def test_whom_else_a_finder_proposes_does_not_change_a_score(scorer):
    pairs, scores = scorer.candidates(np.arange(30))
    open_to = np.arange(30) % 3 == 0
    narrow = CandidateFinder(scorer.finder.features, n_candidates=20, open_to=open_to)
    found, narrowed = scorer.candidates(np.arange(30), narrow)
    assert open_to[found.targets].all()
    by_pair = dict(zip(zip(pairs.sources, pairs.targets, strict=True), scores, strict=True))
    both = [
        (by_pair[pair], score)
        for pair, score in zip(
            zip(found.sources, found.targets, strict=True), narrowed, strict=True
        )
        if pair in by_pair
    ]
    assert len(both) > 50
    assert all(one == other for one, other in both)


def test_a_probability_is_the_same_from_both_sides(scorer):
    a, b = np.triu_indices(30, 1)
    middle = np.quantile(scorer.mutual(a, b), [0.0, 0.3, 0.7])
    scorer.calibration = replace(STEPS, above=middle)
    ours, theirs = scorer.probability(a, b), scorer.probability(b, a)
    np.testing.assert_array_equal(ours.mean, theirs.mean)
    assert len(set(ours.mean)) > 1
    assert set(zip(ours.mean, ours.low, ours.high, ours.n, strict=True)) <= set(
        zip(STEPS.probability, STEPS.low, STEPS.high, STEPS.n, strict=True)
    )


def test_without_a_calibration_there_is_no_probability(scorer):
    silent = Scorer(scorer.finder, scorer.ranker, "new")
    assert silent.probability(np.array([0]), np.array([5])) is None


def test_what_is_usual_in_a_list_is_made_once_however_often_it_is_filtered(scorer, monkeypatch):
    sources = np.arange(4)
    made = []
    usual = scorer._computed_lists
    monkeypatch.setattr(
        scorer, "_computed_lists", lambda shard: made.append(len(shard)) or usual(shard)
    )
    scorer.list_scales.made[:] = False
    for kept in range(3):
        scorer.candidates(sources, scorer.finder.open_only_to(np.arange(30) % 3 == kept))
    assert made == [4]


def test_signals_beyond_the_training_range_are_those_clipped_in_a_contribution(scorer):
    narrow = replace(scorer.ranker, least=scorer.ranker.least / 4, most=scorer.ranker.most / 4)
    scorer = Scorer(scorer.finder, narrow, "new")
    a, b = np.nonzero(~np.eye(30, dtype=bool))
    beyond = scorer.beyond(a, b)
    values = feature_matrix(scorer.finder.features, narrow.names, a, b)
    z = narrow.list_z_scores(values, a, scorer.lists(np.arange(30)))
    np.testing.assert_array_equal(beyond, (z < narrow.least) | (z > narrow.most))
    assert 0.1 < beyond.mean() < 0.9
    by_pair = beyond.reshape(30, 29, -1)
    assert (by_pair[0, 4] != by_pair[5, 0]).any()  # 0 with 5, and 5 with 0


def test_a_mutual_score_is_the_mean_of_the_two_sides(scorer):
    a, b = np.triu_indices(30, 1)
    ours, theirs = scorer.log_odds(a, b), scorer.log_odds(b, a)
    assert (ours != theirs).any()
    np.testing.assert_array_equal(scorer.mutual(a, b), (ours + theirs) / 2)
    np.testing.assert_array_equal(scorer.mutual(a, b, ours), scorer.mutual(b, a))


def test_a_probability_is_that_of_the_step_of_the_mutual_score(scorer):
    a, b = np.triu_indices(30, 1)
    scorer.calibration = replace(STEPS, above=np.quantile(scorer.mutual(a, b), [0.0, 0.3, 0.7]))
    step = np.searchsorted(scorer.calibration.above, scorer.mutual(a, b), side="right") - 1
    chance = scorer.probability(a, b)
    for told, kept in (
        (chance.mean, STEPS.probability),
        (chance.low, STEPS.low),
        (chance.high, STEPS.high),
        (chance.n, STEPS.n),
    ):
        np.testing.assert_array_equal(told, kept[step])
    assert set(step) == {0, 1, 2}
