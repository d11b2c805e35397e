import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.evaluation.baselines.full_ranking import rank_all


@given(
    n=st.integers(1, 12),
    k=st.integers(1, 15),
    block=st.integers(1, 5),
    density=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_rank_all_equals_a_plain_sort(n, k, block, density, seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(-2, 3, size=(n, n)).astype(float)  # few values, many ties
    table[rng.random((n, n)) < 0.1] = -np.inf
    excluded = rng.random((n, n)) < density
    eligible = rng.random(n) < 0.8
    sources = rng.permutation(n)
    untouched = table.copy()

    ranked = rank_all(lambda s: table[s], sources, csr_array(excluded), eligible, k, block=block)

    for source, row in zip(sources, ranked, strict=True):
        allowed = [
            v
            for v in range(n)
            if v != source
            and eligible[v]
            and not excluded[source, v]
            and table[source, v] > -np.inf
        ]
        expected = sorted(allowed, key=lambda v: (-table[source, v], v))[:k]
        assert row.tolist() == expected + [-1] * (k - len(expected))
    np.testing.assert_array_equal(table, untouched)


def test_rank_all_leaves_the_scores_it_was_given_alone():
    table = np.ones((2, 2))
    rank_all(lambda s: table, np.arange(2), csr_array((2, 2)), np.ones(2, bool), k=1)
    assert table.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_rank_all_ignores_stored_zeros_of_excluded():
    excluded = csr_array(([0.0], ([0], [1])), shape=(2, 2))
    ranked = rank_all(lambda s: np.ones((1, 2)), np.array([0]), excluded, np.ones(2, bool), k=1)
    assert ranked.tolist() == [[1]]


def test_rank_all_of_no_source_is_no_list():
    nobody = np.array([], dtype=np.intp)
    ranked = rank_all(lambda s: np.ones((0, 3)), nobody, csr_array((3, 3)), np.ones(3, bool), k=2)
    assert ranked.shape == (0, 2)


def test_rank_all_refuses_an_impossible_length_and_a_score_that_is_no_number():
    arguments = np.arange(2), csr_array((2, 2)), np.ones(2, bool)
    with pytest.raises(ValueError, match="Got 0 and 256"):
        rank_all(lambda s: np.ones((2, 2)), *arguments, k=0)
    with pytest.raises(ValueError, match="Got NaN"):
        rank_all(lambda s: np.full((2, 2), np.nan), *arguments, k=1)
