"""The ledger of introductions decides who may be proposed anew, and whose places are taken."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.graph import Ledger

AS_OF = date(2025, 1, 1)
PARTNERS = ["ann", "bob", "cy", "di", "ed"]


def introduced(a, b, status, *, on="2024-06-15", decided=None, **more):
    row = {"partner_id": a, "collaborator_id": b, "status": status, "introduced_on": on}
    return {**row, "decided_on": decided, **more}


def days_ago(days):
    return (AS_OF - timedelta(days=days)).isoformat()


def permitted(ledger, graph, **how):
    sources, targets = np.indices((graph.n_partners, graph.n_partners)).reshape(2, -1)
    permits = ledger.permits(sources, targets, **how)
    apart = zip(graph.index.ids[sources[~permits]], graph.index.ids[targets[~permits]], strict=True)
    return {f"{a} {b}" for a, b in apart}


@pytest.fixture
def ledger(make_graph):
    """Who may not be proposed, given introductions: ledger(rows) -> pairs both ways."""

    def ledger(rows, how=(), **others):
        graph = make_graph(partners=PARTNERS, introductions=rows, **others)
        return permitted(Ledger.from_graph(graph, **dict(how)), graph)

    return ledger


BOTH = {"ann bob", "bob ann"}


@pytest.mark.parametrize("status", ["proposed", "introduced", "accepted", "won"])
def test_two_that_were_introduced_are_not_proposed_anew_either_way(ledger, status):
    decided = None if status in ("proposed", "introduced") else "2024-07-01"
    assert ledger([introduced("ann", "bob", status, decided=decided)]) == BOTH


def test_an_introduction_of_long_ago_that_nobody_decided_is_still_under_way(ledger):
    assert ledger([introduced("ann", "bob", "introduced", on="2019-01-01")]) == BOTH


@pytest.mark.parametrize("status", ["accepted", "won"])
def test_once_two_have_won_together_they_are_known_and_no_longer_under_way(ledger, status):
    rows = [introduced("ann", "bob", status, on="2024-01-15", decided="2024-06-01")]
    assert ledger(rows, wins=["ann bob"]) == set()


@pytest.mark.parametrize("status", ["declined", "lost"])
@pytest.mark.parametrize(
    ("days", "rest_days", "out"),
    [(1, 365, True), (364, 365, True), (365, 365, False), (30, 30, False), (1, 0, False)],
)
def test_two_that_declined_or_lost_rest_so_many_days(ledger, status, days, rest_days, out):
    rows = [introduced("bob", "ann", status, on="2023-01-01", decided=days_ago(days))]
    assert ledger(rows, {"rest_days": rest_days}) == (BOTH if out else set())


@pytest.mark.parametrize(
    ("status", "flag"), [("declined", "declined_before"), ("lost", "lost_before")]
)
def test_who_comes_back_is_flagged(make_graph, status, flag):
    rows = [introduced("ann", "bob", status, on="2020-01-01", decided="2020-02-01")]
    graph = make_graph(partners=PARTNERS, introductions=rows)
    flags = Ledger.from_graph(graph).flags(np.array([0, 1, 0]), np.array([1, 0, 2]))
    assert flags.pop(flag).tolist() == [True, True, False]
    assert not any(raised.any() for raised in flags.values())


def test_a_pair_is_under_way_as_long_as_one_of_its_introductions_is(ledger):
    rows = [
        introduced("ann", "bob", "accepted", on="2022-01-01", decided="2022-02-01"),
        introduced("bob", "ann", "declined", on="2022-03-01", decided="2022-04-01"),
    ]
    assert ledger(rows) == BOTH


def test_an_introduction_that_is_made_or_decided_later_is_not_known_yet(ledger):
    assert ledger([introduced("ann", "bob", "introduced", on="2025-01-01")]) == set()
    later = [introduced("ann", "bob", "declined", on="2020-01-01", decided="2025-03-01")]
    assert ledger(later, {"rest_days": 0}) == BOTH


def test_who_won_after_an_introduction_may_be_proposed_with_known_collaborators(make_graph):
    rows = [introduced("ann", "bob", "won", decided="2024-07-01")]
    graph = make_graph(partners=PARTNERS, introductions=rows)
    assert permitted(Ledger.from_graph(graph), graph, include_known=True) == set()


def test_what_is_left_out_is_counted_by_pair_and_reason(make_graph):
    rows = [
        introduced("ann", "bob", "proposed"),
        introduced("bob", "ann", "introduced"),
        introduced("ann", "cy", "declined", decided="2024-07-01"),
        introduced("ann", "di", "won", decided="2024-07-01"),
        introduced("cy", "di", "declined", on="2020-01-01", decided="2020-07-01"),
    ]
    assert Ledger.from_graph(make_graph(introductions=rows)).left_out == {
        "pairs with an introduction under way": 1,
        "pairs introduced that won since": 1,
        "pairs resting after an introduction declined or lost": 1,
    }


def test_introductions_waiting_for_an_answer_take_a_place_of_both_sides(make_graph):
    rows = [
        introduced("ann", "bob", "introduced", on=days_ago(90)),
        introduced("bob", "ann", "proposed", on=days_ago(10)),
        introduced("cy", "ann", "proposed", on=days_ago(1)),
        introduced("ann", "di", "introduced", on=days_ago(91)),
        introduced("ann", "ed", "accepted", on=days_ago(20), decided=days_ago(10)),
    ]
    graph = make_graph(partners=PARTNERS, introductions=rows)
    assert Ledger.from_graph(graph).places_taken.tolist() == [2, 1, 1, 0, 0]
    assert Ledger.from_graph(graph, stale_days=91).places_taken.tolist() == [3, 1, 1, 1, 0]
    assert Ledger.from_graph(graph, stale_days=5).places_taken.tolist() == [1, 0, 1, 0, 0]


def test_why_says_which_introduction_and_when(make_graph):
    rows = [
        introduced("ann", "bob", "introduced", on="2024-12-20"),
        introduced("bob", "ann", "declined", on="2024-01-01", decided="2024-02-01"),
        introduced("ann", "cy", "won", decided="2024-07-01"),
    ]
    graph = make_graph(partners=PARTNERS, introductions=rows)
    ledger = Ledger.from_graph(graph)
    assert ledger.why_barred(graph, 1, 0) == [
        "an introduction of the two is under way (i-1, introduced on 2024-12-20)",
        "the two rest for 365 days after an introduction that was declined (i-2, on 2024-02-01)",
    ]
    assert ledger.why_barred(graph, 0, 2) == [
        "the two were introduced and won (i-3, won on 2024-07-01)"
    ]
    assert ledger.why_barred(graph, 3, 4) == []


@pytest.mark.parametrize("name", ["rest_days", "stale_days"])
def test_days_below_0_are_refused(make_graph, name):
    with pytest.raises(ValueError, match=f"{name} must be 0 or more. Got -1"):
        Ledger.from_graph(make_graph(partners="ann"), **{name: -1})


some_introduction = st.builds(
    lambda pair, status, on, decided: introduced(
        *pair,
        status,
        on=days_ago(on + decided),
        decided=None if status in ("proposed", "introduced") else days_ago(on),
    ),
    st.lists(st.sampled_from(PARTNERS), min_size=2, max_size=2, unique=True),
    st.sampled_from(["proposed", "introduced", "accepted", "declined", "won", "lost"]),
    st.integers(-30, 800),
    st.integers(0, 100),
)


@settings(max_examples=60)
@given(st.lists(some_introduction, max_size=12), st.integers(0, 500))
def test_why_is_told_of_exactly_those_that_are_barred_and_excluded(make_graph, rows, rest_days):
    graph = make_graph(partners=PARTNERS, introductions=rows, wins=["ann bob"])
    ledger = Ledger.from_graph(graph, rest_days)
    n = graph.n_partners
    a, b = np.indices((n, n)).reshape(2, -1)
    permits = ledger.permits(a, b)
    np.testing.assert_array_equal(permits, ledger.permits(b, a))
    np.testing.assert_array_equal(~permits, entries_at(ledger.excluded, a, b) > 0)
    for source, target, may in zip(a.tolist(), b.tolist(), permits.tolist(), strict=True):
        assert bool(ledger.why_barred(graph, source, target)) is not may
