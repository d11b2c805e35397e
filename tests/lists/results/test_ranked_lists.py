import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.errors import ScoreError
from ecosystem_graph.lists.results.ranked_lists import RankedLists, of_one_score


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


def three_lists():
    """Lists of partners 2, 4 and 7, of three, one and two rows."""
    return RankedLists(
        np.array([2, 2, 2, 4, 7, 7]),
        np.array([5, 0, 9, 1, 3, 8]),
        np.array([1, 2, 3, 1, 1, 2], dtype=np.int32),
        np.array([3.0, 2.0, 2.0, 0.5, 1.0, -1.0]),
        np.array([True, False, True, False, False, True]),
    )


def test_the_best_of_pairs_in_any_order_keep_what_is_known_of_each():
    ranked = RankedLists.best(
        np.array([7, 2, 7, 2, 2]),
        np.array([1, 4, 0, 3, 5]),
        np.array([1.0, -1.0, 2.0, 0.5, 0.5]),
        np.array([True, True, False, False, True]),
        k=2,
    )
    assert rows_of(ranked) == [
        (2, 3, 1, 0.5, False, 0.5),
        (2, 5, 2, 0.5, True, 0.5),
        (7, 0, 1, 2.0, False, 2.0),
        (7, 1, 2, 1.0, True, 1.0),
    ]


@pytest.mark.parametrize(
    ("size", "sources"), [(1, [[2, 2, 2], [4], [7, 7]]), (2, [[2, 2, 2, 4], [7, 7]])]
)
def test_parts_hold_so_many_lists_each(size, sources):
    assert [part.sources.tolist() for part in three_lists().parts(size)] == sources
    assert [part.ranks.tolist() for part in three_lists().parts(1)] == [[1, 2, 3], [1], [1, 2]]
    assert [len(part) for part in three_lists().parts(3)] == [6]


def test_nothing_is_one_part_of_no_rows():
    assert [len(part) for part in RankedLists.empty().parts()] == [0]
    assert rows_of(RankedLists.joined([])) == []


def test_of_many_lists_256_are_a_part():
    n = np.arange(600)
    one = RankedLists(n, n + 1, np.ones(600, dtype=np.int32), -n.astype(float), n > 9)
    assert [len(part) for part in one.parts()] == [256, 256, 88]


def test_some_rows_are_numbered_anew_and_the_head_keeps_its_ranks():
    chosen = three_lists().chosen(np.array([1, 2, 5]))
    assert rows_of(chosen) == [
        (2, 0, 1, 2.0, False, 2.0),
        (2, 9, 2, 2.0, True, 2.0),
        (7, 8, 1, -1.0, True, -1.0),
    ]
    assert three_lists().head(1).targets.tolist() == [5, 1, 3]
    assert three_lists().head(2).targets.tolist() == [5, 0, 1, 3, 8]


def test_each_step_that_moves_rows_keeps_the_flags_of_the_one_before():
    first = three_lists().reordered(np.array([1.0, 1.0, 2.0, 0.0, 0.0, 0.0]), "first")
    assert first.targets.tolist() == [9, 5, 0, 1, 3, 8]
    second = first.reordered(np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0]), "second")
    assert second.targets.tolist() == [9, 5, 0, 1, 8, 3]
    assert second.moved["first"].tolist() == [True, True, True, False, False, False]
    assert second.moved["second"].tolist() == [False, False, False, False, True, True]
    assert second.sort_key.tolist() == [0.0, 0.0, 0.0, 0.0, 2.0, 1.0]
    assert second.scores.tolist() == [2.0, 3.0, 2.0, 0.5, -1.0, 1.0]


def test_those_above_which_some_were_full_are_flagged():
    missing, best = np.array([0, 2, 2, 0, 1, 1]), np.array([-1, 6, 6, -1, 0, 0])
    lists = three_lists().with_full(missing, best, "capacity")
    assert lists.moved["capacity"].tolist() == [False, True, True, False, True, True]
    some = lists.chosen(lists.sources != 4)
    assert [side.tolist() for side in some.full] == [[0, 2, 2, 1, 1], [-1, 6, 6, 0, 0]]


def test_parts_joined_keep_what_was_full_only_where_all_know_it():
    lists = three_lists()
    full = lists.with_full(np.arange(6), np.arange(6) + 10, "capacity")
    first, last = full.chosen(full.sources < 4), full.chosen(full.sources >= 4)
    again = RankedLists.joined([last, first])
    assert [side.tolist() for side in again.full] == [list(range(6)), list(range(10, 16))]
    assert again.moved["capacity"].tolist() == full.moved["capacity"].tolist()
    plain = lists.chosen(lists.sources < 4)
    assert RankedLists.joined([plain, last]).full is None


def test_a_part_that_was_not_reordered_is_in_the_order_of_its_scores():
    lists = three_lists()
    moved = lists.chosen(lists.sources > 2).reordered(np.array([7.0, 8.0, 9.0]), "moved")
    joined = RankedLists.joined(
        [moved, lists.chosen(lists.sources == 2).reordered(np.array([3.0, 2.0, 2.0]), "moved")]
    )
    assert joined.utility.tolist() == [3.0, 2.0, 2.0, 7.0, 9.0, 8.0]
    half = RankedLists.joined([lists.chosen(lists.sources == 2), moved])
    assert half.utility.tolist() == [3.0, 2.0, 2.0, 7.0, 9.0, 8.0]
    assert RankedLists.joined([lists.head(1), lists.head(0)]).utility is None


def test_lists_of_one_score_are_those_of_several_equal_rows():
    assert three_lists().of_one_score == 0
    sources = np.array([1, 1, 3, 3, 3, 5, 8, 8])
    scores = np.array([2.0, 2.0, 0.0, 0.0, 1.0, 4.0, -1.0, -1.0])
    assert of_one_score(sources, scores) == 2
    assert of_one_score(sources[:0], scores[:0]) == 0


@given(seed=st.integers(0, 2**32 - 1), known=st.booleans())
def test_further_candidates_give_the_lists_of_all_candidates(seed, known):
    rng = np.random.default_rng(seed)
    sources, targets = np.nonzero(rng.random((4, 9)) < 0.7)
    scores = rng.integers(-3, 3, len(sources)) / 2
    pairs = sources, targets, scores, np.full(len(sources), known)
    everything = RankedLists.best(*pairs, k=9)
    some, more = (rng.random(len(sources)) < share for share in (0.5, 0.7))
    lists = RankedLists.best(*(column[some] for column in pairs), k=9)
    longer = lists.with_candidates([tuple(column[more] for column in pairs)])
    both = some | more
    expected = RankedLists.best(*(column[both] for column in pairs), k=9)
    for name in ("sources", "targets", "ranks", "scores", "known"):
        np.testing.assert_array_equal(getattr(longer, name), getattr(expected, name))
    whole = lists.with_candidates([pairs])
    np.testing.assert_array_equal(whole.targets, everything.targets)
