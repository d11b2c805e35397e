"""Random draws are in the shares, the order and the groups that are asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.synthetic.draws import (
    Groups,
    Sets,
    categories,
    first_of_each,
    normal_rank,
    power_law,
    probabilities,
    stream,
)


def test_a_stream_depends_on_seed_name_and_block_alone():
    draws = {
        key: stream(*key).integers(2**60)
        for key in [(1, "a"), (2, "a"), (1, "b"), (1, "a", 1), (1, "a", 2)]
    }
    assert len(set(draws.values())) == len(draws)
    assert stream(1, "a", 1).integers(2**60) == draws[(1, "a", 1)]


def test_categories_come_in_their_shares():
    drawn = categories(np.random.default_rng(0), [1, 3, 0, 4], 40_000)
    shares = np.bincount(drawn, minlength=4) / len(drawn)
    np.testing.assert_allclose(shares, [0.125, 0.375, 0, 0.5], atol=0.01)


def test_members_are_drawn_in_proportion_to_weight_within_their_group():
    members = np.array([5, 6, 7], dtype=np.int32)
    groups = Groups.of([0, 0, 1], members, [1, 3, 2], 3)
    uniform = (np.arange(1000) + 0.5) / 1000
    drawn = groups.drawn(np.zeros(1000, dtype=int), uniform)
    assert dict(zip(*np.unique(drawn, return_counts=True), strict=True)) == {5: 250, 6: 750}
    assert groups.drawn([1, 2], np.array([0.99, 0.5])).tolist() == [7, -1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=1))
def test_sets_hold_what_was_put_in_and_nothing_else(pairs):
    rows, numbers = np.array(pairs, dtype=np.int32).T
    held = Sets.of(rows, numbers, 10, 41)
    row, number = np.divmod(np.arange(10 * 41), 41)
    expected = [pair in set(pairs) for pair in zip(row.tolist(), number.tolist(), strict=True)]
    assert held.hold(row, number).tolist() == expected


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_first_of_each_value_in_a_row_is_marked(rows):
    expected = [[row.index(value) == place for place, value in enumerate(row)] for row in rows]
    assert first_of_each(np.array(rows)).tolist() == expected


def test_power_laws_ranks_and_probabilities_are_those_of_their_formulas():
    np.testing.assert_allclose(power_law(3, 2.0), np.array([36, 9, 4]) / 49)
    assert normal_rank(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]
    assert normal_rank(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    assert probabilities(np.array([0.0, np.log(3)])) == pytest.approx([0.5, 0.75])
