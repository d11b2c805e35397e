"""The ranker against its definition, and against what is planted in lists."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

from ecosystem_graph.ranking import AdditiveRanker
from ecosystem_graph.ranking.ranker import _conditional_logit, on_grid
from ecosystem_graph.ranking.standardizer import ListScale, Scale, list_z_scores
from ecosystem_graph.signals import SIGNALS

#: Two that enter on a log scale, one as it is, one about the partner alone.
NAMES = ("adamic_adar", "activity", "gain", "own_activity")
PLANTED = np.array([1.2, -0.6, 0.5])
N_LISTS, N = 400, 100
SOURCES = np.repeat(np.arange(N_LISTS), N)


def lists_of(ranker, values, sources):
    return ranker.lists(values, sources)


def scored(ranker, values, sources=SOURCES):
    return ranker.score(values, sources, ranker.lists(values, sources))


def learnt(scale, values, won, weight, sources):
    z = list_z_scores(scale, values, sources, weight)
    return AdditiveRanker.fit(scale, z, won, weight, sources)


@pytest.fixture(scope="module")
def history():
    """Values of many pairs, and who won: log-odds planted on how pairs stand out in lists."""
    rng = np.random.default_rng(0)
    n = len(SOURCES)
    level = np.repeat(rng.lognormal(size=N_LISTS), N)  # some lists are richer than others
    values = np.column_stack(
        [
            level * np.where(rng.random(n) < 0.3, 0.0, rng.lognormal(size=n)),
            rng.poisson(4, size=n).astype(float),
            rng.uniform(size=n),
            level,
        ]
    )
    scale = Scale.of(NAMES, values)
    z = scale.z_scores(values)
    ListScale.of(NAMES, z, SOURCES, np.ones(n)).apply(z, SOURCES)
    log_odds = -4.0 + z[:, :3] @ PLANTED + 0.7 * z[:, 3]
    return scale, values, rng.random(n) < 1 / (1 + np.exp(-log_odds))


@pytest.fixture(scope="module")
def ranker(history):
    scale, values, won = history
    return learnt(scale, values, won, np.ones(len(won)), SOURCES)


@given(data=st.data())
def test_contributions_and_intercept_add_up_exactly_in_any_order(any_ranker, data):
    value = st.floats(0, 100, allow_subnormal=False)
    values = data.draw(hnp.arrays(float, (4, len(any_ranker.names)), elements=value))
    sources = np.array([0, 0, 0, 3])
    order = data.draw(st.permutations(range(len(any_ranker.names) + 1)))
    pairs = values, sources, any_ranker.lists(values, sources)
    for shares, score in zip(
        any_ranker.contributions(*pairs), any_ranker.score(*pairs), strict=True
    ):
        parts = np.array([any_ranker.intercept, *shares])
        assert sum(parts[order].tolist()) == fsum(parts) == parts.sum() == score


def test_planted_weights_are_found(ranker):
    found = ranker.coefficients
    assert found[:3] @ PLANTED / np.linalg.norm(found[:3]) / np.linalg.norm(PLANTED) > 0.99
    np.testing.assert_allclose(found, [*PLANTED, 0.7], rtol=0.25)
    assert ranker.intercept == pytest.approx(-4.0, abs=0.3)


def test_as_many_wins_are_expected_as_there_were(ranker, history):
    _, values, won = history
    expected = (1 / (1 + np.exp(-scored(ranker, values)))).sum()
    np.testing.assert_allclose(expected, won.sum(), rtol=0.01)


def test_the_order_is_that_of_a_conditional_logit(ranker, history):
    """Its loss, written out list by list and minimised without a gradient."""
    scale, values, won = (part for part in history)
    few = SOURCES < 40
    z = scale.z_scores(values)[few]
    sources, won = SOURCES[few], won[few]
    ListScale.of(NAMES, z, sources, np.ones(len(won))).apply(z, sources)
    lists = [
        (z[sources == one, :3], won[sources == one])
        for one in np.unique(sources)
        if won[sources == one].any()
    ]

    def loss(b):
        total = 0.0
        for columns, hit in lists:
            e = np.exp(columns @ b)
            total -= np.mean(np.log(e[hit] / (e[hit] + e[~hit].sum())))
        return total / len(lists) + 0.1 * b @ b

    expected = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-6}).x
    found = learnt(scale, values[few], won, np.ones(len(won)), sources).coefficients
    np.testing.assert_allclose(found[:3] / found[0], expected / expected[0], atol=5e-3)


def test_rows_that_stand_for_others_teach_as_much_as_all_of_them(ranker, history):
    scale, values, won = history
    rate = 0.4
    kept = won | (np.random.default_rng(1).random(len(won)) < rate)
    weight = np.where(won, 1.0, 1 / rate)[kept]
    sampled = learnt(scale, values[kept], won[kept], weight, SOURCES[kept])
    np.testing.assert_allclose(sampled.intercept, ranker.intercept, atol=0.1)
    np.testing.assert_allclose(sampled.coefficients, ranker.coefficients, atol=0.08)
    plain = learnt(scale, values[kept], won[kept], np.ones(kept.sum()), SOURCES[kept])
    assert plain.intercept > ranker.intercept + 0.6  # about log(1 / rate) too high


def test_a_list_is_ordered_by_how_pairs_stand_out_whatever_the_level_of_the_list(ranker, history):
    _, values, _ = history
    richer = values.copy()
    richer[:, 3] *= 7.0  # about the partner alone: moves the whole list
    few = SOURCES < 5
    before, after = (scored(ranker, some[few], SOURCES[few]) for some in (values, richer))
    moved = after - before
    assert (moved != 0).all()
    for one in range(5):
        np.testing.assert_allclose(moved[SOURCES[few] == one], moved[SOURCES[few] == one][0])


def test_other_lists_do_not_matter(ranker, history):
    _, values, _ = history
    alone = SOURCES == 7
    np.testing.assert_array_equal(
        scored(ranker, values[alone], SOURCES[alone]), scored(ranker, values)[alone]
    )


@pytest.mark.parametrize("constant", [0.0, 0.1, 7.3])
@pytest.mark.parametrize("column", [0, 2])
def test_a_signal_that_never_varied_contributes_nothing(history, column, constant):
    _, values, won = (part for part in history)
    values = values.copy()
    values[:, column] = constant
    ranker = learnt(Scale.of(NAMES, values), values, won, np.ones(len(won)), SOURCES)
    shares = ranker.contributions(values, SOURCES, ranker.lists(values, SOURCES))
    assert (shares[:, column] == 0).all()
    assert shares[:, 1].any()


def test_the_unit_of_a_log_scale_is_its_median_positive_value(history):
    scale, values, _ = history
    positive = values[:, 0][values[:, 0] > 0]
    assert scale.typical[0] == np.median(positive)


def test_learning_and_scoring_leave_the_values_as_they_were(history):
    scale, values, won = history
    before = values.copy()
    ranker = learnt(scale, values, won, np.ones(len(won)), SOURCES)
    scored(ranker, values)
    np.testing.assert_array_equal(values, before)


def test_on_another_graph_the_same_weights_meet_another_scale(ranker, history):
    """Signals ten times as large all over say what they said before."""
    _, values, _ = history
    larger = values * np.array([10.0, 10.0, 1.0, 10.0])
    moved = ranker.on(Scale.of(NAMES, larger))
    np.testing.assert_allclose(scored(moved, larger), scored(ranker, values), atol=1e-6)


def test_a_short_list_is_compared_with_the_graph(ranker, history):
    scale, values, _ = history
    one = values[:1]
    lists = ranker.lists(one, SOURCES[:1])
    z = scale.z_scores(one)[0]
    np.testing.assert_allclose(lists.centre[0, :3], z[:3] / 21, rtol=1e-5)
    assert (lists.centre[0, 3], lists.spread[0, 3]) == (0, 1)


def test_no_pairs_have_no_score(any_ranker):
    nothing, nobody = np.empty((0, len(any_ranker.names))), np.empty(0, dtype=np.intp)
    lists = any_ranker.lists(nothing, nobody)
    assert any_ranker.score(nothing, nobody, lists).shape == (0,)
    assert any_ranker.contributions(nothing, nobody, lists).shape == nothing.shape


def test_more_trust_or_gain_never_lowers_a_score_whatever_history_says(history):
    _, values, won = history
    names = ("trust", "mutual_gain", "parity", "adamic_adar")
    hit = won.astype(float)
    misleading = np.column_stack([-hit, -hit, hit, values[:, 0]])
    misleading += np.random.default_rng(0).normal(size=misleading.shape) * 0.1
    ranker = learnt(Scale.of(names, misleading), misleading, won, np.ones(len(won)), SOURCES)
    assert ranker.coefficients[:3].tolist() == [0, 0, 0]
    assert ranker.coefficients[3] != 0


def test_what_is_own_is_the_same_for_a_whole_list(make_graph):
    owns = [name for name, signal in SIGNALS.items() if signal.source_only]
    assert owns
    assert all(name.startswith("own_") for name in owns)


@given(log_odds=st.floats(-1e5, 1e5))
def test_rounding_moves_log_odds_by_half_a_step_at_most(log_odds):
    (rounded,) = on_grid(np.array([log_odds]))
    assert abs(rounded - log_odds) <= 2.0**-33
    assert (rounded * 2**32).is_integer()


@given(data=st.data())
def test_what_lies_beyond_the_pairs_learnt_from_counts_as_the_nearest_of_them(any_ranker, data):
    value = st.floats(0, 1e6, allow_subnormal=False)
    n = len(any_ranker.names)
    values = data.draw(hnp.arrays(float, (4, n), elements=value))
    pairs = (
        values,
        np.zeros(4, dtype=np.intp),
        ListScale.of(any_ranker.names, np.empty((0, n)), np.empty(0, dtype=np.intp), np.empty(0)),
    )
    within = np.clip(any_ranker.list_z_scores(*pairs), any_ranker.least, any_ranker.most)
    shares = any_ranker.contributions(*pairs)
    np.testing.assert_array_equal(shares, on_grid(any_ranker.coefficients * within))
    assert np.isfinite(any_ranker.score(*pairs)).all()
    clipped = any_ranker.beyond(*pairs)
    np.testing.assert_array_equal(clipped, within != any_ranker.list_z_scores(*pairs))


def test_the_reach_is_what_the_pairs_learnt_from_showed_and_they_are_all_within_it(ranker, history):
    scale, values, _ = history
    weight = np.ones(len(values))
    z = list_z_scores(scale, values, SOURCES, weight)
    np.testing.assert_array_equal(ranker.least, z.min(axis=0))
    np.testing.assert_array_equal(ranker.most, z.max(axis=0))
    lists = ranker.lists(values, SOURCES)
    assert not ranker.beyond(values, SOURCES, lists).any()
    far = values.copy()
    far[3, 1] = 1e9
    assert np.argwhere(ranker.beyond(far, SOURCES, lists)).tolist() == [[3, 1]]


def test_more_of_a_signal_never_turns_its_effect_round_however_far_it_goes(ranker, history):
    _, values, _ = history
    lists = ranker.lists(values, SOURCES)
    for column, coefficient in enumerate(ranker.coefficients):
        rising = np.repeat(values[:1], 50, axis=0)
        rising[:, column] = np.geomspace(0.01, 1e12, 50)
        scores = ranker.score(rising, np.zeros(50, dtype=np.intp), lists)
        assert np.all(np.diff(scores) * coefficient >= 0)


def conditional_loss(b, z, won, weight, sources):
    """Of a conditional logit with weights, list by list and winner by winner."""
    losses = []
    for one in np.unique(sources):
        e, hit = np.exp(z[sources == one] @ b), won[sources == one]
        rest = (weight[sources == one] * e)[~hit].sum()
        if hit.any():
            losses.append(np.mean([-np.log(each / (each + rest)) for each in e[hit]]))
    return np.mean(losses) + 0.1 * b @ b


@pytest.mark.parametrize("seed", range(3))
def test_the_conditional_logit_weighs_the_rest_and_leaves_lists_without_a_winner_out(seed):
    rng = np.random.default_rng(seed)
    sources = np.repeat(np.arange(30) * 2, rng.integers(2, 9, 30))
    n = len(sources)
    z = rng.normal(size=(n, 2))
    won = rng.random(n) < 1 / (1 + np.exp(1.0 - z @ [1.0, -0.5]))
    won[(sources == 6) | (sources == 8)] = False
    weight = np.where(won, 1.0, rng.choice([1.0, 2.5], n))
    rows = z, won, weight, sources
    expected = minimize(
        conditional_loss, np.zeros(2), rows, method="Nelder-Mead", options={"xatol": 1e-7}
    ).x
    free = np.zeros(2, dtype=np.int64)
    np.testing.assert_allclose(_conditional_logit(*rows, free), expected, atol=2e-3)
    np.testing.assert_allclose(
        _conditional_logit(*rows, np.sign(expected).astype(int)), expected, atol=2e-3
    )
    against = _conditional_logit(*rows, -np.sign(expected).astype(int))
    np.testing.assert_allclose(against, 0, atol=1e-9)


def test_an_order_that_all_pairs_together_contradict_is_kept_and_hardly_weighs():
    """Twenty lists with one winner that has more; in another, thirty winners have less."""
    names = ("adamic_adar",)
    x = np.concatenate([np.tile([3.0, 1.0, 1.0], 20), np.repeat([1.0, 3.0], 30)])
    won = np.concatenate([np.tile([True, False, False], 20), np.repeat([True, False], 30)])
    sources = np.concatenate([np.repeat(np.arange(20), 3), np.full(60, 20)])
    values = x[:, None]
    scale, weight = Scale.of(names, values), np.ones(len(won))
    z = list_z_scores(scale, values, sources, weight)
    order = _conditional_logit(z, won, weight, sources, np.zeros(1, dtype=np.int64))
    ranker = AdditiveRanker.fit(scale, z, won, weight, sources)
    assert order[0] > 0.1
    assert ranker.coefficients[0] == pytest.approx(1e-3 * order[0])
