"""The ranker against scikit-learn, and against what makes a regression one."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.linear_model import LogisticRegression

from ecosystem_graph.ranking import AdditiveRanker
from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.signals import SIGNALS

#: Two that enter on a log scale, two that enter as they are.
NAMES = ("adamic_adar", "gain", "popularity", "territory_affinity")
PLANTED = np.array([0.8, -0.4, 0.3, 0.0])
INTERCEPT = -2.0


def entered(values):
    """Signals as they enter the regression: log-scaled by their median, standardised later."""
    columns = []
    for name, column in zip(NAMES, values.T, strict=True):
        if SIGNALS[name].scale == "log":
            column = np.log(1 + column / np.median(column[column > 0]))
        columns.append(column)
    return np.column_stack(columns)


def standardised(values, weight):
    columns = entered(values)
    centre = weight @ columns / weight.sum()
    return (columns - centre) / np.sqrt(weight @ (columns - centre) ** 2 / weight.sum())


@pytest.fixture(scope="module")
def history():
    """Values of many pairs, and who won: log-odds planted on the standardised signals."""
    rng = np.random.default_rng(0)
    n = 40_000
    values = np.column_stack(
        [
            np.where(rng.random(n) < 0.3, 0.0, rng.lognormal(size=n)),
            rng.uniform(size=n),
            rng.poisson(4, size=n).astype(float),
            rng.normal(size=n),
        ]
    )
    log_odds = INTERCEPT + standardised(values, np.ones(n)) @ PLANTED
    return values, rng.random(n) < 1 / (1 + np.exp(-log_odds))


@pytest.fixture(scope="module")
def ranker(history):
    values, won = history
    return AdditiveRanker.fit(NAMES, values, won, np.ones(len(won)))


@given(data=st.data())
def test_contributions_and_intercept_add_up_exactly_in_any_order(any_ranker, data):
    value = st.floats(0, 100, allow_subnormal=False)
    values = data.draw(hnp.arrays(float, (2, len(any_ranker.names)), elements=value))
    order = data.draw(st.permutations(range(len(any_ranker.names) + 1)))
    for shares, score in zip(
        any_ranker.contributions(values), any_ranker.score(values), strict=True
    ):
        parts = np.array([any_ranker.intercept, *shares])
        assert sum(parts[order].tolist()) == fsum(parts) == parts.sum() == score


def test_what_was_learnt_adds_up_exactly(ranker, history):
    values = history[0][:100]
    assert (ranker.intercept * 2**32).is_integer()
    for shares, score in zip(ranker.contributions(values), ranker.score(values), strict=True):
        assert fsum([ranker.intercept, *shares]) == sum(shares[::-1]) + ranker.intercept == score


def test_a_score_is_the_decision_function_of_a_logistic_regression(ranker, history):
    values, won = history
    model = LogisticRegression()
    model.classes_, model.coef_ = np.array([False, True]), ranker.coefficients[None]
    model.intercept_ = np.array([ranker.intercept])
    expected = model.decision_function(standardised(values, np.ones(len(won))))
    np.testing.assert_allclose(ranker.score(values), expected, atol=1e-8)


def test_the_weights_are_those_scikit_learn_finds(ranker, history):
    values, won = history
    inputs = standardised(values, np.ones(len(won)))
    unmet = won - 1 / (1 + np.exp(-ranker.score(values)))
    pull = inputs.T @ unmet
    penalty = (pull @ ranker.coefficients) / (ranker.coefficients @ ranker.coefficients)
    model = LogisticRegression(C=1 / penalty, solver="newton-cholesky").fit(inputs, won)
    np.testing.assert_allclose(ranker.coefficients, model.coef_[0], atol=1e-3)
    np.testing.assert_allclose(ranker.intercept, model.intercept_[0], atol=1e-3)


def test_as_many_wins_are_expected_as_there_were(ranker, history):
    values, won = history
    expected = (1 / (1 + np.exp(-ranker.score(values)))).sum()
    np.testing.assert_allclose(expected, won.sum(), rtol=1e-3)


def test_planted_weights_are_found_drawn_towards_none_alike(ranker):
    drawn = ranker.coefficients @ PLANTED / (PLANTED @ PLANTED)
    assert 0.5 < drawn <= 1.0
    np.testing.assert_allclose(ranker.coefficients, drawn * PLANTED, atol=0.04)


def test_rows_that_stand_for_others_teach_as_much_as_all_of_them(ranker, history):
    values, won = history
    rate = 0.2
    kept = won | (np.random.default_rng(1).random(len(won)) < rate)
    weight = np.where(won, 1.0, 1 / rate)[kept]
    sampled = AdditiveRanker.fit(NAMES, values[kept], won[kept], weight)
    np.testing.assert_allclose(sampled.intercept, ranker.intercept, atol=0.03)
    np.testing.assert_allclose(sampled.coefficients, ranker.coefficients, atol=0.03)
    unweighted = AdditiveRanker.fit(NAMES, values[kept], won[kept], np.ones(kept.sum()))
    assert unweighted.intercept > ranker.intercept + 1  # about log(1 / rate) too high


def test_a_row_that_stands_for_two_is_as_good_as_two(history):
    values, won = (column[:2_000] for column in history)
    twice = np.arange(2_000) % 3 == 0
    weighted = AdditiveRanker.fit(NAMES, values, won, np.where(twice & ~won, 2.0, 1.0))
    rows = np.concatenate([np.arange(2_000), np.flatnonzero(twice & ~won)])
    repeated = AdditiveRanker.fit(NAMES, values[rows], won[rows], np.ones(len(rows)))
    # The unit of a log scale is a median over rows, which is all that repeating them moves.
    np.testing.assert_allclose(weighted.score(values), repeated.score(values), atol=0.02)


@pytest.mark.parametrize("constant", [0.0, 0.1, 7.3, 1e6])
@pytest.mark.parametrize("column", [0, 1])
def test_a_signal_that_never_varied_contributes_nothing(history, column, constant):
    values, won = (part[:1_000].copy() for part in history)
    values[:, column] = constant
    ranker = AdditiveRanker.fit(NAMES, values, won, np.ones(len(won)))
    assert (ranker.contributions(values)[:, column] == 0).all()
    values[:, column] = np.linspace(0, 1, len(values))
    assert (ranker.contributions(values)[:, column] == 0).all()
    assert ranker.contributions(values)[:, 2].any()


def test_the_order_of_rows_teaches_nothing(ranker, history):
    values, won = history
    order = np.random.default_rng(2).permutation(len(won))
    other = AdditiveRanker.fit(NAMES, values[order], won[order], np.ones(len(won)))
    np.testing.assert_allclose(other.score(values), ranker.score(values), atol=1e-3)


def test_the_unit_of_a_log_scale_is_its_median_positive_value(ranker, history):
    values, _ = history
    positive = values[:, 0][values[:, 0] > 0]
    assert ranker.typical[0] == np.median(positive)


def test_learning_and_scoring_leave_the_values_as_they_were(history):
    values, won = (part[:500].copy() for part in history)
    before = values.copy()
    ranker = AdditiveRanker.fit(NAMES, values, won, np.ones(len(won)))
    ranker.score(values)
    ranker.contributions(values)
    np.testing.assert_array_equal(values, before)


def test_a_signal_that_promises_wins_raises_the_score_the_larger_it_is(ranker):
    values = np.column_stack([np.linspace(0, 5, 9), *np.full((3, 9), 0.5)])
    assert (np.diff(ranker.score(values)) > 0).all()


def test_no_pairs_have_no_score(any_ranker):
    nothing = np.empty((0, len(any_ranker.names)))
    assert any_ranker.score(nothing).shape == (0,)
    assert any_ranker.contributions(nothing).shape == nothing.shape


@given(log_odds=st.floats(-1e5, 1e5))
def test_rounding_moves_log_odds_by_half_a_step_at_most(log_odds):
    (rounded,) = on_grid(np.array([log_odds]))
    assert abs(rounded - log_odds) <= 2.0**-33
    assert (rounded * 2**32).is_integer()
