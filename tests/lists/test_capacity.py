import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.graph import Ledger
from ecosystem_graph.lists import capacity as capacities
from ecosystem_graph.lists.capacity import BY_CAPACITY, Room, within_capacity
from ecosystem_graph.lists.results.ranked_lists import RankedLists

N = 12


@st.composite
def candidates(draw):
    """All candidates of a few partners, and what each of them can take."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    mask = rng.random((draw(st.integers(1, 6)), N)) < draw(st.floats(0.2, 1.0))
    sources, targets = np.nonzero(mask)
    scores = rng.integers(-6, 2, len(sources)) / 2
    everybody = RankedLists.best(sources, targets, scores, np.zeros(len(sources), bool), k=N)
    return everybody, rng.integers(0, draw(st.integers(1, 7)), N)


class Sought:
    """Adds all candidates that are open to short lists, and remembers what it was asked."""

    def __init__(self, everybody):
        self.everybody, self.turns, self.offered = everybody, [], set()

    def __call__(self, lists, open_to, n_turns):
        self.turns.append((np.unique(lists.sources), open_to.copy(), n_turns))
        everybody = self.everybody
        rows = np.isin(everybody.sources, lists.sources) & open_to[everybody.targets]
        found = everybody.chosen(rows)
        longer = lists.with_candidates([(found.sources, found.targets, found.scores, found.known)])
        self.offered |= pairs_of(longer)
        return longer


def pairs_of(lists):
    return set(zip(lists.sources.tolist(), lists.targets.tolist(), strict=True))


@settings(max_examples=100)
@given(candidates(), st.integers(1, 4), st.integers(1, 3))
def test_no_partner_exceeds_its_capacity_and_no_slot_is_empty_that_could_be_filled(drawn, k, depth):
    (everybody, capacity), pool = drawn, drawn[0].head(k * depth)
    sought = Sought(everybody)
    lists = within_capacity(pool, capacity, k, sought).lists
    load = np.bincount(lists.targets, minlength=N)
    length = np.bincount(lists.sources, minlength=N)
    assert (load <= capacity).all()
    assert (length <= k).all()
    listed = pairs_of(lists)
    for a, b in pairs_of(pool) | sought.offered:
        assert (a, b) in listed or length[a] == k or load[b] == capacity[b]


@settings(max_examples=50)
@given(candidates(), st.integers(1, 4))
def test_capacities_that_no_partner_reaches_do_not_change_the_lists(drawn, k):
    everybody, _ = drawn
    plenty = np.full(N, 1_000)
    made = within_capacity(everybody.head(3 * k), plenty, k, Sought(everybody))
    for name in ("sources", "targets", "ranks", "scores"):
        np.testing.assert_array_equal(getattr(made.lists, name), getattr(everybody.head(k), name))
    assert not made.lists.moved[BY_CAPACITY].any()
    assert (made.places_lost, made.left_short, made.n_full(plenty)) == (0, 0, 0)


@settings(max_examples=50)
@given(candidates(), st.integers(1, 4))
def test_each_list_stays_in_order_and_counts_the_full_candidates(drawn, k):
    (everybody, capacity), pool = drawn, drawn[0].head(2 * k)
    sought = Sought(everybody)
    lists = within_capacity(pool, capacity, k, sought).lists
    missing, best = lists.full
    for source in np.unique(lists.sources):
        seen = pairs_of(pool) | sought.offered
        own = everybody.targets[everybody.sources == source].tolist()
        own = [target for target in own if (source, target) in seen]
        here = np.flatnonzero(lists.sources == source)
        places = [own.index(target) for target in lists.targets[here]]
        assert places == sorted(places)
        assert lists.ranks[here].tolist() == list(range(1, len(here) + 1))
        for rank, (row, place) in enumerate(zip(here, places, strict=True)):
            left_out = [b for b in own[:place] if b not in lists.targets[here]]
            assert missing[row] == place - rank == len(left_out)
            assert best[row] == (left_out[0] if left_out else -1)
            assert lists.moved[BY_CAPACITY][row] == bool(left_out)


def test_a_slot_goes_to_the_pair_that_is_likelier_to_win():
    sources, targets = np.array([0, 0, 1, 1]), np.array([5, 6, 5, 6])
    pool = RankedLists.best(sources, targets, np.array([0.0, -1.0, -2.0, -2.5]), sources > 9, k=2)
    made = within_capacity(pool, np.ones(N, dtype=np.int64), 1, Sought(pool))
    assert made.lists.targets.tolist() == [5, 6]
    assert made.lists.full[0].tolist() == [0, 1]
    assert made.lists.full[1].tolist() == [-1, 5]
    assert (made.places_lost, made.left_short) == (1, 0)


def test_a_list_that_its_pool_does_not_fill_gets_further_candidates():
    sources, targets = np.array([0, 1, 1]), np.array([5, 5, 6])
    everybody = RankedLists.best(sources, targets, np.array([0.0, -1.0, -2.0]), sources > 9, k=2)
    made = within_capacity(everybody.head(1), np.ones(N, dtype=np.int64), 1, Sought(everybody))
    assert list(zip(made.lists.sources, made.lists.targets, strict=True)) == [(0, 5), (1, 6)]


@settings(max_examples=50)
@given(candidates(), st.integers(1, 4))
def test_lists_that_the_pool_fills_are_final_and_as_many_as_before_get_one(drawn, k):
    (everybody, capacity), pool = drawn, drawn[0].head(k)
    alone = within_capacity(pool, capacity, k, lambda lists, *_: lists).lists
    sought = Sought(everybody)
    made = within_capacity(pool, capacity, k, sought).lists
    length = np.bincount(alone.sources, minlength=N)
    full = np.flatnonzero(length == k)
    assert {pair for pair in pairs_of(made) if pair[0] in full} == {
        pair for pair in pairs_of(alone) if pair[0] in full
    }
    asked = [source for sources, _, _ in sought.turns for source in sources.tolist()]
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(pool.sources.tolist()) - set(full.tolist())
    assert len(np.unique(made.sources)) >= len(np.unique(alone.sources))


def test_the_emptiest_lists_look_first_and_later_turns_where_places_are_not_yet_claimed(
    monkeypatch,
):
    monkeypatch.setattr(capacities, "_LEAST", 1)
    # 1 gets 5 and 2 gets 6, so that 0 has nobody; 2 has the best pair.
    sources, targets = np.array([0, 1, 2, 2]), np.array([5, 5, 5, 6])
    scores = np.array([-3.0, -2.0, 0.0, 1.0])
    pool = RankedLists.best(sources, targets, scores, sources > 9, k=3)
    further = np.repeat([0, 1, 2], 4), np.tile([7, 8, 9, 10], 3)
    worth = np.tile([-4.0, -5.0, -6.0, -7.0], 3)
    everybody = RankedLists.best(*further, worth, np.zeros(12, dtype=bool), k=9)
    capacity = np.isin(np.arange(N), np.arange(5, 11)).astype(np.int64)
    sought = Sought(everybody)
    made = within_capacity(pool, capacity, 3, sought)
    assert [asked.tolist() for asked, _, _ in sought.turns] == [[0], [2]]
    assert {n_turns for _, _, n_turns in sought.turns} == {3}
    # The first list claims three of four places and the second one the last.
    open_to = [np.flatnonzero(mask[7:11]).tolist() for _, mask, _ in sought.turns]
    assert open_to == [[0, 1, 2, 3], [3]]
    assert (np.bincount(made.lists.targets, minlength=N)[5:11] == 1).all()  # all are allocated
    assert np.bincount(made.lists.sources).min() >= 1


def test_a_list_that_is_shorter_for_it_is_counted():
    sources, targets = np.array([0, 1]), np.array([5, 5])
    pool = RankedLists.best(sources, targets, np.array([0.0, -1.0]), sources > 9, k=1)
    made = within_capacity(pool, np.ones(N, dtype=np.int64), 1, Sought(pool))
    assert (made.left_short, made.places_lost, made.n_full(np.ones(N))) == (1, 1, 1)


@pytest.mark.parametrize(
    ("stated", "option", "expected"),
    [
        ({}, None, None),
        ({}, 3, [3, 3, 3]),
        ({"ann": 5, "bob": 2}, None, [5, 2, 3]),
        ({"ann": 5}, None, [5, 5, 5]),
        ({"ann": 0, "bob": 0}, None, [0, 0, 3]),
        ({"ann": 0, "bob": 1}, None, [0, 1, 1]),
        ({"ann": 5, "bob": 0}, 2, [5, 0, 2]),
    ],
)
def test_a_partner_without_a_stated_capacity_has_the_requested_or_the_median_one(
    make_graph, stated, option, expected
):
    graph = make_graph(
        partners={who: {"intro_capacity": stated.get(who)} for who in ("ann", "bob", "cy")}
    )
    room = Room.of(graph, Ledger.from_graph(graph), option)
    assert (None if room is None else room.left.tolist()) == expected


def test_capacities_and_what_is_taken_of_them_are_summed_up(make_graph):
    """Ann takes two and has three under way, bob one of one, cy none; ten more state nothing."""
    graph = make_graph(
        partners={
            "ann": {"intro_capacity": 2},
            "bob": {"intro_capacity": 1},
            "cy": {"intro_capacity": 0},
            **{f"x{n:02}": {} for n in range(12)},
        },
        introductions=[
            {"partner_id": "ann", "collaborator_id": other, "introduced_on": "2024-12-20"}
            for other in ("bob", "x00", "x01")
        ],
    )
    room = Room.of(graph, Ledger.from_graph(graph))
    assert room.taken.tolist() == [3, 1, 0, 1, 1, *[0] * 10]
    assert room.capacity.tolist() == [2, 1, 0, *[1] * 12]
    assert room.left.tolist() == [0, 0, 0, 0, 0, *[1] * 10]
    assert room.summary(graph) == {
        "capacity_from_table": 3,
        "capacity_of_others": 1,
        "capacity_of_others_is": "median of those stated",
        "others": {"partners": 12, "first": [f"x{n:02}" for n in range(10)]},
        "places_taken_by_introductions_under_way": 2 + 1 + 1 + 1,
        "partners_full_before": 4,
    }
    asked = Room.of(graph, Ledger.from_graph(graph), 5).summary(graph)
    assert (asked["capacity_of_others"], asked["capacity_of_others_is"]) == (5, "asked for")
    assert asked["partners_full_before"] == 2


def test_what_capacities_cost_is_counted_list_by_list():
    """Three ask for 5, which takes one; of 6 and 7 two are left for the others."""
    sources = np.array([0, 0, 1, 1, 2, 2])
    targets = np.array([5, 6, 5, 7, 5, 6])
    scores = np.array([3.0, 0.0, 2.0, 1.0, 0.0, -1.0])
    pool = RankedLists.best(sources, targets, scores, sources > 9, k=2)
    capacity = np.ones(N, dtype=np.int64)
    one = within_capacity(pool, capacity, 1, Sought(pool))
    assert list(zip(one.lists.sources, one.lists.targets, strict=True)) == [(0, 5), (1, 7), (2, 6)]
    assert (one.places_lost, one.left_short, one.n_full(capacity)) == (2, 0, 3)
    assert one.lists.full[0].tolist() == [0, 1, 1]
    assert one.lists.full[1].tolist() == [-1, 5, 5]
    two = within_capacity(pool, capacity, 2, Sought(pool))
    assert len(two.lists) == 3
    assert two.left_short == 3
    assert two.plain.ranks.tolist() == [1, 2, 1, 2, 1, 2]
