import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import (
    label_ranking_average_precision_score,
    ndcg_score,
    precision_score,
    recall_score,
)

from ecosystem_graph.evaluation.metrics import (
    METRICS,
    catalogue_coverage,
    exposure_gini,
    hit_rate_at_k,
    hits,
    max_load,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)

# Two sources: one finds 2 of its 3 collaborators at ranks 1 and 3, one finds its only one nowhere.
RANKED = np.array([[4, 0, 2, -1], [1, 2, -1, -1]])
TRUTH = csr_array([[0, 1, 1, 0, 1], [1, 0, 0, 0, 0]])


@st.composite
def rankings(draw):
    """Full random rankings and random truth with no empty row: ranked, truth (dense), k."""
    n_sources, n_partners = draw(st.integers(1, 6)), draw(st.integers(2, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ranked = rng.permuted(np.tile(np.arange(n_partners), (n_sources, 1)), axis=1)
    truth = rng.random((n_sources, n_partners)) < draw(st.floats(0, 1))
    truth[np.arange(n_sources), rng.integers(0, n_partners, n_sources)] = True
    return ranked, truth, draw(st.integers(1, 15))


def test_hits_are_found_at_their_ranks_and_never_in_empty_places():
    expected = [[True, False, True, False], [False, False, False, False]]
    np.testing.assert_array_equal(hits(RANKED, TRUTH), expected)


def test_stored_zeros_and_repeated_entries_of_truth_count_for_what_they_are():
    truth = csr_array(([1.0, 1.0, 0.0], ([0, 0, 0], [1, 1, 2])), shape=(1, 3))
    assert hits(np.array([[2, 1]]), truth).tolist() == [[False, True]]
    assert recall_at_k(np.array([[2, 1]]), truth).tolist() == [1.0]


@pytest.mark.parametrize(
    ("metric", "k", "expected"),
    [
        (ndcg_at_k, 4, (1 + 1 / 2) / (1 + 1 / np.log2(3) + 1 / 2)),
        (ndcg_at_k, 2, 1 / (1 + 1 / np.log2(3))),
        (precision_at_k, 4, 2 / 4),
        (precision_at_k, 10, 2 / 10),
        (recall_at_k, 4, 2 / 3),
        (recall_at_k, 1, 1 / 3),
        (hit_rate_at_k, 1, 1.0),
        (reciprocal_rank, 4, 1.0),
    ],
)
def test_metrics_equal_their_hand_computed_values(metric, k, expected):
    np.testing.assert_allclose(metric(RANKED, TRUTH, k=k), [expected, 0.0])


def test_reciprocal_rank_ends_at_k():
    truth = csr_array([[0, 0, 1]])
    assert reciprocal_rank(np.array([[0, 1, 2]]), truth, k=3).tolist() == [1 / 3]
    assert reciprocal_rank(np.array([[0, 1, 2]]), truth, k=2).tolist() == [0.0]


@given(rankings())
def test_ndcg_agrees_with_scikit_learn(case):
    ranked, truth, k = case
    ours = ndcg_at_k(ranked, csr_array(truth), k=k)
    np.testing.assert_allclose(ours.mean(), ndcg_score(truth, -np.argsort(ranked), k=k))


@given(rankings())
def test_precision_and_recall_agree_with_scikit_learn(case):
    ranked, truth, k = case
    k = min(k, ranked.shape[1])
    listed = np.argsort(ranked) < k
    for metric, theirs in [(precision_at_k, precision_score), (recall_at_k, recall_score)]:
        ours = metric(ranked, csr_array(truth), k=k)
        np.testing.assert_allclose(ours.mean(), theirs(truth, listed, average="samples"))


@given(rankings())
def test_with_one_true_collaborator_mrr_is_the_average_precision_of_scikit_learn(case):
    ranked, truth, _ = case
    truth = np.arange(truth.shape[1]) == truth.argmax(axis=1)[:, np.newaxis]
    ours = reciprocal_rank(ranked, csr_array(truth), k=ranked.shape[1])
    theirs = label_ranking_average_precision_score(truth, -np.argsort(ranked))
    np.testing.assert_allclose(ours.mean(), theirs)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@given(case=rankings())
def test_a_metric_stays_in_its_range_and_the_reversed_perfect_list_scores_least(metric, case):
    ranked, truth, k = case
    best = np.argsort(~truth, axis=1, kind="stable")
    sparse = csr_array(truth)
    value, top, bottom = (metric(r, sparse, k=k) for r in (ranked, best, best[:, ::-1]))
    assert ((value >= 0) & (value <= 1)).all()
    assert (bottom <= value + 1e-12).all()
    assert (value <= top + 1e-12).all()


@given(rankings())
def test_a_perfect_ranker_scores_1(case):
    _, truth, k = case
    best, sparse = np.argsort(~truth, axis=1, kind="stable"), csr_array(truth)
    for metric in (ndcg_at_k, hit_rate_at_k, reciprocal_rank):
        np.testing.assert_array_equal(metric(best, sparse, k=k), 1.0)
    np.testing.assert_array_equal(recall_at_k(best, sparse, k=truth.shape[1]), 1.0)
    np.testing.assert_array_equal(precision_at_k(best, sparse, k=1), 1.0)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@given(case=rankings(), seed=st.integers(0, 2**32 - 1))
def test_relabelling_partners_changes_nothing(metric, case, seed):
    ranked, truth, k = case
    label = np.random.default_rng(seed).permutation(truth.shape[1])
    relabelled = np.empty_like(truth)
    relabelled[:, label] = truth
    before = metric(ranked, csr_array(truth), k=k)
    after = metric(label[ranked], csr_array(relabelled), k=k)
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_source_without_truth_is_the_callers_mistake(metric):
    with pytest.raises(ValueError, match="Got 1 empty rows"):
        metric(np.array([[0], [1]]), csr_array([[1, 0], [0, 0]]))


@pytest.mark.parametrize(
    ("ranked", "message"),
    [
        ([[0, 1]], "must have 2 rows"),
        ([[0, 5], [0, 1]], "below 5, or -1. Got 0 to 5"),
        ([[0, 1], [3, 3]], "twice in one row"),
    ],
)
def test_lists_that_do_not_fit_the_truth_are_refused(ranked, message):
    with pytest.raises(ValueError, match=message):
        hits(np.array(ranked), TRUTH)


def test_k_below_1_is_refused():
    with pytest.raises(ValueError, match="k must be at least 1"):
        ndcg_at_k(RANKED, TRUTH, k=0)


@given(n=st.integers(1, 50))
def test_gini_is_0_when_all_appear_equally_and_largest_when_one_takes_all(n):
    assert exposure_gini(np.arange(n).reshape(1, n), n) == 0.0
    np.testing.assert_allclose(exposure_gini(np.full((7, 1), n - 1), n), (n - 1) / n)


@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=20).filter(any))
def test_gini_is_half_the_relative_mean_difference(counts):
    ranked = np.repeat(np.arange(len(counts)), counts)[:, np.newaxis]
    difference = np.abs(np.subtract.outer(counts, counts)).mean()
    expected = difference / (2 * np.mean(counts))
    np.testing.assert_allclose(exposure_gini(ranked, len(counts)), expected, atol=1e-12)


def test_empty_lists_expose_nobody():
    ranked = np.full((3, 2), -1)
    assert exposure_gini(ranked, 5) == catalogue_coverage(ranked, 5) == max_load(ranked, 5) == 0


def test_coverage_and_load_count_partners_and_not_empty_places():
    assert catalogue_coverage(RANKED, 5) == 4 / 5
    assert max_load(RANKED, 5) == 2


def test_fewer_partners_than_positions_is_refused():
    with pytest.raises(ValueError, match="n_partners must exceed every position"):
        catalogue_coverage(RANKED, 4)
