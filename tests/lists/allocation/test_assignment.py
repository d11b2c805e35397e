"""Lists within capacity, against the exact optimum and the largest matching."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from ecosystem_graph.lists.allocation import assignment as allocation
from ecosystem_graph.lists.allocation.assignment import allocated, utility_bound, utility_of


@st.composite
def markets(draw, n_levels=None, most_sources=12, most_targets=8):
    """Pairs, their utility (of `n_levels` values if set), capacities and a length of lists."""
    n_sources, n_targets = draw(st.integers(1, most_sources)), draw(st.integers(1, most_targets))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    mask = rng.random((n_sources, n_targets)) < draw(st.floats(0.1, 1.0))
    sources, targets = np.nonzero(mask)
    utility = rng.random(len(sources)) ** draw(st.sampled_from([0.1, 1.0, 5.0])) + 1e-9
    if n_levels is not None:
        utility = np.ceil(utility * n_levels)
    capacity = rng.integers(0, draw(st.integers(1, most_sources + 1)), n_targets, endpoint=True)
    return sources, targets, utility, capacity, draw(st.integers(1, 4))


def greedy(sources, targets, utility, capacity, k):
    """Pairs in the order of utility, as far as capacity allows."""
    room, wanted = capacity.copy(), np.full(sources.max(initial=0) + 1, k)
    assigned = np.zeros(len(sources), dtype=bool)
    for pair in np.argsort(-utility, kind="stable"):
        if room[targets[pair]] and wanted[sources[pair]]:
            room[targets[pair]] -= 1
            wanted[sources[pair]] -= 1
            assigned[pair] = True
    return assigned


def optimum(sources, targets, utility, capacity, k):
    """Greatest utility of lists within capacity, by linear programming."""
    if not len(sources):
        return 0.0
    pairs, ones = np.arange(len(sources)), np.ones(len(sources))
    n_sources = sources.max() + 1
    of_source = csr_array((ones, (sources, pairs)), shape=(n_sources, len(pairs)))
    of_target = csr_array((ones, (targets, pairs)), shape=(len(capacity), len(pairs)))
    limits = np.concatenate([np.full(n_sources, k), capacity])
    found = linprog(-utility, vstack([of_source, of_target]), limits, bounds=(0, 1))
    return -found.fun


def most_served(sources, targets, capacity):
    """How many sources can have a list at all, by a largest matching with single slots."""
    slot = np.repeat(np.arange(len(capacity)), capacity)
    choices = csr_array(
        coo_array((np.ones(len(sources)), (sources, targets)), shape=(20, len(capacity)))
    )
    return np.count_nonzero(maximum_bipartite_matching(choices[:, slot], "column") >= 0)


def loads(sources, targets, assigned, n_sources, n_targets):
    return (
        np.bincount(sources[assigned], minlength=n_sources),
        np.bincount(targets[assigned], minlength=n_targets),
    )


@given(market=markets() | markets(n_levels=2))
def test_no_list_and_no_partner_is_over_full_and_no_free_slot_could_be_filled(market):
    sources, targets, _, capacity, k = market
    assigned = allocated(*market)
    listed, taken = loads(sources, targets, assigned, 12, len(capacity))
    assert (listed <= k).all()
    assert (taken <= capacity).all()
    free = (listed < k)[sources] & (taken < capacity)[targets]
    assert not (free & ~assigned).any()


@given(market=markets() | markets(n_levels=2))
def test_as_many_sources_are_served_as_can_be(market):
    sources, targets, _, capacity, _ = market
    assert len(np.unique(sources[allocated(*market)])) == most_served(sources, targets, capacity)


@given(market=markets())
def test_utility_is_the_exact_optimum_unless_a_list_would_stay_empty(market):
    sources, targets, utility, capacity, k = market
    total = utility[allocated(*market)].sum()
    # With an uncontested slot for every source no list is filled at another's cost.
    apart = np.arange(12) + len(capacity)
    market = (
        np.concatenate([sources, np.arange(12)]),
        np.concatenate([targets, apart]),
        np.concatenate([utility, np.full(12, 1e-9)]),
    )
    market = tuple(column[np.argsort(market[0], kind="stable")] for column in market)
    market = (*market, np.append(capacity, np.ones(12, dtype=int)), k)
    assert total <= optimum(sources, targets, utility, capacity, k) + 1e-6
    best = optimum(*market)
    assert best * (1 - 1e-3) <= market[2][allocated(*market)].sum() <= best + 1e-6


@given(market=markets(), seed=st.integers(0, 2**32 - 1))
def test_relabelling_only_relabels(market, seed):
    sources, targets, utility, capacity, k = market
    rng = np.random.default_rng(seed)
    new_source, new_target = rng.permutation(12), rng.permutation(len(capacity))
    pairs = new_source[sources], new_target[targets]
    order = np.lexsort(pairs[::-1])
    room = np.empty_like(capacity)
    room[new_target] = capacity
    assigned = allocated(pairs[0][order], pairs[1][order], utility[order], room, k)
    np.testing.assert_array_equal(assigned, allocated(*market)[order])


@pytest.mark.parametrize("cap", [100, 30, 10])
def test_utility_exceeds_that_of_greedy_where_all_want_the_same_few(cap):
    rng = np.random.default_rng(0)
    fame = rng.pareto(1.2, 200) + 1
    choices = np.array(
        [rng.choice(200, 30, replace=False, p=fame / fame.sum()) for _ in range(300)]
    )
    sources, targets = np.repeat(np.arange(300), 30), choices.ravel()
    utility = 1 / (1 + np.exp(4 - np.log(fame)[targets] - rng.normal(size=len(targets))))
    market = sources, targets, utility, np.full(200, cap), 10
    total, best = utility[allocated(*market)].sum(), optimum(*market)
    assert total >= utility[greedy(*market)].sum()
    assert total >= (1 - 1e-2) * best


def test_a_fight_over_equal_slots_ends_soon_and_still_fills_them(monkeypatch):
    monkeypatch.setattr(allocation, "_PATIENCE", 0)
    monkeypatch.setattr(allocation, "_EPSILON", 1e-12)
    sources, targets = np.repeat(np.arange(200), 5), np.tile(np.arange(5), 200)
    assigned = allocated(sources, targets, np.ones(1000), np.full(5, 30), 3)
    assert (np.bincount(targets[assigned]) == 30).all()
    assert len(np.unique(sources[assigned])) == 150


def test_the_slot_that_costs_least_is_moved_to_a_list_that_would_stay_empty():
    sources, targets = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 0])
    utility, capacity = np.array([0.9, 0.8, 0.7, 0.6, 0.1]), np.array([2, 2])
    assigned = allocated(sources, targets, utility, capacity, k=2)
    np.testing.assert_array_equal(assigned, [True, True, False, True, True])


def test_sources_may_be_any_positions_in_any_order():
    sources, targets = np.array([7, 7, 3]), np.array([1, 0, 1])
    assigned = allocated(sources, targets, np.array([0.3, 0.2, 0.1]), np.array([1, 1]), k=1)
    np.testing.assert_array_equal(assigned, [False, True, True])


def test_without_pairs_no_list_is_made():
    none = np.zeros(0, dtype=np.intp)
    assert allocated(none, none, np.zeros(0), np.array([3]), k=2).shape == (0,)
    one = np.array([0])
    assert not allocated(one, one, np.array([0.5]), np.array([0]), k=2).any()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"k": 0}, "k must be at least 1"),
        ({"capacity": np.array([-1])}, "a capacity must be 0 or more. Got -1"),
        ({"utility": np.array([0.0])}, "utility must be positive and finite. Got"),
        ({"utility": np.array([np.nan])}, "utility must be positive and finite. Got"),
    ],
)
def test_values_out_of_range_are_refused(change, says):
    sound = {"utility": np.array([0.5]), "capacity": np.array([1]), "k": 1}
    with pytest.raises(ValueError, match=says):
        allocated(np.array([0]), np.array([0]), **(sound | change))


@given(market=markets())
def test_the_bound_is_above_the_exact_optimum_and_next_to_it(market):
    best = optimum(*market)
    assert best - 1e-6 <= utility_bound(*market) <= best * 1.001 + 4e-3 * len(market[0])


def test_utility_grows_with_the_score_and_is_never_zero():
    utility = utility_of(np.array([-2000.0, -5.0, 0.0, 5.0]))
    assert (np.diff(utility) > 0).all()
    assert utility[0] > 0
    assert utility[2] == 0.5
