"""Compiled lists against sorting everything; ties go to the lower column."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.list_kernels import best_columns, fuse, largest_terms

# Few values, all exact in binary: ties are many, and sums the same in any order.
values = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0])
lengths = st.integers(1, 8)


def arrays(n_rows, n_columns, dtype=float):
    return hnp.arrays(dtype, (n_rows, n_columns), elements=values)


def positions(n):
    """Some of n partners, unsorted and repeated."""
    return st.lists(st.integers(0, n - 1), max_size=8).map(lambda some: np.array(some, np.intp))


def best(scores, k):
    """Columns of the k largest positive scores, sorted; -1 where there are fewer."""
    order = sorted(range(len(scores)), key=lambda column: (-scores[column], column))
    listed = [column for column in order if scores[column] > 0][:k]
    return listed + [-1] * (k - len(listed))


def with_out_of_bounds(scores, sources, barred, open_to):
    """Scores that are 0 wherever a row may not go."""
    allowed = open_to & (barred[sources] == 0)
    return np.where(allowed, scores, 0.0)


@given(n=st.integers(1, 9), k=lengths, data=st.data())
def test_best_columns_are_the_largest_of_a_row(n, k, data):
    rows = data.draw(positions(n))
    scores = data.draw(arrays(len(rows), n, np.float32))
    barred, open_to = data.draw(arrays(n, n)), data.draw(hnp.arrays(bool, n))
    ours = best_columns(scores[:, open_to], np.flatnonzero(open_to), rows, csr_array(barred), k)
    expected = with_out_of_bounds(scores, rows, barred, open_to)
    assert ours.tolist() == [best(row, k) for row in expected]


@given(n=st.integers(1, 9), k=lengths, data=st.data())
def test_columns_below_the_least_that_counts_are_none(n, k, data):
    scores = data.draw(arrays(1, n, np.float32))
    nobody, columns = csr_array((n + 1, n + 1)), np.arange(n)
    ours = best_columns(scores, columns, np.array([n]), nobody, k, least=0.5)
    assert ours.tolist() == [best(np.where(scores[0] >= 0.5, scores[0], 0.0), k)]


@given(n=st.integers(1, 7), k=lengths, n_rows=st.integers(0, 3), data=st.data())
def test_fusing_two_lists_adds_reciprocal_ranks(n, k, n_rows, data):
    length = data.draw(st.integers(1, 5))
    entry = st.integers(-1, n - 1)
    lists = data.draw(hnp.arrays(np.int32, (n_rows, 2 * length), elements=entry))
    ranks = np.tile(np.arange(1, length + 1), 2)
    expected = []
    for row in lists.tolist():
        scores = [Fraction(0)] * n
        for column, rank in zip(row, ranks.tolist(), strict=True):
            if column >= 0:
                scores[column] += Fraction(1, 60 + rank)
        expected.append(scores)
    ours = fuse(lists, ranks, n, k)
    for listed, scores in zip(ours.tolist(), expected, strict=True):
        assert_sorted_by(listed, scores, k)


def assert_sorted_by(listed, scores, k):
    """Best first, as far as rounding can tell scores apart."""
    worth = [float(score) for score in scores]
    found = [column for column in listed if column >= 0]
    assert listed == found + [-1] * (k - len(found))
    assert len(set(found)) == len(found) == min(k, sum(score > 0 for score in scores))
    np.testing.assert_allclose(
        [worth[column] for column in found], sorted(worth, reverse=True)[: len(found)], rtol=1e-12
    )


def test_equal_ranks_in_two_lists_go_to_the_lower_column():
    lists = np.array([[3, 1, 1, 3]], dtype=np.int32)
    assert fuse(lists, np.array([1, 2, 1, 2]), n=4, k=2).tolist() == [[1, 3]]


@given(n=st.integers(1, 6), n_columns=st.integers(1, 6), k=lengths, data=st.data())
def test_largest_terms_are_those_of_the_dot_product(n, n_columns, k, data):
    left, right = data.draw(arrays(n, n_columns)), data.draw(arrays(n, n_columns))
    someone = st.integers(0, n - 1)
    pairs = data.draw(st.lists(st.tuples(someone, someone), max_size=10))
    sources, targets = np.array(pairs, dtype=np.intp).reshape(-1, 2).T.copy()
    ours = largest_terms(csr_array(left), csr_array(right), sources, targets, k)
    assert ours.tolist() == [best(row, k) for row in left[sources] * right[targets]]


@given(scores=st.lists(st.integers(0, 5), min_size=1, max_size=60), k=st.integers(1, 60))
def test_lists_of_any_length_come_sorted(scores, k):
    scores = np.array([[*scores]], dtype=np.float32)
    n = scores.shape[1]
    ours = best_columns(scores, np.arange(n), np.array([0]), csr_array((n, n)), k)
    assert ours.tolist() == [best(scores[0], k)]


def test_the_terms_of_long_rows_are_looked_up():
    rng = np.random.default_rng(0)
    short = rng.integers(1, 4, (3, 500)) * (rng.random((3, 500)) < 0.02)
    long = rng.integers(0, 4, (3, 500)).astype(float)
    sources, targets = np.array([0, 0, 1, 2]), np.array([0, 1, 2, 2])
    ours = largest_terms(csr_array(short.astype(float)), csr_array(long), sources, targets, 4)
    assert ours.tolist() == [best(row, 4) for row in short[sources] * long[targets]]
