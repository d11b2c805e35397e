"""Stated weights of winning, and what a capability is worth by the evidence for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import (
    ASSUMED,
    ASSUMED_INTERCEPT,
    LEVELS,
    SIGNS,
    TERMS,
    assumed_winning,
    coverage_levels,
    worth,
)

EDGES = (0.0, 0.1, 0.25, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0)
strengths = st.one_of(st.sampled_from(EDGES), st.floats(0, 1))


def winning(weights):
    return Logit.assumed({name: (w, 0.1) for name, w in zip(LEVELS, weights, strict=True)}, 0.0)


def reached(strength):
    return [strength >= least - 1e-9 for least in LEVELS.values()]


def test_levels_are_kinds_of_evidence_from_deals_won_to_certificates():
    assert list(LEVELS.values()) == [0.25, 0.6, 0.8, 1.0]


@given(strength=st.lists(strengths, min_size=1, max_size=6))
def test_a_strength_reaches_every_level_up_to_its_own(strength):
    levels = coverage_levels(np.array(strength))
    assert levels.tolist() == [list(map(float, reached(one))) for one in strength]


@given(
    held=st.lists(st.lists(strengths, min_size=3, max_size=3), min_size=1, max_size=4),
    weights=st.lists(st.sampled_from([0.0, 0.25, 1.0, 2.5]), min_size=4, max_size=4),
)
def test_a_capability_is_worth_the_levels_it_reaches(held, weights):
    matrix = csr_array(np.array(held))
    before = matrix.toarray()
    steps = [[np.dot(reached(one), weights) for one in row] for row in held]
    np.testing.assert_allclose(worth(winning(weights), matrix).toarray(), steps, atol=1e-12)
    assert np.array_equal(matrix.toarray(), before)


def test_what_is_worth_nothing_is_not_stored():
    held = csr_array(np.array([[0.1, 1.0]]))
    assert worth(assumed_winning(), held).nnz == 1
    assert held.nnz == 2


def test_sums_that_miss_a_level_by_a_rounding_error_reach_it():
    almost = csr_array(np.array([[0.1 + 0.2 + 0.3 - 1e-16, 0.6 - 1e-6]]))
    assert worth(winning([1, 1, 1, 1]), almost).toarray().tolist() == [[2.0, 1.0]]


def test_assumptions_respect_the_directions_and_have_a_reason():
    model = assumed_winning()
    assert model.names == TERMS
    assert not model.learnt
    assert model.intercept == ASSUMED_INTERCEPT
    assert set(SIGNS) <= set(TERMS)
    for name, (weight, deviation, reason) in ASSUMED.items():
        assert model.weight(name) == weight
        assert model.standard_errors[TERMS.index(name)] == pytest.approx(deviation)
        assert deviation > 0
        assert SIGNS.get(name, 0) * weight >= 0
        assert reason


@pytest.mark.parametrize("name", [*LEVELS, "satisfaction", "trust"])
def test_more_of_what_helps_never_lowers_the_odds(name):
    assert SIGNS[name] == 1


def test_competition_never_raises_the_odds():
    assert SIGNS["competition"] == -1
