import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.errors import ScoreError
from ecosystem_graph.lists.results.ranked_lists import RankedLists


@given(
    k=st.integers(1, 5),
    pairs=st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 9)),
        st.sampled_from([-1.0, 0.0, 0.5]),
        min_size=1,
    ),
)
def test_the_best_are_those_of_a_plain_sort(k, pairs):
    sources, targets = np.array(list(pairs)).T
    known = np.zeros(len(pairs), dtype=bool)
    best = RankedLists.best(sources, targets, np.array(list(pairs.values())), known, k=k)
    expected = []
    for source in sorted(set(sources.tolist())):
        own = [(-score, b) for (a, b), score in pairs.items() if a == source]
        expected += [
            (source, b, rank, -score) for rank, (score, b) in enumerate(sorted(own)[:k], 1)
        ]
    columns = (best.sources, best.targets, best.ranks, best.scores)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected


@st.composite
def lists(draw):
    """Lists of some partners for a few others."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sources, targets = np.nonzero(rng.random((5, 8)) < draw(st.floats(0.1, 1.0)))
    known = rng.random(len(sources)) < 0.5
    return RankedLists.best(sources, targets, rng.integers(-4, 4, len(sources)) / 2, known, k=8)


def rows_of(ranked):
    names = ("sources", "targets", "ranks", "scores", "known", "sort_key")
    return list(zip(*(getattr(ranked, name).tolist() for name in names), strict=True))


@given(lists(), st.integers(0, 2**32 - 1))
def test_another_order_moves_rows_and_flags_those_whose_rank_it_changed(ranked, seed):
    utility = np.random.default_rng(seed).integers(0, 4, len(ranked)).astype(float)
    other = ranked.reordered(utility, "moved")
    before = {(a, b): (rank, score, known) for a, b, rank, score, known, _ in rows_of(ranked)}
    utilities = {(a, b): w for a, b, w in zip(ranked.sources, ranked.targets, utility, strict=True)}
    expected = sorted(before, key=lambda pair: (pair[0], -utilities[pair], before[pair][0]))
    assert [row[:2] for row in rows_of(other)] == expected
    for (a, b, rank, *row), moved in zip(rows_of(other), other.moved["moved"], strict=True):
        assert (rank != before[a, b][0]) == moved
        assert row == [*before[a, b][1:], utilities[a, b]]


@given(lists(), st.integers(1, 3), st.integers(1, 3))
def test_parts_joined_are_the_whole(ranked, size, k):
    ranked = ranked.reordered(-ranked.scores, "moved")
    parts = ranked.parts(size)
    assert all(len(np.unique(part.sources)) <= size for part in parts)
    again = RankedLists.joined(parts[::-1])
    assert rows_of(again) == rows_of(ranked)
    np.testing.assert_array_equal(again.moved["moved"], ranked.moved["moved"])
    assert rows_of(ranked.head(k)) == [row for row in rows_of(ranked) if row[2] <= k]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_is_refused(wrong):
    pairs = np.array([0, 0]), np.array([1, 2]), np.array([0.5, wrong])
    with pytest.raises(ScoreError, match="1 of 2 pairs"):
        RankedLists.best(*pairs, known=np.zeros(2, dtype=bool), k=1)
