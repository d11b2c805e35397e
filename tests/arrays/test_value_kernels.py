"""Mean probabilities of winning against loops over dense arrays."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array
from scipy.special import expit

from ecosystem_graph.arrays.value_kernels import Chances, mean_chances
from ecosystem_graph.signals.demand.complementarity import met_already

amounts = st.sampled_from([0.0, 0.0, 0.25, 0.5, 2.0])
log_odds = st.floats(-4, 4)


def by_loops(demand, worth, source, target, alone, both):
    """Sums over what is in demand, in the order of the fields, over the sum of the demand."""
    sums = np.zeros(6)
    for share, own, other in zip(demand[source], worth[source], worth[target], strict=True):
        after = max(own, other)
        p, q = expit(alone + own), expit(both + after)
        slopes = [p * (1 - p), q * (1 - q)]
        sums += share * np.array([p, q, *slopes, slopes[0] * own, slopes[1] * after])
    return sums / demand[source].sum() if demand[source].any() else sums


@settings(max_examples=60)
@given(n=st.integers(1, 4), n_capabilities=st.integers(1, 5), data=st.data())
def test_means_are_those_of_loops(n, n_capabilities, data):
    shape = (n, n_capabilities)
    demand, worth = (data.draw(hnp.arrays(float, shape, elements=amounts)) for _ in range(2))
    a, b = np.indices((n, n)).reshape(2, -1)
    alone, both = (data.draw(hnp.arrays(float, n * n, elements=log_odds)) for _ in range(2))
    sparse = csr_array(demand), csr_array(worth)
    met = met_already(*sparse)
    before = [part.toarray() for part in (*sparse, met)]
    found = mean_chances(sparse[0], met, sparse[1], (a, b), alone, both)
    every = [by_loops(demand, worth, *one) for one in zip(a, b, alone, both, strict=True)]
    np.testing.assert_allclose(np.stack(found, axis=1), every, atol=1e-12)
    for part, old in zip((*sparse, met), before, strict=True):
        assert np.array_equal(part.toarray(), old)


@given(alone=log_odds, worth=st.floats(0, 3))
def test_slopes_are_derivatives_by_the_log_odds_and_by_a_factor_on_coverage(alone, worth):
    demand = csr_array(np.array([[0.25, 0.75], [0.0, 0.0]]))
    holds = np.array([[0.0, worth], [1.5, 0.0]])
    pair = np.array([0]), np.array([1])

    def at(shift, factor=1.0):
        adds = csr_array(holds * factor)
        ends = np.array([alone + shift])
        return mean_chances(demand, met_already(demand, adds), adds, pair, ends, ends)

    step, here = 1e-5, at(0.0)
    moved = [np.subtract(at(step), at(-step)), np.subtract(at(0, 1 + step), at(0, 1 - step))]
    by_log_odds, by_factor = (Chances(*(part / (2 * step))) for part in moved)
    np.testing.assert_allclose(here.slope_alone, by_log_odds.alone, atol=1e-7)
    np.testing.assert_allclose(here.slope_both, by_log_odds.both, atol=1e-7)
    np.testing.assert_allclose(here.slope_covered_alone, by_factor.alone, atol=1e-7)
    np.testing.assert_allclose(here.slope_covered_both, by_factor.both, atol=1e-7)


def test_without_pairs_nothing_is_computed():
    nothing = csr_array((2, 3))
    none = np.empty(0, dtype=np.intp)
    chances = mean_chances(nothing, nothing, nothing, (none, none), np.empty(0), np.empty(0))
    assert [len(part) for part in chances] == [0] * 6
