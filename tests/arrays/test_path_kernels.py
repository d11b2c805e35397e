"""Compiled walks of two steps against the dense product."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import presence
from ecosystem_graph.arrays.path_kernels import best_paths, best_paths_twice

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


@given(
    n_rows=st.integers(1, 9),
    n=st.integers(1, 7),
    n_between=st.integers(1, 5),
    k=lengths,
    data=st.data(),
)
def test_best_paths_are_the_largest_entries_of_the_product(n_rows, n, n_between, k, data):
    first, second = data.draw(arrays(n_rows, n_between)), data.draw(arrays(n_between, n))
    barred, open_to = data.draw(arrays(n_rows, n)), data.draw(hnp.arrays(bool, n))
    sources = data.draw(positions(n_rows))
    ours = best_paths(csr_array(first), csr_array(second), sources, csr_array(barred), open_to, k)
    scores = with_out_of_bounds((first @ second)[sources], sources, barred, open_to)
    assert ours.tolist() == [best(row, k) for row in scores]


@given(n=st.integers(1, 7), n_between=st.integers(1, 5), k=lengths, data=st.data())
def test_two_lists_from_one_walk_are_those_of_two(n, n_between, k, data):
    first, second = (
        csr_array(data.draw(arrays(*shape))) for shape in ((n, n_between), (n_between, n))
    )
    other = first.copy()
    other.data = data.draw(hnp.arrays(float, first.nnz, elements=values))
    barred, open_to = csr_array(data.draw(arrays(n, n))), data.draw(hnp.arrays(bool, n))
    bounds = data.draw(positions(n)), barred, open_to, k
    plain, strong = best_paths_twice(first, other.data, second, *bounds)
    assert plain.tolist() == best_paths(first, presence(second), *bounds).tolist()
    assert strong.tolist() == best_paths(other, second, *bounds).tolist()


def test_shapes_that_do_not_fit_are_refused():
    square, everybody = csr_array((3, 3)), np.ones(3, dtype=bool)
    rows = np.arange(3)
    for arguments in (
        (csr_array((3, 2)), square, rows, square, everybody),
        (csr_array((4, 3)), square, rows, square, everybody),
        (square, csr_array((3, 4)), rows, square, everybody),
        (square, square, rows, square, everybody[:2]),
    ):
        with pytest.raises(ValueError, match="must be equally many"):
            best_paths(*arguments, k=1)


def test_paths_too_weak_to_tell_from_nothing_are_none():
    faint = np.full((1, 2_000), 1e-200)
    nobody, everybody = csr_array((1, 2)), np.ones(2, dtype=bool)
    second = csr_array(np.column_stack([faint.T, faint.T]))
    ours = best_paths(csr_array(faint), second, np.array([0]), nobody, everybody, k=2)
    assert ours.tolist() == [[-1, -1]]
