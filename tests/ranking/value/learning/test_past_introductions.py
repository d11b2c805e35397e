"""Introductions that were decided, each by what was known before it."""

from datetime import date

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.ranking.value.accepting import TERMS, acceptance_terms
from ecosystem_graph.ranking.value.learning.past_introductions import (
    decided_introductions,
    past_introductions,
)
from ecosystem_graph.ranking.value.learning.snapshots import Snapshot
from ecosystem_graph.signals import GraphFeatures

DAY = date(2025, 1, 1)
ROWS = [
    ("ann", "bob", "2024-09-01", "2024-10-01", "accepted"),
    ("cy", "ann", "2024-02-01", "2024-12-31", "declined"),
    ("ann", "cy", "2024-03-01", "2024-04-01", "won"),
    ("bob", "cy", "2024-03-01", "2024-05-01", "lost"),
    ("ann", "cy", "2024-11-01", None, "introduced"),
    ("bob", "ann", "2024-11-01", None, "proposed"),
    ("cy", "bob", "2024-12-01", "2025-01-01", "accepted"),
    ("cy", "bob", "2022-01-01", "2022-02-01", "declined"),
    ("cy", "dee", "2024-03-01", "2024-04-01", "accepted"),
]


@pytest.fixture(scope="module")
def tables(make_tables):
    return make_tables(
        wins={"d": "ann bob", "later": "dee cy"},
        partners={
            "dee": {"joined_on": "2024-08-01"},
            "ann": {"country": "DE"},
            "cy": {"country": "DE"},
        },
        deals={"d": {"closed_on": "2023-05-01"}, "later": {"closed_on": "2024-09-01"}},
        introductions=[
            {
                "partner_id": a,
                "collaborator_id": b,
                "introduced_on": made,
                "decided_on": decided,
                "status": status,
            }
            for a, b, made, decided, status in ROWS
        ],
    )


def test_decided_are_those_accepted_or_declined_before_the_day(tables):
    decided = decided_introductions(tables, DAY)
    assert decided["introduction_id"].to_list() == ["i-1", "i-2", "i-3", "i-4", "i-8", "i-9"]
    assert decided["accepted"].to_list() == [True, False, True, True, False, True]


def test_each_is_told_by_the_snapshot_it_was_made_in(tables):
    days = date(2024, 1, 1), date(2024, 7, 1), DAY
    seen = [
        Snapshot(GraphFeatures(EcosystemGraph.from_tables(tables, since)), since, until)
        for since, until in ((days[1], days[2]), (days[0], days[1]))
    ]
    x, accepted, introduced = past_introductions(decided_introductions(tables, DAY), seen)
    # The later snapshot first, each by position of the partner: i-1; then i-3, i-4, i-2. Before
    # 2024 there is no snapshot of i-8, and dee of i-9 was not there yet.
    assert accepted.tolist() == [True, True, True, False]
    assert introduced.tolist() == [0, 0, 1, 2]
    late, early = (one.features for one in seen)
    index = early.graph.index
    expected = [
        acceptance_terms(late, *(late.graph.index.positions([who]) for who in ("ann", "bob"))),
        acceptance_terms(
            early, index.positions(["ann", "bob", "cy"]), index.positions(["cy", "cy", "ann"])
        ),
    ]
    np.testing.assert_array_equal(x, np.vstack(expected))


def test_without_a_snapshot_there_is_nothing(tables):
    x, accepted, introduced = past_introductions(decided_introductions(tables, DAY), [])
    assert x.shape == (0, len(TERMS))
    assert len(accepted) == len(introduced) == 0


def test_one_made_on_the_day_between_two_snapshots_is_told_by_the_later_alone(make_tables):
    between = date(2024, 7, 1)
    tables = make_tables(
        wins=["ann bob"],
        deals={"d-1": {"closed_on": "2023-01-01"}},
        introductions=[
            {"partner_id": "ann", "collaborator_id": "bob", "introduced_on": str(day)}
            | {"decided_on": "2024-08-01", "status": "declined"}
            for day in (date(2024, 6, 30), between)
        ],
    )
    decided = decided_introductions(tables, DAY)
    features = GraphFeatures(EcosystemGraph.from_tables(tables, date(2024, 1, 1)))
    later, before = Snapshot(features, between, DAY), Snapshot(features, date(2024, 1, 1), between)
    told = [len(past_introductions(decided, [one])[1]) for one in (later, before)]
    assert told == [1, 1]
