"""Compiled loops against dense arrays, pairs in any order, repeated or not there at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.pair_kernels import (
    bilinear,
    by_target,
    row_dot,
    unmet_demand,
    unmet_demand_in_return,
)

values = st.sampled_from([0.0, 0.0, 0.0, 0.25, 0.5, 1.0])


def arrays(n_rows, n_columns):
    return hnp.arrays(float, (n_rows, n_columns), elements=values)


@st.composite
def cases(draw):
    """Two arrays over the same partners and columns, and pairs of partners."""
    n_partners, n_columns = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    left, right = draw(arrays(n_partners, n_columns)), draw(arrays(n_partners, n_columns))
    someone = st.integers(0, n_partners - 1)
    pairs = np.array(draw(st.lists(st.tuples(someone, someone), max_size=12)), dtype=np.intp)
    sources, targets = pairs.reshape(-1, 2).T
    return left, right, np.ascontiguousarray(sources), np.ascontiguousarray(targets)


@given(case=cases())
def test_row_dot_is_the_dot_product_of_two_rows(case):
    left, right, sources, targets = case
    ours = row_dot(csr_array(left), csr_array(right), sources, targets)
    np.testing.assert_allclose(ours, (left[sources] * right[targets]).sum(axis=1))


@given(case=cases(), data=st.data())
def test_bilinear_is_a_table_between_two_memberships(case, data):
    groups, _, sources, targets = case
    table = data.draw(arrays(groups.shape[1], groups.shape[1]))
    ours = bilinear(csr_array(groups), table, sources, targets)
    np.testing.assert_allclose(ours, (groups @ table @ groups.T)[sources, targets])


@given(case=cases())
def test_unmet_demand_is_what_the_target_holds_beyond_the_source(case):
    demand, held, sources, targets = case
    more = np.maximum(held[targets] - held[sources], 0)
    ours = unmet_demand(csr_array(demand), csr_array(held), sources, targets)
    np.testing.assert_allclose(ours, (demand[sources] * more).sum(axis=1))


@given(case=cases(), data=st.data())
def test_in_return_it_is_the_demand_on_the_target_that_the_source_meets(case, data):
    dense, held, sources, targets = case
    demand = csr_array(dense)
    met = demand.copy()
    met.data = data.draw(hnp.arrays(float, len(met.data), elements=values))
    more = np.maximum(held[sources] - met.toarray()[targets], 0)
    ours = unmet_demand_in_return(demand, met, csr_array(held), sources, targets)
    np.testing.assert_allclose(ours, (dense[targets] * more).sum(axis=1))


@given(case=cases())
def test_what_is_in_demand_and_held_is_the_same_both_ways(case):
    dense, held, sources, targets = case
    demand = csr_array(dense)
    met = demand.copy()
    rows = np.repeat(np.arange(len(held)), np.diff(demand.indptr))
    met.data = held[rows, demand.indices]
    np.testing.assert_allclose(
        unmet_demand_in_return(demand, met, csr_array(held), sources, targets),
        unmet_demand(demand, csr_array(held), targets, sources),
    )


def hubs():
    """Sources with few entries, targets with many that recur, and the pairs shuffled."""
    rng = np.random.default_rng(0)
    short = rng.random((50, 200)) * (rng.random((50, 200)) < 0.03)
    long = rng.random((50, 200)) * (rng.random((50, 200)) < 0.9)
    pairs = rng.integers(0, [50, 8], size=(2_000, 2))
    return short, long, *np.ascontiguousarray(pairs.T)


def one_by_one(kernel, sources, targets):
    """What a kernel gives for pairs alone, which it has no reason to take by target."""
    return np.concatenate(
        [kernel(sources[i : i + 1], targets[i : i + 1]) for i in range(len(sources))]
    )


def test_pairs_takenby_target_give_the_same_bytes():
    short, long, sources, targets = hubs()
    left, right = csr_array(short), csr_array(long)
    assert by_target(left, right, sources, targets) is not None
    assert by_target(left, right, sources[:1], targets[:1]) is None
    ours = row_dot(left, right, sources, targets)
    np.testing.assert_allclose(ours, (short[sources] * long[targets]).sum(axis=1))
    alone = one_by_one(lambda a, b: row_dot(left, right, a, b), sources, targets)
    np.testing.assert_array_equal(ours, alone)


def test_demand_met_by_hubs_is_the_same_takenby_target():
    short, long, sources, targets = hubs()
    demand, held = csr_array(short), csr_array(np.where(np.arange(50)[:, None] < 8, long, short))
    met = demand.copy()
    met.data = held.toarray()[demand.nonzero()]
    ours = unmet_demand(demand, held, sources, targets, met)
    np.testing.assert_array_equal(ours, unmet_demand(demand, held, sources, targets))


def test_rows_out_of_order_are_left_as_they_are():
    short, long, sources, targets = hubs()
    turned = csr_array(long)
    turned.indices = turned.indices.copy()
    for begin, end in zip(turned.indptr[:-1], turned.indptr[1:], strict=True):
        turned.indices[begin:end] = turned.indices[begin:end][::-1]
        turned.data[begin:end] = turned.data[begin:end][::-1]
    turned.has_sorted_indices = False
    assert by_target(csr_array(short), turned, sources, targets) is None


@pytest.mark.parametrize("kernel", [row_dot, unmet_demand])
def test_no_pairs_are_no_numbers(kernel):
    nobody = np.array([], dtype=np.intp)
    empty = csr_array((3, 3))
    assert kernel(empty, empty, nobody, nobody).shape == (0,)
