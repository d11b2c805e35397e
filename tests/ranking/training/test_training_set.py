"""What is learnt from: pairs as they looked on a day, and who won together after it."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.ranking import (
    Calibration,
    CandidateFinder,
    Scale,
    Scorer,
    drawn_sources,
    feature_matrix,
    fit_ranker,
    reference_scale,
    training_set,
    wins_after,
)
from ecosystem_graph.ranking.tie_breaking import by_gap_filled
from ecosystem_graph.ranking.training import training_set as training_sets
from ecosystem_graph.ranking.training.training_set import (
    TrainingSet,
    fit_calibration,
    joined,
)
from ecosystem_graph.signals import SIGNALS, GraphFeatures, PairFeatures

DAY = "2024-01-01"
UNTIL = date(2025, 1, 1)


def spelled(graph, matrix):
    """Pairs with an entry, by id."""
    rows, columns = matrix.nonzero()
    return {
        f"{graph.index.ids[a]} {graph.index.ids[b]}" for a, b in zip(rows, columns, strict=True)
    }


def later(tables, until=UNTIL):
    graph = EcosystemGraph.from_tables(tables, DAY)
    return spelled(graph, wins_after(graph, tables, until))


def learnt_from(tables, task="new", seed=0, n_sources=1_000, won_later=None):
    graph = EcosystemGraph.from_tables(tables, DAY)
    finder, rng = CandidateFinder(GraphFeatures(graph)), np.random.default_rng(seed)
    sources, _ = drawn_sources(finder, n_sources, rng)
    later = wins_after(graph, tables, UNTIL) if won_later is None else won_later
    return training_set(finder, later, task=task, sources=sources, rng=rng)


def signal(tables, training, name):
    """The signal in its own unit, of each pair learnt from."""
    features = GraphFeatures(EcosystemGraph.from_tables(tables, DAY))
    return SIGNALS[name].of(PairFeatures(features, training.sources, training.targets))


def assert_same(one, other):
    np.testing.assert_array_equal(one.z_scores, other.z_scores)
    np.testing.assert_array_equal(one.won, other.won)
    np.testing.assert_array_equal(one.weight, other.weight)


@pytest.fixture(scope="module")
def ring(make_tables):
    """Forty that won with their neighbours in 2023; in 2024 some do again, some with the next.

    Forty more have no history at all.
    """
    around = [f"p{n % 40:02}" for n in range(42)]
    past = {f"past{n}": around[n : n + 2] for n in range(40)}
    new = {f"new{n}": [around[n], around[n + 2]] for n in range(0, 40, 2)}
    again = {f"again{n}": around[n : n + 2] for n in range(0, 40, 4)}
    return make_tables(
        partners=[f"cold{n}" for n in range(40)],
        wins=past | new | again,
        deals={deal: {"closed_on": "2023-06-01"} for deal in past}
        | {deal: {"closed_on": "2024-06-01"} for deal in new | again},
    )


@pytest.mark.parametrize(
    ("closed_on", "counts"),
    [("2023-12-31", False), (DAY, True), ("2024-12-31", True), ("2025-01-01", False)],
)
def test_wins_count_from_the_day_on_until_the_horizon_ends(make_tables, closed_on, counts):
    tables = make_tables(wins={"d": "ann bob"}, deals={"d": {"closed_on": closed_on}})
    assert later(tables) == ({"ann bob", "bob ann"} if counts else set())


def test_without_a_horizon_all_later_wins_count(make_tables):
    tables = make_tables(wins={"d": "ann bob"}, deals={"d": {"closed_on": "2031-01-01"}})
    assert later(tables, until=None) == {"ann bob", "bob ann"}


@pytest.mark.parametrize("deal", [{"outcome": "lost"}, {"outcome": "open"}, {"closed_on": None}])
def test_only_won_deals_with_a_date_count(make_tables, deal):
    assert later(make_tables(wins={"d": "ann bob", "e": "cy"}, deals={"d": deal})) == set()


def test_all_that_won_a_deal_won_with_each_other_once(make_tables):
    tables = make_tables(wins=["ann bob cy", "ann bob", "di"])
    graph = EcosystemGraph.from_tables(tables, DAY)
    together = wins_after(graph, tables, UNTIL)
    np.testing.assert_array_equal(together.toarray()[:3, :3], 1 - np.eye(3))
    assert together.nnz == 6


def test_those_yet_to_join_are_no_answers(make_tables):
    tables = make_tables(wins=["ann bob zoe"], partners={"zoe": {"joined_on": DAY}})
    assert later(tables) == {"ann bob", "bob ann"}


def test_new_pairs_are_learnt_from_by_whether_they_first_won_together(ring):
    training = learnt_from(ring)
    assert (signal(ring, training, "adamic_adar")[training.won] > 0).all()
    assert training.won.sum() == 2 * 20  # both ways; those that won again were not new
    assert "tie_strength" not in training.scale.names


def test_known_pairs_are_learnt_from_by_whether_they_won_again(ring):
    training = learnt_from(ring, task="repeat")
    assert (signal(ring, training, "tie_strength") > 0).all()
    assert training.won.sum() == 2 * 10


@pytest.mark.parametrize(("task", "n_pairs"), [("new", 40 * 77), ("repeat", 40 * 2)])
def test_rows_stand_for_all_candidates(ring, task, n_pairs):
    weights = [learnt_from(ring, task, seed).weight for seed in range(5)]
    assert {*np.concatenate(weights)} == {1.0, 2.5}
    for weight in weights:
        n_rest = n_pairs - (weight == 1.0).sum()
        spread = 2.5 * np.sqrt(n_rest * 0.4 * 0.6)
        assert abs(weight.sum() - n_pairs) < 4 * spread


def test_one_seed_gives_one_set_and_another_gives_others(ring):
    assert_same(learnt_from(ring, seed=3), learnt_from(ring, seed=3))
    assert (
        learnt_from(ring, seed=3).z_scores.tolist() != learnt_from(ring, seed=4).z_scores.tolist()
    )


def test_only_so_many_partners_are_drawn(ring):
    few = learnt_from(ring, n_sources=10)
    assert 0 < few.won.sum() <= 2 * 10
    assert few.weight.sum() < 10 * 79 * 1.5  # of them all, give or take the draw


def test_who_has_no_history_is_no_source_but_a_candidate(ring):
    training = learnt_from(ring)
    assert (signal(ring, training, "own_popularity") > 0).all()
    assert (signal(ring, training, "met_type") == 0).any()


@settings(max_examples=10)
@given(data=st.data())
def test_what_happens_from_the_day_on_changes_no_signal(make_tables, data):
    everybody = ["ann", "bob", "cy", "di", "eve"]
    teams = st.lists(st.sampled_from(everybody), unique=True, max_size=4)
    past = {f"past{n}": team for n, team in enumerate(data.draw(st.lists(teams, min_size=1)))}
    future = {f"future{n}": team for n, team in enumerate(data.draw(st.lists(teams, min_size=1)))}
    day = data.draw(st.sampled_from([DAY, "2024-05-05"]))
    deals = {deal: {"closed_on": "2023-12-31"} for deal in past}
    before = {"partners": everybody, "wins": past, "deals": deals}
    after = {
        "partners": everybody,
        "wins": past | future,
        "deals": deals | {deal: {"closed_on": day} for deal in future},
        "deal_requirements": dict.fromkeys(future, "erp"),
    }
    won_later = csr_array(np.triu(np.ones((5, 5)), 1))
    for task in ("new", "repeat"):
        assert_same(
            learnt_from(make_tables(**before), task, won_later=won_later),
            learnt_from(make_tables(**after), task, won_later=won_later),
        )


def many(n_won, n_rest):
    rng = np.random.default_rng(0)
    won = np.arange(n_won + n_rest) < n_won
    values, sources = rng.uniform(size=(len(won), 1)), np.arange(len(won)) // 10
    scale = Scale.of(("gain",), values)
    return TrainingSet(scale, sources, sources, values, rng.permutation(won), np.ones(len(won)))


def test_fifty_wins_are_enough_to_learn_from():
    assert fit_ranker(many(50, 200)).names == ("gain",)


@pytest.mark.parametrize(("n_won", "n_rest"), [(49, 200), (0, 200), (0, 0), (60, 0)])
def test_too_little_history_says_how_much_there_is(n_won, n_rest):
    says = rf"too little history to learn from: {n_won} of {n_won + n_rest} candidate pairs"
    with pytest.raises(HistoryError, match=says):
        fit_ranker(many(n_won, n_rest))


def test_an_ecosystem_in_which_nobody_ever_won_teaches_nothing(make_tables):
    tables = make_tables(partners="ann bob", partner_capabilities={"ann": "crm"})
    for task in ("new", "repeat"):
        assert len(learnt_from(tables, task).won) == 0


def test_what_is_drawn_to_learn_weights_is_apart_from_what_probabilities_are_learnt_from(ring):
    finder = CandidateFinder(GraphFeatures(EcosystemGraph.from_tables(ring, DAY)))
    ours, others = drawn_sources(finder, 25, np.random.default_rng(0))
    assert (len(ours), len(others)) == (25, 15)
    assert not set(ours) & set(others)
    everybody, nobody = drawn_sources(finder, 40, np.random.default_rng(0))
    assert (len(everybody), len(nobody)) == (40, 0)


def test_what_is_usual_is_that_of_all_candidates_where_there_are_few_partners(ring):
    finder = CandidateFinder(GraphFeatures(EcosystemGraph.from_tables(ring, DAY)))
    scale = reference_scale(finder, "new")
    pairs = finder.new(np.flatnonzero(finder.features.graph.has_history))
    values = feature_matrix(finder.features, scale.names, pairs.sources, pairs.targets)
    expected = Scale.of(scale.names, values)
    np.testing.assert_allclose(scale.centre, expected.centre)
    np.testing.assert_allclose(scale.spread, expected.spread)


@pytest.mark.parametrize("n_sources", [1, 2, 5])
def test_what_is_usual_is_that_of_partners_evenly_from_the_least_to_the_most_active(
    make_tables, monkeypatch, n_sources
):
    """Partner n has won with n others, so that the order of activity is that of their numbers."""
    monkeypatch.setattr(training_sets, "_REFERENCE_SOURCES", n_sources)
    names = [f"p{n}" for n in range(9)]
    wins = [f"{names[n]} x{other}" for n in range(9) for other in range(n + 1)]
    wins += [f"x{n} y{n}" for n in range(9)]
    graph = EcosystemGraph.from_tables(make_tables(wins=wins), "2025-01-01")
    finder = CandidateFinder(GraphFeatures(graph))
    there = np.arange(graph.n_partners)
    activity = np.lexsort((graph.tie_rank, finder.features.seats, graph.degree))
    evenly = [round(n * (len(there) - 1) / max(n_sources - 1, 1)) for n in range(n_sources)]
    pairs = finder.new(np.sort(activity[evenly]))
    scale = reference_scale(finder, "new", ("adamic_adar", "gain"))
    expected = Scale.of(
        scale.names, feature_matrix(finder.features, scale.names, pairs.sources, pairs.targets)
    )
    np.testing.assert_array_equal(scale.centre, expected.centre)
    np.testing.assert_array_equal(scale.spread, expected.spread)
    np.testing.assert_array_equal(scale.typical, expected.typical)


def test_the_reference_is_of_five_hundred_partners():
    assert training_sets._REFERENCE_SOURCES == 500


def calibrated(finder, ranker, later, sources):
    scorer = Scorer(finder, ranker, "new")
    return scorer, fit_calibration(scorer, later, sources)


@pytest.mark.parametrize("kept", [1_000, 30])
def test_probabilities_are_learnt_from_the_best_of_each_list_by_the_scores_of_both(
    ring, any_ranker, monkeypatch, kept
):
    monkeypatch.setattr(training_sets, "_CALIBRATED", kept)
    finder = CandidateFinder(GraphFeatures(EcosystemGraph.from_tables(ring, DAY)))
    sources = np.flatnonzero(finder.features.graph.has_history)
    rng = np.random.default_rng(2)
    later = csr_array(np.triu(rng.random((80, 80)) < 0.2, 1).astype(float))
    later = csr_array(later + later.T)
    scorer, found = calibrated(finder, any_ranker, later, sources)
    pairs, scores = scorer.candidates(sources)
    order = by_gap_filled(finder.features, pairs.sources, pairs.targets)
    best = np.lexsort((order, -scores, pairs.sources))
    rank = np.arange(len(best)) - np.searchsorted(pairs.sources[best], pairs.sources[best])
    best = best[rank < kept]
    a, b = pairs.sources[best], pairs.targets[best]
    standing = finder.features.graph.tie_rank
    listed = np.lexsort((standing[b], standing[a]))
    a, b = a[listed], b[listed]
    expected = Calibration.fit(scorer.mutual(a, b), later.toarray()[a, b] > 0)
    assert found.n.sum() == len(a) == (3_080 if kept == 1_000 else 40 * kept)
    np.testing.assert_array_equal(found.above, expected.above)
    np.testing.assert_array_equal(found.probability, expected.probability)


def test_twenty_of_each_list_tell_of_probabilities_and_nobody_tells_of_none(
    ring, any_ranker, monkeypatch
):
    finder = CandidateFinder(GraphFeatures(EcosystemGraph.from_tables(ring, DAY)))
    nobody = np.empty(0, dtype=np.intp)
    assert calibrated(finder, any_ranker, csr_array((80, 80)), nobody)[1] is None
    later = csr_array(np.ones((80, 80)) - np.eye(80))
    sources = np.flatnonzero(finder.features.graph.has_history)
    assert calibrated(finder, any_ranker, later, sources)[1] is None  # 800 pairs are too few
    monkeypatch.setattr("ecosystem_graph.ranking.calibration._FEWEST_IN_ALL", 800)
    assert calibrated(finder, any_ranker, later, sources)[1].n.sum() == 40 * 20


def test_sets_of_several_days_are_on_the_scale_of_the_first(ring):
    first, second = learnt_from(ring), learnt_from(ring, seed=9)
    both = joined([first, second])
    assert both.scale is first.scale
    assert both.sources.tolist() == [
        *first.sources.tolist(),
        *(second.sources + first.sources.max() + 1).tolist(),
    ]
    three = joined([first, second, first])
    assert three.sources[-1] == first.sources[-1] + first.sources.max() + second.sources.max() + 2
    assert joined([first]) is first
